"""The order of the log: every entry once, in runs of one book, as the checkpoints have covered them."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.ledger import reading
from core.ledger.models import GENESIS, Book, Span

Leaf = tuple[str, int, str | None]  # book, sequence, digest; None where the entry is not there
PORTION = 5_000  # leaves that are asked for at once

LEAVES = """SELECT s.start, s.code, s.first, s.last, s.head, e.sequence, e.digest FROM ledger_span s
LEFT JOIN ledger_book b ON b.code = s.code
LEFT JOIN ledger_entry e ON e.book_id = b.id AND e.sequence BETWEEN s.first AND s.last
WHERE s.start >= %s AND s.start < %s ORDER BY s.start, e.sequence"""


def covered_of(code: Any) -> Any:
    """Return, as part of a statement, up to which sequence a book stands in the log; 0 where it does not."""
    last = (
        Span.objects.filter(code=code).order_by().values("code").annotate(most=Max("last"))
    ).values("most")
    return Coalesce(Subquery(last), Value(0))


def size() -> int:
    """Return how many entries the log holds."""
    last = Span.objects.order_by("-start").first()
    return last.start + last.last - last.first + 1 if last else 0


def cover() -> int:
    """Put what was written since into the log, books in the order of their codes; return how long it is now.

    Within a transaction that holds the county's book, so that nobody else does the same.
    """
    grown = Book.objects.annotate(covered=covered_of(OuterRef("code"))).filter(
        sequence__gt=F("covered")
    )
    rows = sorted(grown.values_list("code", "covered", "sequence", "head"))
    spans, start = [], size()
    for code, covered, last, head in rows:
        spans.append(Span(start=start, code=code, first=covered + 1, last=last, head=head))
        start += last - covered
    Span.objects.bulk_create(spans, batch_size=500)
    return start


def runs(start: int, end: int) -> Iterator[tuple[Span, dict[int, str]]]:
    """Yield the runs that start in [start, end) with the digests that their entries have now, by sequence."""
    with connection.cursor() as cursor:
        for low in range(start, end, PORTION):
            cursor.execute(LEAVES, [low, min(low + PORTION, end)])
            yield from _grouped(cursor.fetchall())


def new_leaves(start: int, end: int) -> Iterator[tuple[str, int, str]]:
    """Yield the entries that the log has grown by, each as it is now; ValueError where one does not hold.

    An entry holds where it is what its digest says and follows the one before it, also across the end of what was
    covered before, and the last one is the head of its book.
    """
    before = Span.objects.filter(code=OuterRef("code"), last=OuterRef("first") - 1).values("head")
    spans = Span.objects.filter(start__gte=start, start__lt=end).annotate(before=before)
    rows = reading.rows_of_log(start, end)
    for span in spans.order_by("start"):
        previous = span.before or GENESIS
        for sequence in range(span.first, span.last + 1):
            row = next(rows, None)
            if row is None or (row[2], row[1], row[10]) != (span.code, sequence, previous):
                raise ValueError(span.code)
            previous = reading.digest(row)
            if not previous or previous != row[11]:
                raise ValueError(span.code)
            yield span.code, sequence, previous
        if previous != span.head:
            raise ValueError(span.code)


def _grouped(rows: list[Any]) -> Iterator[tuple[Span, dict[int, str]]]:
    held: tuple[Span, dict[int, str]] | None = None
    for at, code, first, last, head, sequence, digest in rows:
        if held is None or held[0].start != at:
            if held is not None:
                yield held
            held = (Span(start=at, code=code, first=first, last=last, head=head), {})
        if digest is not None:
            held[1][sequence] = digest
    if held is not None:
        yield held


def leaves(start: int, end: int) -> Iterator[Leaf]:
    """Yield the entries of the log in their order, from the run that starts at `start`; one for every place."""
    for span, digests in runs(start, end):
        for sequence in range(span.first, span.last + 1):
            yield span.code, sequence, digests.get(sequence)
