"""Questions that every act asks, each put together once and asked with other values.

Django puts a statement together anew each time, which takes longer than the database takes to answer, and makes an
instance column by column. What is asked here is answered as the queryset would answer it: the statement is its own, put
together twice with stand-ins; where the two differ, a value goes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, update_wrapper
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.signals import post_init, pre_init
from django_fsm import ConcurrentTransitionMixin, FSMFieldMixin

populators: Any = get_related_populators  # Django's own, which its stubs know of a later version
MOST = 128  # keys in one question; more are asked by Django
FAMILIES = (20_011, 24_019)  # stand-ins for numbers, small enough for the smallest column
DAYS = (date(1901, 1, 1), date(1921, 1, 1))


class Asked:
    """A question to the database, as a decorator of the function that returns its queryset.

    Numbers, days, instants and lists of keys are asked with; what else is said (a text, a truth, several texts in a
    tuple) belongs to the statement, so there should be few of each. The answer is a list: of rows with what is joined
    to them, or of `values_list`.
    """

    def __init__(
        self, ask: Callable[..., models.QuerySet[Any]], unread: Collection[str] = ()
    ) -> None:
        """Keep what is to be asked; what is `unread`, of whatever is joined, is left as `defer()` leaves it."""
        self._ask, self._unread = ask, frozenset(unread)
        update_wrapper(self, ask)

    def __call__(self, *values: Any) -> list[Any]:
        """Return what the queryset would, as it is now."""
        plain: list[Any] = []
        shape = tuple(_part(value, plain) for value in values)
        if None in shape:  # nothing to look for, or too much
            return list(self._ask(*values))
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Any, _Made | None] = vars(connection).setdefault("questions_put_together", {})
        if (self, shape) not in kept:
            kept[self, shape] = _put_together(self._ask, self._unread, values, shape)
        if (made := kept[self, shape]) is None:
            return list(self._ask(*values))
        return made.answer(connection, plain)


def _part(value: Any, plain: list[Any]) -> Any:
    """Add a value to those that are asked with, and return what it makes of the statement; None where it makes none."""
    kind = type(value)
    if kind is int or isinstance(value, date):
        plain.append(value)
        return kind
    if kind is list:
        keys = value
        if not 0 < len(keys) <= MOST or not all(type(key) is int for key in keys):
            return None
        wide = (
            1 << (len(keys) - 1).bit_length()
        )  # so that there are few statements; a key said twice is one key
        plain += keys + keys[-1:] * (wide - len(keys))
        return list, wide
    return kind, value


def _stand_ins(
    values: tuple[Any, ...], shape: tuple[Any, ...], family: int
) -> tuple[Any, list[Any]]:
    """Return the arguments with a stand-in for each value, and the stand-ins in their order."""
    said: list[Any] = []

    def one(kind: Any) -> Any:
        number = len(said)
        day = DAYS[family] + timedelta(days=number)
        said.append(
            datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
            if issubclass(kind, datetime)
            else day
            if issubclass(kind, date)
            else FAMILIES[family] + number
        )
        return said[-1]

    arguments = []
    for value, part in zip(values, shape, strict=True):
        if not isinstance(part, tuple):
            arguments.append(one(part))
        elif part[0] is list:
            arguments.append([one(int) for _key in range(part[1])])
        else:
            arguments.append(value)
    return arguments, said


@dataclass(frozen=True)
class _Made:
    """A question put together for one connection, and how a row of the answer becomes what is answered."""

    sql: str
    places: list[int | None]  # which value goes where; None for what belongs to the statement
    fixed: list[Any]
    compiler: Any
    converters: Any
    make: Callable[[Any], Any]
    beside: tuple[Any, ...]  # what is read with statements of its own

    def answer(self, connection: Any, plain: list[Any]) -> list[Any]:
        """Ask with some values."""
        said = [_stored(value, connection) for value in plain]
        values = [
            known if place is None else said[place]
            for known, place in zip(self.fixed, self.places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            rows = cursor.fetchall()
        found = [self.make(self._converted(row, connection)) for row in rows]
        if self.beside:
            models.prefetch_related_objects(found, *self.beside)
        return found

    def _converted(self, row: Any, connection: Any) -> Any:
        """Return a row as Django reads it; nothing is made of nothing."""
        if not self.converters:
            return row
        read = list(row)
        for place, steps, column in self.converters:
            if (value := read[place]) is not None:
                for step in steps:
                    value = step(value, column, connection)
                read[place] = value
        return read


def _stored(value: Any, connection: Any) -> Any:
    """Return a value as it is asked with."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _put_together(
    ask: Callable[..., Any], unread: frozenset[str], values: Any, shape: Any
) -> _Made | None:
    """Return the question put together; None where it cannot be, and Django is to ask each time."""
    connection = connections[DEFAULT_DB_ALIAS]
    compiled, stands = [], []
    for family in range(len(FAMILIES)):
        arguments, said = _stand_ins(values, shape, family)
        wanted = ask(*arguments)
        compiler: Any = wanted.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            compiled.append(compiler.as_sql())
        except (EmptyResultSet, FullResultSet):  # a column that holds no number so large
            return None
        stands.append([_stored(one, connection) for one in said])
    (sql, first), (again, second) = compiled
    pairs = list(zip(*stands, strict=True))
    if sql != again or any(
        a != b and (a, b) not in pairs for a, b in zip(first, second, strict=True)
    ):
        message = f"{ask.__name__} asks with something else than its values"
        raise ValueError(message)
    return _Made(
        sql=_without(sql, compiler, unread), compiler=compiler, make=_maker(wanted, compiler, unread),
        places=[None if a == b else pairs.index((a, b)) for a, b in zip(first, second, strict=True)],
        fixed=list(first), beside=tuple(wanted._prefetch_related_lookups),  # noqa: SLF001 - of a queryset
        converters=[
            (place, _quick_steps(steps, connection), column)
            for place, (steps, column) in compiler.get_converters([c for c, *_rest in compiler.select]).items()
            if getattr(getattr(column, "target", None), "attname", "") not in unread
        ],
    )  # fmt: skip


def _quick_steps(steps: Any, connection: Any) -> Any:
    """Return how a column is read; the instants of SQLite without asking for a zone each."""
    texts = getattr(connection.ops, "convert_datetimefield_value", None)
    return [_instant] if steps == [texts] and connection.timezone is UTC else steps


def _instant(value: Any, column: Any, connection: Any) -> Any:
    """Return an instant as Django reads it; what the driver gives as a text, Django reads."""
    if type(value) is datetime and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return connection.ops.convert_datetimefield_value(value, column, connection)


def _without(sql: str, compiler: Any, unread: frozenset[str]) -> str:
    """Return a statement that asks for nothing where a column is unread; its place in the row stays."""
    for column, (said, _values), _alias in compiler.select:
        if getattr(getattr(column, "target", None), "attname", "") in unread:
            sql = sql.replace(said, "NULL", 1)  # the first time is in the list of what is selected
    return sql


def _maker(wanted: Any, compiler: Any, unread: frozenset[str]) -> Callable[[Any], Any]:
    """Return what makes a row of the answer into what the queryset would yield."""
    kind = wanted._iterable_class  # noqa: SLF001 - of a queryset
    if kind is ValuesListIterable:
        return tuple
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is not ModelIterable:
        raise TypeError(kind)
    place = compiler.klass_info["select_fields"]
    own = slice(place[0], place[-1] + 1)
    names = [column.target.attname for column, *_rest in compiler.select[own]]
    make = quick(compiler.klass_info["model"], unread)
    joined = [
        _quicker(one, unread)
        for one in populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
    ]
    aside = list(compiler.annotation_col_map.items())

    def row_of(row: Any) -> Any:
        instance = make.from_db(DEFAULT_DB_ALIAS, names, row[own])
        for populator in joined:
            populator.populate(row, instance)
        for name, column in aside:
            setattr(instance, name, row[column])
        return instance

    return row_of


def _quicker(populator: Any, unread: frozenset[str]) -> Any:
    """Let what is joined to a row be made as quickly as the row."""
    populator.model_cls = quick(populator.model_cls, unread)
    for one in populator.related_populators:
        _quicker(one, unread)
    return populator


class _Quick:
    """Makes rows of a model from its columns at once, where Django sets one after the other."""

    def __init__(self, model: Any, unread: frozenset[str]) -> None:
        self._model = model
        self._stages = stages_of(model)
        own = {field.attname for field in model._meta.concrete_fields}
        self._unread = sorted(unread & own)

    def from_db(self, db: str, names: Any, values: Any) -> Any:
        """Return the row that Django would make."""
        row = self._model.__new__(self._model)
        held = row.__dict__
        held.update(zip(names, values, strict=True))
        for name in self._unread:
            held.pop(name, None)
        state = held["_state"] = ModelState()
        state.adding, state.db = False, db
        if self._stages:
            held[READ_WITH] = {name: held[name] for name in self._stages}
        return row


# Where a row that moves through stages keeps those it was read with, as its __init__ does.
READ_WITH = "_ConcurrentTransitionMixin__initial_states"


@cache
def stages_of(model: Any) -> tuple[str, ...]:
    """Return the columns that say where a row stands; none of a model that does not move through stages."""
    if not issubclass(model, ConcurrentTransitionMixin):
        return ()
    return tuple(f.attname for f in model._meta.fields if isinstance(f, FSMFieldMixin))


@cache
def quick(model: Any, unread: frozenset[str]) -> Any:
    """Return what makes the rows of a model: the model itself where it makes them in a way of its own."""
    plain: Any = models.Model
    usual = model.__init__ in (plain.__init__, ConcurrentTransitionMixin.__init__)
    heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    if not usual or heard or model.from_db.__func__ is not plain.from_db.__func__:
        return model
    return _Quick(model, unread)
