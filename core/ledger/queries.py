"""Reading the ledger, and checking it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.ledger import quick, reading
from core.ledger.models import GENESIS, Book, Entry

EMPTIED = (
    "SELECT b.code FROM ledger_book b WHERE b.sequence > 0"
    " AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.book_id = b.id) ORDER BY b.id"
)


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
    walked = _Walk()
    walked.along(reading.rows(book.pk))
    return walked.fault or _other_end(book.code, walked, (book.sequence, book.head))


def verify_all() -> tuple[int, int, list[Fault]]:
    """Check every book; return how many books, how many entries, and the faults.

    One quick pass; only where it does not find that all holds, another that names the places.
    """
    if (held := quick.holds()) is not None:
        return Book.objects.count(), held, []
    return Book.objects.count(), *_closely(list(_emptied()))


def _closely(faults: list[Fault]) -> tuple[int, list[Fault]]:
    entries = 0
    for _book, rows in groupby(reading.rows(), key=itemgetter(0)):
        walked = _Walk()
        last = walked.along(rows)
        entries += walked.count
        # A book may grow while it is read: its last row knows how it stood then.
        if fault := walked.fault or _other_end(_name(last), walked, (last[3], last[4])):
            faults.append(fault)
    return entries, faults


@dataclass
class _Walk:
    """A walk along the entries of one book: the first fault, how many there are, and where the chain ends."""

    fault: Fault | None = None
    count: int = 0
    head: str = GENESIS

    def along(self, rows: Iterable[tuple[Any, ...]]) -> Any:
        """Walk to the end, and return the last row."""
        row, count, previous = None, 0, GENESIS
        for row in rows:
            count += 1
            if self.fault is None and (
                row[1] != count or row[10] != previous or reading.digest(row) != row[11]
            ):
                self.fault = _fault(row, count, previous)
            previous = row[11]
        self.count, self.head = count, previous
        return row


def _fault(row: tuple[Any, ...], expected: int, previous: str) -> Fault:
    if row[1] != expected:
        return Fault(_name(row), expected, _("缺少条目"))
    if row[10] != previous:
        return Fault(_name(row), expected, _("与前一条不相连"))
    return Fault(_name(row), expected, _("内容与摘要不符"))


def _name(row: tuple[Any, ...]) -> str:
    return row[2] or f"#{row[0]}"


def _other_end(code: str, walked: _Walk, said: tuple[Any, Any]) -> Fault | None:
    if (walked.count, walked.head) == said:
        return None
    return Fault(code, walked.count + 1, _("末条与账簿不符"))


def _emptied() -> Iterator[Fault]:
    """Books that say they hold entries and hold none."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTIED)
        for (code,) in cursor.fetchall():
            yield Fault(code, 1, _("缺少条目"))
