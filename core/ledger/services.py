"""Writing the ledger: the only way an entry comes into being."""

from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Membership
from core import clock
from core.ledger.models import Book, Entry
from core.ledger.rules import canonical, digest_of


class NotInTransaction(RuntimeError):
    """An act outside a transaction could be half done; it is refused."""


def open_book(code: str) -> Book:
    """Open the book of a case; `code` names it for ever."""
    return Book.objects.create(code=code)


def county_book() -> Book:
    """Return the county's own book: editions, licences, public acts that belong to no case."""
    return Book.objects.get_or_create(code="county")[0]


def lock(*book_ids: int) -> list[Book]:
    """Take the row locks of books in the order of their ids, and return them in that order.

    Not the lock on their keys (`no_key`): whoever only refers to a book in a new row need not wait.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    return list(Book.objects.select_for_update(no_key=True).filter(pk__in=book_ids).order_by("pk"))


def record(book: Book, act: str, *, by: Membership, at: datetime, **evidence: Any) -> Entry:
    """Write one act into a book, in the transaction of the act itself.

    `at` is when it happened, the entry time is taken from the clock. Raises NotInTransaction outside one.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    kept = Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    entry = Entry(
        book=kept,
        sequence=kept.sequence + 1,
        act=act,
        actor=by,
        event_at=at,
        entered_at=clock.now(),
        payload=canonical(evidence),
        previous=kept.head,
    )
    entry.digest = digest_of(entry, kept.code, by.reference)
    entry.save(force_insert=True)
    Book.objects.filter(pk=kept.pk).update(sequence=entry.sequence, head=entry.digest)
    book.sequence, book.head = entry.sequence, entry.digest
    return entry
