"""Several questions about one thing, asked in one statement: a page that shows much of it asks once.

Each question is a queryset as anybody would write it, put together once (`accounts.asked`). The database answers each
as a list of lists in JSON; what is made of it is what each queryset would have yielded, in its order.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models

from accounts.asked import _maker, _stand_ins, _stored

MOST_COLUMNS = 100  # arguments that a function of the database takes
LISTS = {
    "postgresql": "(SELECT json_agg(json_build_array({columns}))::text FROM ({sql}) AS asked)",
    "sqlite": "(SELECT json_group_array(json_array({columns})) FROM ({sql}) AS asked)",
}
# What stands in JSON as it stands in the instance.
SAME = (models.CharField, models.TextField, models.IntegerField, models.AutoField, models.ForeignKey)  # fmt: skip
Turn = Callable[[Any], Any]


def _instant(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _list_or_object(said: Any) -> Any:
    """PostgreSQL puts it in as it is, SQLite as its text."""
    return json.loads(said) if isinstance(said, str) else said


def _turn(column: Any) -> Turn | None:
    """Return how a column is read from JSON; None as it is. Raises TypeError for a kind that nobody has thought of."""
    field = column.output_field
    if isinstance(field, models.DateTimeField):
        return _instant
    if isinstance(field, models.DateField):
        return date.fromisoformat
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.JSONField):
        return _list_or_object
    if isinstance(field, SAME):
        return None
    raise TypeError(field)


@dataclass(frozen=True)
class _Part:
    """How the rows of one question are made of what the database said."""

    turns: list[tuple[int, Turn]]
    make: Callable[[Any], Any]

    def rows(self, said: str | None) -> list[Any]:
        found = json.loads(said or "[]")
        for row in found:
            for place, turn in self.turns:
                if row[place] is not None:
                    row[place] = turn(row[place])
        return [self.make(tuple(row)) for row in found]


@dataclass(frozen=True)
class _Made:
    """The statement of all questions, which value goes where, and how their rows are made."""

    sql: str
    places: list[int | None]  # None for what belongs to the statement
    fixed: list[Any]
    parts: list[_Part]


class Together:
    """Questions that are asked of the database at once, each with the same numbers.

    Each is a function of the numbers that returns a queryset; columns are texts, numbers, instants,
    days, truths, and lists or objects of JSON.
    """

    def __init__(self, *asks: Callable[..., models.QuerySet[Any]]) -> None:
        """Keep what is to be asked."""
        self.asks = asks

    def __call__(self, *values: int) -> list[list[Any]]:
        """Return the rows of each question, as they are now."""
        connection = connections[DEFAULT_DB_ALIAS]
        kept = vars(connection).setdefault("questions_put_together", {})
        if self not in kept:
            kept[self] = self._put_together(len(values))
        made: _Made = kept[self]
        said = [
            known if place is None else values[place]
            for known, place in zip(made.fixed, made.places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, said)
            found = cursor.fetchone()
        return [part.rows(text) for part, text in zip(made.parts, found, strict=True)]

    def _put_together(self, count: int) -> _Made:
        (sql, first, parts, stands), (again, second, _parts, others) = (
            self._once(count, family) for family in (0, 1)
        )
        pairs = list(zip(stands, others, strict=True))
        differ = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
        if sql != again or any(pair not in pairs for pair in differ):
            message = "a question asks with something else than its values"
            raise ValueError(message)
        places = [
            None if a == b else pairs.index((a, b)) for a, b in zip(first, second, strict=True)
        ]
        return _Made(sql, places, first, parts)

    def _once(self, count: int, family: int) -> tuple[str, list[Any], list[_Part], list[Any]]:
        """Put it together with one family of stand-ins: statement, its values, its parts, the stand-ins."""
        arguments, stands = _stand_ins((0,) * count, (int,) * count, family)
        said: list[str] = []
        values: list[Any] = []
        parts: list[_Part] = []
        for ask in self.asks:
            sql, params, part = _listed(ask(*arguments))
            said.append(sql)
            values += params
            parts.append(part)
        connection = connections[DEFAULT_DB_ALIAS]
        return f"SELECT {', '.join(said)}", values, parts, [_stored(s, connection) for s in stands]


def _listed(wanted: models.QuerySet[Any]) -> tuple[str, Sequence[Any], _Part]:
    """Return a question that answers with one list, its values, and how its rows are made."""
    compiler: Any = wanted.query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql(with_col_aliases=True)
    except (EmptyResultSet, FullResultSet) as nothing:
        message = "a question that finds nothing whatever is asked"
        raise ValueError(message) from nothing
    if len(compiler.select) > MOST_COLUMNS:
        raise ValueError(len(compiler.select))
    connection = connections[DEFAULT_DB_ALIAS]
    columns = ", ".join(connection.ops.quote_name(alias) for *_rest, alias in compiler.select)
    turns = [
        (n, turn) for n, (column, *_rest) in enumerate(compiler.select) if (turn := _turn(column))
    ]
    made = LISTS[connection.vendor].format(columns=columns, sql=sql)
    return made, params, _Part(turns, _maker(wanted, compiler, frozenset()))
