"""Reading the ledger, and checking it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.ledger.models import GENESIS, Book, Entry
from core.ledger.rules import digest_of


@dataclass(frozen=True)
class Fault:
    """The first bad place of a book: the sequence and what is wrong there, in a sentence."""

    book: str
    sequence: int
    reason: str


def entries_of(book_id: int) -> QuerySet[Entry]:
    """Return a book's entries, oldest first, with their actors: one query."""
    return Entry.objects.filter(book_id=book_id).select_related(
        "actor__user", "actor__organisation"
    )


def verify(book: Book) -> Fault | None:
    """Recompute a book's chain; return None when it holds, else the first fault."""
    previous, expected = GENESIS, 0
    entries = Entry.objects.filter(book=book).select_related("actor").order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        expected += 1
        if entry.sequence != expected:
            return Fault(book.code, expected, _("缺少条目"))
        if entry.previous != previous:
            return Fault(book.code, expected, _("与前一条不相连"))
        if digest_of(entry, book.code, entry.actor.reference) != entry.digest:
            return Fault(book.code, expected, _("内容与摘要不符"))
        previous = entry.digest
    if (book.sequence, book.head) != (expected, previous):
        return Fault(book.code, expected + 1, _("末条与账簿不符"))
    return None


def verify_all() -> tuple[int, int, list[Fault]]:
    """Check every book; return how many books, how many entries, and the faults."""
    faults = []
    books = entries = 0
    for book in Book.objects.order_by("pk").iterator():
        books += 1
        entries += book.sequence
        if fault := verify(book):
            faults.append(fault)
    return books, entries, faults
