"""What a paper says of the ledger, so that whoever holds one is a witness: its place, and the newest checkpoint."""

from typing import Any

from django.db import connection

from core.ledger.checkpoints import newest

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
