"""Writing the ledger: the only way an entry comes into being."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Membership
from core import clock
from core.beside import Beside, all_at_one_go
from core.columns import insert, update
from core.ledger.models import Book, Entry
from core.ledger.page import HELD, STANDS, TURN, ClockBehind, held, refused, turn_page
from core.ledger.rules import bound_to, canonical, chained, digest_of
from core.ledger.seen import refuse_if_behind
from core.rows import write
from core.sets import made


class NotInTransaction(RuntimeError):
    """An act outside a transaction could be half done; it is refused."""


class Overtaken(RuntimeError):
    """A book that was read without its lock has been written in since: the act is decided anew, under the lock."""


def open_book(code: str) -> Book:
    """Open the book of a case; `code` names it for ever."""
    return _known(write(Book(code=code)))  # nobody else has it before this act is done


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
            return [_known(Book.from_db(None, HELD, [book_ids[0], *held(cursor, book_ids[0])]))]
    found = Book.objects.select_for_update(no_key=True).filter(pk__in=book_ids).order_by("pk")
    return [_known(book) for book in found]


def locked_with(book_id: int, read: Callable[[], Any]) -> Any:
    """Take the lock of a book, then `read` a row that brings its book with it, and return that row as it now is.

    On SQLite the transaction is the lock: the row is read at once, in one statement where `lock` takes one more.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            held(cursor, book_id)
    found = read()
    _known(found.book)
    return found


def seen_with(read: Callable[[], Any]) -> Any:
    """Return a row that brings its book with it, without lock and transaction, for an act that is one statement.

    That statement (`record_with`) turns the page from the place that was read, and takes the lock with it. Where
    somebody else came between it writes nothing and raises Overtaken: then all is decided anew, under the lock. None on
    SQLite, where the transaction is the lock.
    """
    found = read() if connection.vendor == "postgresql" else None
    if found is not None:
        vars(found.book)["seen"] = True
    return found


def _known(book: Book) -> Book:
    """Remember that a book was read under its lock: what is written next takes its place without asking again."""
    vars(book)["known"] = True
    return book


def record(book: Book, act: str, *, by: Membership, at: datetime, **evidence: Any) -> Entry:
    """Write one act into a book, in the transaction of the act itself.

    `at` is when it happened, the entry time is taken from the clock. Raises NotInTransaction outside one,
    ClockBehind where the clock has gone back, OnlyRead where the database is an old copy, and Overtaken (`seen_with`).
    """
    return record_with(book, act, (), by=by, at=at, evidence=evidence)


def record_with(
    book: Book, act: str, beside: Sequence[Beside], *, by: Membership, at: datetime, evidence: dict[str, Any]
) -> Entry:  # fmt: skip
    """Write one act as `record` does, and in its statement the rows that are `beside` it.

    In a book that was only seen that is the whole act, and needs no transaction around it.
    """
    seen = bool(vars(book).get("seen"))
    if seen and not all_at_one_go(beside):
        raise Overtaken  # it takes more than one statement
    if not seen and not connection.in_atomic_block:
        raise NotInTransaction
    refuse_if_behind()

    def entry(code: str, sequence: int, head: str) -> Entry:
        new = made(
            Entry, book=book, sequence=sequence + 1, act=act, actor=by, event_at=at, entered_at=clock.now(),
            payload=canonical(evidence), previous=head,
        )  # fmt: skip
        new.digest = digest_of(new, code, by.reference)
        return new

    with connection.cursor() as cursor:
        known = seen or "known" in vars(book)
        written = known and turn_page(cursor, entry(book.code, book.sequence, book.head), beside)
        if not written and seen:
            raise Overtaken
        if not written:  # nothing is known of the book, or it has been written in since
            stands = held(cursor, book.pk)
            # Made once the book is ours: whoever waited for it writes after whoever had it.
            written = turn_page(cursor, late := entry(*stands), beside) or refused(cursor, late)
    book.sequence, book.head = written.sequence, written.digest
    vars(book).pop("seen", None)
    return written


@dataclass(frozen=True)
class Act:
    """An act to be written into a book, with its evidence; `at` where it happened at an instant of its own."""

    book_id: int
    name: str
    evidence: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record_all(
    acts: Sequence[Act], *, by: Membership, at: datetime, book: Book | None = None
) -> None:
    """Write many acts of one actor, in their order: the same rows as `record` for each, in few statements.

    The caller holds the books' locks. Where all go into one `book` that is known, its place is not asked for again,
    and it is known with the new one. Raises NotInTransaction outside a transaction, ClockBehind as `record` does.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    if not acts:
        return
    refuse_if_behind()
    wanted, entered = {act.book_id for act in acts}, clock.now()
    if clock.is_own() and _later(wanted, entered):
        raise ClockBehind
    place = (book.sequence, book.head) if book and wanted == {book.pk} else None
    if book is not None and place is not None and "known" in vars(book):
        entries = _chained(acts, {book.pk: book}, by, at, entered)
        if _turned(book, *place):
            _insert(entries, by.pk, entered)
            return
    books = Book.objects.in_bulk(wanted)
    _insert(_chained(acts, books, by, at, entered), by.pk, entered)
    turned = [(one.pk, one.sequence, one.head) for one in books.values()]
    update(Book, ("id", "sequence", "head"), list(zip(*turned, strict=True)))
    if book is not None and book.pk in books:
        book.sequence, book.head = books[book.pk].sequence, books[book.pk].head


def _chained(
    acts: Sequence[Act], books: dict[int, Book], by: Membership, at: datetime, entered: datetime
) -> list[tuple[Any, ...]]:
    """Return the entries of acts, each with the digest of the one before it; the books then stand after them."""
    entries = list[tuple[Any, ...]]()
    for act in acts:
        book, event, payload = books[act.book_id], act.at or at, canonical(act.evidence)
        actor = bound_to(act.name, by.reference, event, entered)
        previous, book.sequence = book.head, book.sequence + 1
        book.head = chained(book.code, book.sequence, actor, payload, previous)
        entries.append((act.book_id, book.sequence, act.name, event, payload, previous, book.head))
    return entries


def _turned(book: Book, sequence: int, head: str) -> bool:
    """Turn a book's page from the place at which it was known; false where it has been written in since."""
    with connection.cursor() as cursor:
        cursor.execute(TURN + STANDS, [book.sequence, book.head, book.pk, sequence, head])
        return bool(cursor.rowcount)


def _later(books: Iterable[int], entered: datetime) -> bool:
    return Entry.objects.filter(book__in=books, entered_at__gt=entered + clock.WRONG).exists()


def _insert(entries: Sequence[tuple[Any, ...]], actor: int, entered: datetime) -> None:
    """Write entries as `record` does each, by columns."""
    stored = connection.ops.adapt_datetimefield_value
    books, places, acts, events, payloads, before, digests = zip(*entries, strict=True)
    when = {event: stored(event) for event in set(events)}
    fields = [field for field in Entry._meta.concrete_fields if not field.primary_key]
    insert(Entry, fields, [
        books, places, acts, [actor] * len(entries), [when[event] for event in events],
        [stored(entered)] * len(entries), payloads, before, digests,
    ])  # fmt: skip
