"""Writing the ledger: the only way an entry comes into being."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core import clock
from core.ledger.models import Book, Entry
from core.ledger.rules import canonical, digest_of
from core.rows import write_all
from core.sets import made


class NotInTransaction(RuntimeError):
    """An act outside a transaction could be half done; it is refused."""


class ClockBehind(RuntimeError):
    """The clock says a time before the book's last entry: whatever was written now would bear a wrong time."""

    said = _("系统时钟早于台账里的最后一条记录，为免记错时间，现在不能办理。请告诉管理员校对时钟。")


def open_book(code: str) -> Book:
    """Open the book of a case; `code` names it for ever."""
    return Book.objects.create(code=code)


def county_book() -> Book:
    """Return the county's own book: editions, licences, public acts that belong to no case."""
    return Book.objects.get_or_create(code="county")[0]


def lock(*book_ids: int) -> list[Book]:
    """Take the row locks of books in the order of their ids, and return them in that order.

    Not the lock on their keys (`no_key`): whoever only refers to a book in a new row need not wait. Of a book that is
    locked alone, as at every act, the marks of the sweep are read when somebody asks for them.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    if len(book_ids) == 1:
        with connection.cursor() as cursor:
            return [Book.from_db(None, HELD, [book_ids[0], *_held(cursor, book_ids[0])])]
    return list(Book.objects.select_for_update(no_key=True).filter(pk__in=book_ids).order_by("pk"))


def record(book: Book, act: str, *, by: Membership, at: datetime, **evidence: Any) -> Entry:
    """Write one act into a book, in the transaction of the act itself.

    `at` is when it happened, the entry time is taken from the clock. Raises NotInTransaction outside one, and
    ClockBehind where the clock has gone back.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    with connection.cursor() as cursor:
        code, sequence, head = _held(cursor, book.pk)
        entered = (
            clock.now()
        )  # once the book is ours: whoever waited for it writes after whoever had it
        _refuse_the_past(cursor, book.pk, sequence, entered)
        entry = Entry(
            book=book, sequence=sequence + 1, act=act, actor=by, event_at=at, entered_at=entered,
            payload=canonical(evidence), previous=head,
        )  # fmt: skip
        entry.digest = digest_of(entry, code, by.reference)
        _write(cursor, entry)
    book.sequence, book.head = entry.sequence, entry.digest
    return entry


@dataclass(frozen=True)
class Act:
    """An act to be written into a book, with its evidence; `at` where it happened at an instant of its own."""

    book_id: int
    name: str
    evidence: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record_all(acts: Sequence[Act], *, by: Membership, at: datetime) -> None:
    """Write many acts of one actor, in their order: the same rows as `record` for each, in few statements.

    The caller holds the books' locks. Raises NotInTransaction outside a transaction, and ClockBehind as `record` does.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    books = Book.objects.in_bulk({act.book_id for act in acts})
    entered, entries = clock.now(), []
    later = Entry.objects.filter(book__in=books, entered_at__gt=entered + clock.WRONG)
    if clock.is_own() and later.exists():
        raise ClockBehind
    for act in acts:
        book = books[act.book_id]
        entry = made(
            Entry, book=book, sequence=book.sequence + 1, act=act.name, actor=by, event_at=act.at or at,
            entered_at=entered, payload=canonical(act.evidence), previous=book.head,
        )  # fmt: skip
        entry.digest = digest_of(entry, book.code, by.reference)
        book.sequence, book.head = entry.sequence, entry.digest
        entries.append(entry)
    write_all(entries)
    with connection.cursor() as cursor:
        cursor.executemany(TURN, [[book.sequence, book.head, book.pk] for book in books.values()])


# Every act of the system passes here, and an entry is always written the same: few statements, written out.
HELD = ["id", "code", "sequence", "head"]
LATER = "SELECT 1 FROM ledger_entry WHERE book_id = %s AND sequence = %s AND entered_at > %s"
READ = "SELECT code, sequence, head FROM ledger_book WHERE id = %s"
WRITE = (
    "INSERT INTO ledger_entry (book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
TURN = "UPDATE ledger_book SET sequence = %s, head = %s WHERE id = %s"


def _held(cursor: Any, book_id: int) -> tuple[str, int, str]:
    """Return code, last place and head of a book, whose row is then held; SQLite has one writer, who holds all."""
    waits = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    cursor.execute(READ + waits, [book_id])
    if (found := cursor.fetchone()) is None:
        raise Book.DoesNotExist(book_id)
    return found  # type: ignore[no-any-return]


def _refuse_the_past(cursor: Any, book_id: int, sequence: int, entered: datetime) -> None:
    """Raise ClockBehind where the book's last entry is later than now; what a clock may be off by is let pass.

    Only the system's own clock is asked so: a replay of the past and a demonstration go back on purpose.
    """
    if not clock.is_own():
        return
    latest = connection.ops.adapt_datetimefield_value(entered + clock.WRONG)
    cursor.execute(LATER, [book_id, sequence, latest])
    if cursor.fetchone() is not None:
        raise ClockBehind


def _write(cursor: Any, entry: Entry) -> None:
    """Write an entry and turn its book's page; the database refuses a place that is taken."""
    stored = connection.ops.adapt_datetimefield_value
    row = [
        entry.book_id, entry.sequence, entry.act, entry.actor_id, stored(entry.event_at), stored(entry.entered_at),
        entry.payload, entry.previous, entry.digest,
    ]  # fmt: skip
    page = [entry.sequence, entry.digest, entry.book_id]
    cursor.execute(TURN, page)
    cursor.execute(WRITE, row)
    (entry.pk,) = cursor.fetchone()
    entry._state.adding = False  # noqa: SLF001 - it is in the database now
