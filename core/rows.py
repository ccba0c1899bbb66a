"""Rows that every act reads and writes, by statements that are put together once.

Django puts a statement together anew each time, which for a row with ten others joined to it takes longer than the
database takes to answer. What is read here is what `get()` reads, and what is written is what `save()` writes; where a
row is out of the ordinary (it moves through stages, its fields are not all loaded, values are expressions) it is saved
by Django.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connections, models
from django_fsm import ConcurrentTransitionMixin

from accounts.asked import READ_WITH, Asked, stages_of
from core.columns import draw_keys, insert
from core.composed import Composed, Listed

Row = TypeVar("Row", bound=models.Model)

# What stands in its column as it does in the instance.
SAME: dict[type, Any] = {
    str: (models.CharField, models.TextField),
    int: (models.IntegerField, models.ForeignKey),
    bool: models.BooleanField,
}


class Read:
    """A read of one row and what is joined to it, named by the values of some columns, in their order."""

    def __init__(
        self, rows: Callable[[], models.QuerySet[Any]], *by: str, unread: Collection[str] = ()
    ) -> None:
        """Keep what is to be read, annotations among it; columns that are `unread` wait until somebody asks."""
        self._rows = rows

        def named(*values: int) -> models.QuerySet[Any]:
            return rows().order_by().filter(**dict(zip(by, values, strict=True)))

        self._asked = Asked(named, unread)

    def get(self, *values: int) -> Any:
        """Return the row as it is now; raises its model's DoesNotExist."""
        if not (found := self._asked(*values)):
            raise self._rows().model.DoesNotExist(values)
        return found[0]


class Facts:
    """Values that are asked together again and again: the one row of a `values_list`, asked with keys."""

    def __init__(self, ask: Callable[..., models.QuerySet[Any]]) -> None:
        """Keep what is to be asked."""
        self._asked = Asked(ask)

    def get(self, *values: int) -> tuple[Any, ...]:
        """Return the one row; LookupError where there is none."""
        if not (found := self._asked(*values)):
            raise LookupError(values)
        return tuple(found[0])


@cache
def _insert(model: type[models.Model], vendor: str | None, source: str = "") -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    said = f"SELECT {marks} FROM {source}" if source else f"VALUES ({marks})"  # noqa: S608 - names of ours
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {said} RETURNING id"


@cache
def _update(model: type[models.Model], vendor: str | None) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608 - names of our tables


@cache
def _change(
    model: type[models.Model], names: tuple[str, ...], vendor: str | None, source: str = ""
) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(f"{quote(name)} = %s" for name in names)
    stands = "".join(f" AND {table}.{quote(name)} = %s" for name in stages_of(model))
    said = f"UPDATE {table} SET {columns}" + f" FROM {source}" * bool(source)  # noqa: S608 - names of ours
    return f"{said} WHERE {table}.id = %s{stands}" + f" RETURNING {table}.id" * bool(source)


@cache
def _named(model: type[models.Model], names: tuple[str, ...]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _values(row: models.Model, *, new: bool) -> list[Any] | None:
    """Return what goes into the columns; None where the row is out of the ordinary."""
    if not _ordinary(type(row), new):
        return None
    held, plan = row.__dict__, _plan(type(row))
    if any(name not in held for name, *_rest in plan):
        return None
    _refer(row, type(row))
    connection = connections[DEFAULT_DB_ALIAS]
    values = []
    for name, field, stands, same in plan:
        value = held[name] if stands else field.pre_save(row, new)
        kind = type(value)
        if value is not None and kind is not same:
            if hasattr(value, "resolve_expression"):
                return None
            value = _stored(field, value, connection)
        values.append(value)
    return values


@cache
def _plan(model: type[models.Model]) -> list[tuple[str, Any, bool, type | None]]:
    """Return of each column its name, its field, whether what a row holds is saved, and what is stored as it stands."""
    return [
        (
            field.attname,
            field,
            _as_it_stands(field),
            next((kind for kind, columns in SAME.items() if isinstance(field, columns)), None),
        )
        for field in model._meta.local_concrete_fields
        if not field.primary_key
    ]


def _as_it_stands(field: Any) -> bool:
    if isinstance(field, models.DateField):
        return not (field.auto_now or field.auto_now_add)
    return type(field).pre_save is models.Field.pre_save


@cache
def _references(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _refer(row: Any, model: type[models.Model]) -> None:
    """Let a row refer to what was put into it, as save() does, where the two are not the same already."""
    beside, held = row._state.fields_cache, row.__dict__  # noqa: SLF001 - where Django puts them
    for field in _references(model):
        found = beside.get(field.cache_name)
        if found is not None and (found.pk is None or found.pk != held[field.attname]):
            row._prepare_related_fields_for_save(operation_name="save")  # noqa: SLF001 - as save() does
            return


def _stored(field: Any, value: Any, connection: Any) -> Any:
    """Return a value as it goes into its column; a JSON object that knows its text is that text."""
    kind = type(value)
    if kind in SAME and isinstance(field, SAME[kind]):
        return value
    if kind is datetime and isinstance(field, models.DateTimeField) and value.tzinfo is not None:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is Composed or kind is Listed:
        return value.text
    return field.get_db_prep_save(value, connection)


@cache
def _ordinary(model: Any, new: bool) -> bool:
    """Whether a model saves as Django does; one that moves through stages guards its stage after its first save."""
    plain: Any = models.Model
    if model.save is not plain.save and not (new and model.save is ConcurrentTransitionMixin.save):
        return False
    own = not new and model._do_update is not plain._do_update  # noqa: SLF001 - what save() calls
    return not own and not model._meta.parents


def write(row: Row) -> Row:
    """Write a row, new or known, with all its columns, as `save()` does; and return it."""
    new, connection = row.pk is None, connections[DEFAULT_DB_ALIAS]
    sql = (_insert if new else _update)(type(row), connection.vendor)
    if (values := _values(row, new=new)) is None:
        row.save()
        return row
    with connection.cursor() as cursor:
        cursor.execute(sql, values if new else [*values, row.pk])
        if new:
            return begun(row, cursor.fetchone()[0])
        if not cursor.rowcount:
            raise ObjectDoesNotExist(row.pk)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - it is in the database now
    return row


def begun(row: Row, key: int) -> Row:
    """Let a new row know that it is in the database, under which key; and return it."""
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - it is in the database now
    if stages := stages_of(type(row)):
        row.__dict__[READ_WITH] = {name: row.__dict__[name] for name in stages}
    return row


def insertion(row: models.Model, source: str) -> tuple[str, list[Any]] | None:
    """Return what writes a new row where `source` has a row, and its values; None where Django saves it."""
    if (values := _values(row, new=True)) is None:
        return None
    return _insert(type(row), connections[DEFAULT_DB_ALIAS].vendor, source), values


def change(row: models.Model, *names: str) -> None:
    """Write some columns of a row that is known, as `save(update_fields=…)` does: only where it stands as it was read.

    An index is written anew with each of its columns that is named (SQLite asks nobody whether it has changed), so
    naming the few that have changed writes half the pages.
    """
    sql, values = alteration(row, names)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        written = cursor.rowcount
    if not written:
        row.save(update_fields=names)  # says why it cannot be


def alteration(
    row: models.Model, names: tuple[str, ...], source: str = ""
) -> tuple[str, list[Any]]:
    """Return the statement of `change`, and its values; with a `source` it changes only where that has a row."""
    held, connection = row.__dict__, connections[DEFAULT_DB_ALIAS]
    values = [
        _stored(field, held[name], connection)
        for name, field in zip(names, _named(type(row), names), strict=True)
    ]
    stands = [held[READ_WITH][name] for name in stages_of(type(row))]
    return _change(type(row), names, connection.vendor, source), [*values, row.pk, *stands]


def write_all(rows: Sequence[models.Model], *, once: bool = False, keys: bool = False) -> None:
    """Write new rows, in their order, as `bulk_create` does, in few statements.

    With `once` a row that says again what is unique is left out. With `keys` each row learns its key.
    """
    if not rows:
        return
    model, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields = _fields(model)
    columns = [_column(field, rows, connection) for field in fields]
    if keys:
        drawn = draw_keys(model, len(rows))
        fields, columns = [model._meta.pk, *fields], [drawn, *columns]
    insert(model, fields, columns, once=once)
    if keys:
        _learn(rows, drawn)


def _learn(rows: Sequence[models.Model], keys: Sequence[int]) -> None:
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - it is in the database now


@cache
def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.primary_key]


AS_IT_IS = (models.BooleanField, models.IntegerField)
TEXT = (models.CharField, models.TextField)


def _column(field: Any, rows: Sequence[models.Model], connection: Any) -> list[Any]:
    """Return what goes into one column of all rows; what stands there as in the instance is taken whole."""
    name = field.attname
    found = [held[name] if name in (held := row.__dict__) else getattr(row, name) for row in rows]
    if isinstance(field, AS_IT_IS):
        return found
    if isinstance(field, models.ForeignKey):  # what it refers to may have been written since
        return [
            getattr(row, field.name).pk
            if key is None and field.is_cached(row) and getattr(row, field.name)
            else key
            for key, row in zip(found, rows, strict=True)
        ]
    if isinstance(field, models.DateTimeField):
        stored = {at: field.get_db_prep_save(at, connection) for at in set(found)}
        return [stored[at] for at in found]
    kinds = set(map(type, found))
    if isinstance(field, TEXT) and kinds <= {str, NoneType}:
        return found
    if isinstance(field, TEXT) and all(issubclass(kind, str) for kind in kinds):
        said = {value: _stored(field, value, connection) for value in set(found)}
        return [said[value] for value in found]
    nothing = _stored(field, [], connection) if isinstance(field, models.JSONField) else None
    return [
        nothing if v == [] else v if v is None else _stored(field, v, connection) for v in found
    ]
