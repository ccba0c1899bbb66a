"""Rows that every act reads and writes, by statements that are put together once.

Django puts a statement together anew each time, which for a row with ten others joined to it takes longer than the
database takes to answer. What is read here is what `get()` reads, and what is written is what `save()` writes; where a
row is out of the ordinary (it moves through stages, its fields are not all loaded, values are expressions) it is saved
by Django.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators

from core.columns import draw_keys, insert
from core.composed import Composed

populators: Any = get_related_populators  # Django's own, which its stubs know of a later version
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class _Made:
    """A read put together for one connection: its statement, and how a row of the answer becomes an instance."""

    sql: str
    compiler: Any
    converters: Any
    names: list[str]
    own: slice
    joined: list[Any]
    asked: dict[str, int]  # what is reckoned beside the columns, and where it stands in the row
    fixed: list[Any]  # values of the statement itself, before those it is asked with


class Read:
    """A read of one row and what is joined to it, named by the values of some columns, in their order."""

    def __init__(self, rows: Callable[[], models.QuerySet[Any]], *by: str) -> None:
        """Keep what is to be read, annotations among it; it is put together at its first use."""
        self._rows, self._by = rows, by

    def get(self, *values: int) -> Any:
        """Return the row as it is now; raises its model's DoesNotExist."""
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Read, _Made] = vars(connection).setdefault("reads_put_together", {})
        if (made := kept.get(self)) is None:
            made = kept[self] = self._put_together()
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [*made.fixed, *values])
            found = cursor.fetchone()
        if found is None:
            raise self._rows().model.DoesNotExist(values)
        (row,) = made.compiler.apply_converters([found], made.converters)
        instance = made.compiler.klass_info["model"].from_db(
            DEFAULT_DB_ALIAS, made.names, row[made.own]
        )
        for populator in made.joined:
            populator.populate(row, instance)
        for name, column in made.asked.items():
            setattr(instance, name, row[column])
        return instance

    def _put_together(self) -> _Made:
        wanted = self._rows().order_by()
        for name in self._by:
            wanted = wanted.filter(**{name: 0})
        compiler: Any = wanted.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        fixed, named = values[: -len(self._by)], values[-len(self._by) :]
        aside = len(compiler.annotation_col_map)
        if named != (0,) * len(self._by) or (fixed and not aside):
            message = f"a read that is put together once asks for {self._by} and nothing else"
            raise ValueError(message)
        place = compiler.klass_info["select_fields"]
        own = slice(place[0], place[-1] + 1)
        return _Made(
            sql=sql, compiler=compiler, own=own,
            converters=compiler.get_converters([column for column, *_rest in compiler.select]),
            names=[column.target.attname for column, *_rest in compiler.select[own]],
            joined=populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),
            asked=dict(compiler.annotation_col_map), fixed=list(fixed),
        )  # fmt: skip


class Facts:
    """Values that are asked together again and again: one statement, put together once, whatever it is asked with.

    `ask(*values)` returns the `values_list` that is wanted; it is called once, with a stand-in for each value.
    """

    def __init__(self, ask: Callable[..., Any], count: int) -> None:
        """Keep what is to be asked, with so many values, all of them keys."""
        self._ask, self._places = ask, [-(number + 1) * 1_000_003 for number in range(count)]

    def get(self, *values: int) -> tuple[Any, ...]:
        """Return the one row; LookupError where there is none."""
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Facts, Any] = vars(connection).setdefault("facts_put_together", {})
        if self not in kept:
            compiler = self._ask(*self._places).query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, standing = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_rest in compiler.select])
            kept[self] = (sql, standing, compiler, converters)
        sql, standing, compiler, converters = kept[self]
        said = dict(zip(self._places, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(sql, [said.get(value, value) for value in standing])
            if (found := cursor.fetchone()) is None:
                raise LookupError(values)
        (row,) = compiler.apply_converters([found], converters)
        return tuple(row)


@cache
def _insert(model: type[models.Model], vendor: str | None) -> tuple[str, list[Any]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks}) RETURNING id"  # noqa: S608 - names of our tables
    return sql, fields


@cache
def _update(model: type[models.Model], vendor: str | None) -> tuple[str, list[Any]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s", fields  # noqa: S608 - names of our tables


def _values(row: models.Model, fields: list[Any], *, new: bool) -> list[Any] | None:
    """Return what goes into the columns; None where the row is out of the ordinary."""
    if not _ordinary(type(row)) or row.get_deferred_fields():
        return None
    row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # noqa: SLF001 - as save() does
    connection = connections[DEFAULT_DB_ALIAS]
    values = [field.pre_save(row, new) for field in fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        return None
    return [_stored(field, value, connection) for field, value in zip(fields, values, strict=True)]


def _stored(field: Any, value: Any, connection: Any) -> Any:
    """Return a value as it goes into its column; a JSON object that knows its text is that text."""
    if type(value) is Composed:
        return value.text
    return field.get_db_prep_save(value, connection)


@cache
def _ordinary(model: Any) -> bool:
    """Whether a model saves as Django does: one that moves through stages guards its stage at every save."""
    plain: Any = models.Model
    own = model.save is not plain.save or model._do_update is not plain._do_update  # noqa: SLF001 - what save() calls
    return not own and not model._meta.parents


def write(row: Row) -> Row:
    """Write a row, new or known, with all its columns, as `save()` does; and return it."""
    new, connection = row.pk is None, connections[DEFAULT_DB_ALIAS]
    sql, fields = (_insert if new else _update)(type(row), connection.vendor)
    if (values := _values(row, fields, new=new)) is None:
        row.save()
        return row
    with connection.cursor() as cursor:
        cursor.execute(sql, values if new else [*values, row.pk])
        if new:
            (row.pk,) = cursor.fetchone()
        elif not cursor.rowcount:
            raise ObjectDoesNotExist(row.pk)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - it is in the database now
    return row


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
    found = [getattr(row, field.attname) for row in rows]
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
    plain = str if isinstance(field, TEXT) else None
    return [value if type(value) is plain else _stored(field, value, connection) for value in found]
