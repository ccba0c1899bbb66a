"""What the sweep asks of all timed tables at once: one statement, written once, instead of one for each table."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateTimeField
from django.db.models.expressions import RawSQL

from core.deadlines.models import CalendarEdition, timed_models
from core.deadlines.queries import start_of
from core.ledger.models import Book

# What each table is asked for; `{table}` and `{number}`, the place of its model among the timed ones, are filled in.
DUE = "SELECT act_at, rule, id, {number} FROM {table} WHERE book_id = %s AND act_at <= %s"
DUE_IN = "SELECT act_at, rule, id, {number}, book_id FROM {table} WHERE book_id IN ({books}) AND act_at <= %s"
NEXT = "SELECT act_at FROM {table} WHERE book_id = ledger_book.id AND act_at IS NOT NULL"
OPEN = (
    "SELECT {number}, id FROM {table} WHERE book_id = %s AND ended_at IS NULL "
    "AND started_at IS NOT NULL AND (provisional OR due_at > %s)"
)
DATELESS = (
    "SELECT COUNT(*) FROM {table} WHERE provisional AND ended_at IS NULL AND started_at IS NOT NULL"
)


class Due(NamedTuple):
    """A row that is due."""

    act_at: Any
    rule: str
    pk: int
    model: Any


IN_ORDER = itemgetter(0, 1, 2)  # in which rows are acted on: when, by which rule, which


@lru_cache(maxsize=8)
def _of_all(one: str, models: tuple[type[Any], ...]) -> str:
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    parts = (one.format(table=table, number=number) for number, table in enumerate(tables))
    return " UNION ALL ".join(parts)


def _ask(one: str, *values: Any) -> tuple[tuple[type[Any], ...], list[Any]]:
    models = tuple(timed_models())
    with connection.cursor() as cursor:
        cursor.execute(_of_all(one, models), _for_each(models, values))
        return models, cursor.fetchall()


def _for_each(models: Sequence[type[Any]], values: Sequence[Any]) -> list[Any]:
    return [_stored(value) for value in values] * len(models)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def due_rows(book: Book, now: datetime) -> list[Due]:
    """Return the rows of a book that are due, in the order in which they are acted on."""
    models, found = _ask(DUE, book.pk, now)
    due = [Due(act_at, rule, pk, models[number]) for act_at, rule, pk, number in found]
    return sorted(due, key=IN_ORDER)


def due_in(books: Sequence[int], now: datetime) -> dict[int, list[Due]]:
    """Return by book the rows of some books that are due, in the order in which they are acted on; in one statement."""
    keys = ", ".join(str(int(key)) for key in books)
    models, found = _ask(DUE_IN.replace("{books}", keys), now)
    due: dict[int, list[Due]] = {}
    for act_at, rule, pk, number, book in found:
        due.setdefault(book, []).append(Due(act_at, rule, pk, models[number]))
    return {book: sorted(rows, key=IN_ORDER) for book, rows in due.items()}


def set_clocks(books: Sequence[int], floor: datetime) -> None:
    """Set books' clocks to the earliest act that their rows still want, but not before `floor`."""
    models = tuple(timed_models())
    values = [_stored(floor)] * 2
    sql = f"SELECT MIN(CASE WHEN act_at > %s THEN act_at ELSE %s END) FROM ({_of_all(NEXT, models)}) AS rows"  # noqa: S608 - names of our tables
    Book.objects.filter(pk__in=books).update(
        next_due=RawSQL(f"({sql})", values, output_field=DateTimeField())  # noqa: S611 - the same
    )


def open_rows(book: Book, edition: CalendarEdition) -> list[tuple[type[Any], int]]:
    """Return model and key of every limit of a book that ran when an edition became known."""
    models, found = _ask(OPEN, book.pk, start_of(edition.known_from))
    return [(models[number], pk) for number, pk in sorted(found)]


def provisional() -> int:
    """Return how many running limits have no date, because no calendar reaches so far."""
    _models, found = _ask(DATELESS)
    return sum(count for (count,) in found)
