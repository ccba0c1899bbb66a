"""What a paper says of the ledger, so that whoever holds one is a witness: its place, and the newest checkpoint."""

from typing import Any

from core.ledger.checkpoints import newest
from core.ledger.models import Entry


def place_of(book_id: int, act: str, digest: str) -> dict[str, Any]:
    """Return book, sequence and digest of the entry of an act that names a digest, and the newest checkpoint.

    Empty where there is no such entry; without a checkpoint where none was made yet.
    """
    said = Entry.objects.filter(book_id=book_id, act=act, payload__contains=digest)
    entry = said.order_by("sequence").select_related("book").first()
    if entry is None:
        return {}
    found = {"book": entry.book.code, "sequence": entry.sequence, "digest": entry.digest[:16]}
    if last := newest():
        found |= {"checkpoint": last.number, "size": last.size, "root": last.root}
    return found
