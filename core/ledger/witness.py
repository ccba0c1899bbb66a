"""What a paper says of the ledger, so that whoever holds one is a witness: its place, and the newest checkpoint."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.ledger.checkpoints import newest
from core.ledger.models import Checkpoint, Entry, Span

# The act stands in the statement itself: only so does either database take the index of the issued papers.
ISSUED_IN = (
    "SELECT b.code, e.sequence, e.digest FROM ledger_entry e JOIN ledger_book b ON b.id = e.book_id "
    "WHERE e.book_id = %s AND e.act = 'issue_paper' AND e.payload LIKE %s ORDER BY e.sequence LIMIT 1"
)


def place_of(book_id: int, digest: str) -> dict[str, Any]:
    """Return book, sequence and digest of the entry that issued a paper of a content, and the newest checkpoint.

    Empty where there is no such entry; without a checkpoint where none was made yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(ISSUED_IN, [book_id, f"%{digest}%"])
        row = cursor.fetchone()
    if row is None:
        return {}
    found = {"book": row[0], "sequence": row[1], "digest": row[2][:16]}
    if last := newest():
        found |= {"checkpoint": last.number, "size": last.size, "root": last.root}
    return found


@dataclass(frozen=True)
class Place:
    """Where an entry stands: in its book, in the log (from 0), and under which checkpoint first; None: not yet."""

    entry: Entry
    place: int | None
    checkpoint: Checkpoint | None


def stands(book_id: int, acts: tuple[str, ...], digest: str) -> Place | None:
    """Return where the entry stands that names a digest; None where there is none."""
    said = Entry.objects.filter(book_id=book_id, act__in=acts, payload__contains=digest)
    entry = said.order_by("sequence").select_related("book").first()
    if entry is None or not digest:
        return None
    runs = Span.objects.filter(code=entry.book.code, first__lte=entry.sequence)
    span = runs.filter(last__gte=entry.sequence).first()
    if span is None:
        return Place(entry, None, None)
    place = span.start + entry.sequence - span.first
    above = Checkpoint.objects.filter(size__gt=place).order_by("number").first()
    return Place(entry, place, above)
