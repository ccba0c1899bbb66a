"""Many rows at once: read with what they refer to, and made before they are written.

Django makes an instance through signals and one descriptor for each column, which for a thousand rows with ten others
beside each takes longer than reading and deciding them. What is read here says what `filter()` and
`prefetch_related()` would say, and what is made is what `Model(...)` makes. A model that makes its instances in a way
of its own (it moves through stages) is read by Django.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage inside: a batch of bounded size, of whose many thousand rows none is any before its end.

    Python looks through all that is alive whenever a quarter more of it is, which took four tenths of a sweep.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True)
class _Shape:
    """What a new instance holds, and where each name that may be said of it belongs."""

    plain: dict[str, Any]
    called: list[tuple[str, Callable[[], Any]]]
    columns: frozenset[str]
    references: dict[str, str]


@cache
def _shape(model: type[models.Model]) -> _Shape:
    fields = model._meta.concrete_fields
    called = [f for f in fields if f.has_default() and callable(f.default)]
    return _Shape(
        plain={f.attname: f.get_default() for f in fields if f not in called},
        called=[(f.attname, f.default) for f in called],
        columns=frozenset(f.attname for f in fields),
        references={f.name: f.attname for f in fields if f.is_relation},
    )


def made(model: type[Row], **values: Any) -> Row:
    """Return a new row, not yet written, as `Model(...)` makes it; a name that is no column raises TypeError."""
    shape, row = _shape(model), model.__new__(model)
    held = row.__dict__
    held.update(shape.plain)
    for name, make in shape.called:
        if name not in values:
            held[name] = make()
    state = held["_state"] = ModelState()
    for name, value in values.items():
        if name in shape.references:
            held[shape.references[name]] = value.pk if value is not None else None
            state.fields_cache[name] = value
        elif name in shape.columns:
            held[name] = value
        else:
            raise TypeError(f"{model.__name__} has no {name}")
    return row


def _by_django(model: Any) -> bool:
    """Whether a model makes instances in a way of its own."""
    plain: Any = models.Model
    return (
        model.__init__ is not plain.__init__ or model.from_db.__func__ is not plain.from_db.__func__
    )


def rows_of(wanted: models.QuerySet[Row]) -> list[Row]:
    """Return the rows of a queryset that joins and annotates nothing; columns may be left out by `defer()`."""
    if _by_django(wanted.model):
        return list(wanted)
    compiler: Any = wanted.query.get_compiler(using=DEFAULT_DB_ALIAS)
    return _made(compiler, [row for portion in compiler.execute_sql() for row in portion])


def rows_by_key(model: type[Row], keys: Iterable[int]) -> list[Row]:
    """Return the rows of these keys, in no order; the statement is put together once, however many there are."""
    return rows_by(model, "pk", keys)


def rows_by(
    model: type[Row],
    name: str,
    keys: Iterable[int],
    *,
    unread: tuple[str, ...] = (),
    in_order: bool = False,
) -> list[Row]:
    """Return the rows that refer to these keys by a name, in no order or in that of their model.

    The statement is put together once, however many keys there are; columns that are `unread` wait until asked for.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    kept, which = vars(connection).setdefault("rows_by", {}), (model, name, unread, in_order)
    if (compiler := kept.get(which)) is None:
        rows = model._base_manager.filter(**{f"{name}__in": [0]}).defer(*unread)  # noqa: SLF001 - as a reference is read
        rows = rows if in_order else rows.order_by()
        compiler = kept[which] = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        of_array, of_json = "= ANY(%s::bigint[])", "IN (SELECT value FROM json_each(%s))"
        among = of_array if connection.vendor == "postgresql" else of_json
        compiler.by_key = compiler.as_sql()[0].replace("IN (%s)", among)
    text = ",".join(map(str, keys))
    with connection.cursor() as cursor:
        marks = "{%s}" if connection.vendor == "postgresql" else "[%s]"
        cursor.execute(compiler.by_key, [marks % text])
        return _made(compiler, cursor.fetchall())


def _made(compiler: Any, rows: list[Any]) -> list[Any]:
    """Return instances of what a read has found."""
    names, columns = _columns(compiler, rows)
    model, found = compiler.query.model, []
    if _by_django(model):
        return [
            model.from_db(DEFAULT_DB_ALIAS, names, values) for values in zip(*columns, strict=True)
        ]
    for values in zip(*columns, strict=True):
        row = model.__new__(model)
        held = row.__dict__
        held.update(zip(names, values, strict=True))
        state = held["_state"] = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        found.append(row)
    return found


def _columns(compiler: Any, rows: list[Any]) -> tuple[list[str], list[list[Any]]]:
    """Return what a read finds, by columns, as the fields give it; an instant that many rows say is turned once."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    read = [column for column, *_rest in compiler.select]
    for place, (turns, column) in compiler.get_converters(read).items() if rows else ():
        again = isinstance(column.target, models.DateTimeField)
        wanted = set(columns[place]) if again else columns[place]
        made = [_turned(value, turns, column, compiler.connection) for value in wanted]
        known = dict(zip(wanted, made, strict=True)) if again else {}
        columns[place] = [known[value] for value in columns[place]] if again else made
    return [column.target.attname for column in read], columns


def _turned(value: Any, turns: Any, column: Any, connection: Any) -> Any:
    for turn in turns:
        value = turn(value, column, connection)
    return value


def _cache(row: Any) -> Any:
    """Return where an instance holds the rows beside it."""
    return row._state.fields_cache  # noqa: SLF001 - where Django puts them


class Beside:
    """Rows with what they refer to, read once each: the same row is the same instance wherever it is met."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[tuple[type[models.Model], int], Any] = {}

    def put(self, rows: Iterable[Any], *paths: str) -> None:
        """Read what rows refer to by paths (`agenda__session`), a statement for each step, and put it beside them."""
        levels = {"": list(rows)}
        for path in paths:
            at, level = "", levels[""]
            for name in path.split("__"):  # what several paths go through is put once
                at = f"{at}__{name}"
                if at not in levels:
                    levels[at] = self._next(level, name)
                level = levels[at]

    def _next(self, rows: list[Any], name: str) -> list[Any]:
        if not rows:
            return []
        field = type(rows[0])._meta.get_field(name)
        model, column = field.related_model, field.attname
        keys = {key for row in rows if (key := row.__dict__[column]) is not None}
        if missing := [key for key in keys if (model, key) not in self._known]:
            for row in rows_by_key(model, missing):
                self._known[model, row.pk] = row
        beside = {key: self._known[model, key] for key in keys}
        for row in rows:
            _cache(row)[name] = beside.get(row.__dict__[column])
        return list(beside.values())


def put_all(rows: Iterable[Any], name: str) -> list[Any]:
    """Read the rows that refer to some others (`attempts`), in one statement, put them beside these; return them."""
    by_key = {row.pk: row for row in rows}
    if not by_key:
        return []
    relation: Any = type(next(iter(by_key.values())))._meta.get_field(name)
    back: Any = relation.field
    found: dict[int, list[Any]] = {key: [] for key in by_key}
    for row in (read := rows_by(relation.related_model, back.name, by_key, in_order=True)):
        key = row.__dict__[back.attname]
        _cache(row)[back.name] = by_key[key]
        found[key].append(row)
    for key, row in by_key.items():
        if relation.one_to_one:
            _cache(row)[relation.cache_name] = (found[key] or [None])[0]
        else:
            vars(row).setdefault("_prefetched_objects_cache", {})[name] = found[key]
    return read
