"""Entries as they stand in the database, in bulk: read in portions, each with the bytes that its digest must be of.

It reads what `rules.digest_of` writes by a way of its own, because whole instances of a million entries take minutes;
a test holds the two together.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

PORTION = 5_000
# How a value says that it is none; a time in the last hours of the calendar is none in the county's zone.
NONE = (TypeError, ValueError, OverflowError)
HOUR, OFFSET = len("2018-06-15 01"), len("+08:00")
COLUMNS = (
    "e.book_id, e.sequence, b.code, b.sequence, b.head, e.act, m.reference, {event}, {entered}, e.payload,"
    " e.previous, e.digest"
)
# A time of another era, or none at all, is no time of an entry, and no driver can hand it over.
OURS = "CASE WHEN e.{0}_at BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00' THEN e.{0}_at END"
TIMES = {"event": OURS.format("event"), "entered": OURS.format("entered")}
# As it was kept: what somebody has made of a time need not be one.
AS_TEXT = {"event": "CAST(e.event_at AS text)", "entered": "CAST(e.entered_at AS text)"}
JOINED = (
    " FROM ledger_entry e LEFT JOIN ledger_book b ON b.id = e.book_id"
    " LEFT JOIN accounts_membership m ON m.id = e.actor_id"
)
AFTER = " WHERE (e.book_id, e.sequence) > (%s, %s)"
OF_BOOK = " WHERE e.book_id = %s AND e.sequence > %s"
OPEN = " AND NOT EXISTS (SELECT 1 FROM ledger_span s WHERE s.code = b.code AND s.last >= e.sequence AND s.start < %s)"
OF_LOG = (
    " FROM ledger_span s JOIN ledger_book b ON b.code = s.code"
    " JOIN ledger_entry e ON e.book_id = b.id AND e.sequence BETWEEN s.first AND s.last"
    " LEFT JOIN accounts_membership m ON m.id = e.actor_id"
    " WHERE s.start >= %s AND s.start < %s ORDER BY s.start, e.sequence"
)


class Row(NamedTuple):
    """An entry with its book as it stood in the same statement; `code` and `actor` are None where their row is gone."""

    book: int
    sequence: int
    code: str | None
    last: int | None
    head: str | None
    act: str
    actor: str | None
    event_at: Any
    entered_at: Any
    payload: str
    previous: str
    digest: str


def _select() -> str:
    times = TIMES if connection.vendor == "postgresql" else AS_TEXT
    return f"SELECT {COLUMNS.format(**times)}"


def rows(book: int | None = None, *, beyond: int | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of a book or of all, by book and sequence, as plain rows in the order of `Row`.

    `beyond` leaves out what stands in the first so many places of the log.
    """
    where = AFTER if book is None else OF_BOOK
    more, extra = (OPEN, [beyond]) if beyond is not None else ("", [])
    sql = f"{_select()}{JOINED}{where}{more} ORDER BY e.book_id, e.sequence LIMIT {PORTION}"
    after = [-1, -1] if book is None else [book, -1]
    with connection.cursor() as cursor:
        while True:
            cursor.execute(sql, [*after, *extra])
            found = cursor.fetchall()
            yield from found
            if len(found) < PORTION:
                return
            after = [found[-1][0], found[-1][1]]


def rows_of_log(start: int, end: int) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of the runs that start in [start, end) of the log, in its order."""
    with connection.cursor() as cursor:
        for low in range(start, end, PORTION):
            cursor.execute(_select() + OF_LOG, [low, min(low + PORTION, end)])
            yield from cursor.fetchall()


def instant(stored: Any) -> str:
    """Return an instant, as the database hands it over, in the text that an entry's bytes have."""
    if isinstance(stored, datetime):
        return _local(stored)
    before, behind = hour(stored[:HOUR])  # SQLite keeps the text of its time in UTC
    return f"{before}{stored[HOUR:]}{behind}" if behind else _local(_utc(stored))


def as_kept(stored: Any) -> str | None:
    """Return an instant as `instant` does; what is none as it stands, so that whoever checks the entry names it."""
    try:
        return instant(stored)
    except NONE:
        return None if stored is None else str(stored)


@lru_cache(maxsize=4096)
def _local(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat()


@lru_cache(maxsize=4096)
def hour(stored: str) -> tuple[str, str]:
    """Return what stands before and behind the minutes of an hour; nothing where its minutes are not those of UTC."""
    text = _local(_utc(f"{stored}:00:00"))
    return (text[:HOUR], text[-OFFSET:]) if text[HOUR:-OFFSET] == ":00:00" else ("", "")


def _utc(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def bound(row: tuple[Any, ...]) -> str:
    """Return the text that the digest of an entry is of; raises one of NONE where a value is none."""
    _book, sequence, code, _last, _head, act, actor, event, entered, payload, previous, _digest = (
        row
    )
    return (
        f'[{quoted(code)},{sequence},{quoted(act)},{quoted(actor)},"{instant(event)}","{instant(entered)}",'
        f"{quoted(payload)},{quoted(previous)}]"
    )


def digest(row: tuple[Any, ...]) -> str:
    """Return the digest that an entry must have; an empty one where it holds what no entry can hold."""
    try:
        return hashlib.sha256(bound(row).encode()).hexdigest()
    except NONE:
        return ""


def bound_of(book: int, sequence: int) -> str:
    """Return the text that the digest of one entry is of."""
    sql = f"{_select()}{JOINED} WHERE e.book_id = %s AND e.sequence = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [book, sequence])
        return bound(cursor.fetchone())
