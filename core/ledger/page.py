"""A book's page turns and takes its entry with it, from the place that was read; on PostgreSQL in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from core import clock
from core.beside import Beside, parts_of
from core.ledger.models import Book, Entry


class ClockBehind(RuntimeError):
    """The clock says a time before the book's last entry: whatever was written now would bear a wrong time."""

    said = _("系统时钟早于台账里的最后一条记录，为免记错时间，现在不能办理。请告诉管理员校对时钟。")


# Every act of the system passes here, and an entry is always written the same: few statements, written out.
HELD = ["id", "code", "sequence", "head"]
READ = "SELECT code, sequence, head FROM ledger_book WHERE id = %s"
TURN = "UPDATE ledger_book SET sequence = %s, head = %s WHERE id = %s"
# The page turns only from the place that the entry follows, and only where the last entry is not later than now.
STANDS = " AND sequence = %s AND head = %s"
NO_LATER = (
    " AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = ledger_book.id"
    " AND sequence = ledger_book.sequence AND entered_at > %s)"
)
WRITE = "INSERT INTO ledger_entry (book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest) "
ROW = "%s, %s, %s, %s, %s, %s, %s, %s, %s"
LATER = "SELECT 1 FROM ledger_entry WHERE book_id = %s AND sequence = %s AND entered_at > %s"


def held(cursor: Any, book_id: int) -> tuple[str, int, str]:
    """Return code, last place and head of a book, whose row is then held; SQLite has one writer, who holds all."""
    waits = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    cursor.execute(READ + waits, [book_id])
    if (found := cursor.fetchone()) is None:
        raise Book.DoesNotExist(book_id)
    return found  # type: ignore[no-any-return]


def latest(entered: datetime) -> Any:
    """Return the latest a book's last entry may be at an instant, as the database keeps it: clocks differ a little."""
    return connection.ops.adapt_datetimefield_value(entered + clock.WRONG)


def turn_page(cursor: Any, entry: Entry, beside: Sequence[Beside] = ()) -> Entry | None:
    """Turn the book's page and write its entry; None, and nothing written, where the book does not stand before it.

    Only the system's own clock is compared with the last entry: a replay of the past and a demonstration go back on
    purpose. On PostgreSQL page, entry and what is beside it are one statement; the database refuses a place that is
    taken.
    """
    stored = connection.ops.adapt_datetimefield_value
    turn, page = (
        TURN + STANDS,
        [entry.sequence, entry.digest, entry.book_id, entry.sequence - 1, entry.previous],
    )
    if clock.is_own():
        turn, page = turn + NO_LATER, [*page, latest(entry.entered_at)]
    row = [
        entry.book_id, entry.sequence, entry.act, entry.actor_id, stored(entry.event_at), stored(entry.entered_at),
        entry.payload, entry.previous, entry.digest,
    ]  # fmt: skip
    if connection.vendor == "postgresql":
        keys = _at_one_go(cursor, turn, page, row, beside)
    else:
        cursor.execute(turn, page)
        if not cursor.rowcount:
            return None
        for one in beside:
            one.alone()
        cursor.execute(f"{WRITE} VALUES ({ROW}) RETURNING id", row)
        keys = cursor.fetchone()
    if keys is None:
        return None
    entry.pk = keys[0]
    entry._state.adding = False  # noqa: SLF001 - it is in the database now
    return entry


def _at_one_go(
    cursor: Any, turn: str, page: list[Any], row: list[Any], beside: Sequence[Beside]
) -> Any:
    """Write page, entry and what is beside it in one statement; return the key of the entry, None where none was.

    Where something beside it can only be saved by Django, that follows.
    """
    parts = parts_of(beside, "turned")
    said = "".join(f", beside{n} AS ({sql})" for n, (sql, _values) in enumerate(parts or ()))
    keys = "".join(f", (SELECT id FROM beside{n})" for n in range(len(parts or ())))  # noqa: S608 - ours
    values = [value for _sql, own in parts or () for value in own]
    whole = f"WITH turned AS ({turn} RETURNING id){said} {WRITE} SELECT {ROW} FROM turned RETURNING id{keys}"  # noqa: S608 - ours
    cursor.execute(whole, [*page, *values, *row])
    if (found := cursor.fetchone()) is None:
        return None
    for place, one in enumerate(beside, 1):
        if parts is None:
            one.alone()
        else:
            one.done(found[place])
    return found


def refused(cursor: Any, entry: Entry) -> NoReturn:
    """Say why an entry could not be written although the book was read for it."""
    cursor.execute(LATER, [entry.book_id, entry.sequence - 1, latest(entry.entered_at)])
    if clock.is_own() and cursor.fetchone() is not None:
        raise ClockBehind
    message = f"the place {entry.sequence} of book {entry.book_id} is taken"
    raise IntegrityError(message)
