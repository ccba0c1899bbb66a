"""The one sweep that acts, as the system, when limits pass in silence."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from core.deadlines.due import Due, due_rows, set_clocks
from core.deadlines.rules import HANDLERS
from core.deadlines.services.in_sets import sweep_together
from core.deadlines.services.projection import reproject
from core.ledger.models import Book

log = logging.getLogger("chengnuo.sweep")
RETRY = timedelta(minutes=5)
BOOKS = 300  # in one transaction: some two thousand limits, about a second
FEWEST = 75
MOST_ACTS = 500  # in one book in one pass; a handler that never lets go must not hold the others up


def _act(row: Due, now: datetime) -> bool:
    """Let one row's rule act, whole or not at all; a fault in one row never stops the others."""
    try:
        with transaction.atomic():
            rows = row.model.objects.select_for_update(no_key=True, of=("self",))
            if row.model.swept_with:
                rows = rows.select_related(*row.model.swept_with)
            fresh = rows.get(pk=row.pk)
            if fresh.act_at is None or fresh.act_at > now:
                return True  # an earlier row of the same book has settled it
            HANDLERS[fresh.rule](fresh, now)
    except Exception:
        log.exception("limit %s of row %s could not be handled", row.rule, row.pk)
        return False
    return True


def _act_on_all(book: Book, now: datetime) -> tuple[int, bool]:
    """Act, always on the earliest, until nothing due is left but what failed: one limit may start another.

    Returns how many rows were handled, and whether some are still due.
    """
    handled, tried = 0, set[Due]()
    due = due_rows(book, now)
    while len(tried) < MOST_ACTS:
        left = [row for row in due if row not in tried]
        if not left:
            break
        tried.add(left[0])
        handled += _act(left[0], now)
        due = due_rows(book, now)
    return handled, bool(due)


def sweep_book(book_id: int, now: datetime) -> int:
    """Act on everything due in one book, under its lock; return how many rows were handled.

    A book that somebody holds is passed by (on SQLite, which has one writer, waited for): the next pass comes soon.
    """
    with transaction.atomic():
        free = Book.objects.select_for_update(no_key=True, skip_locked=True)
        book = free.filter(pk=book_id, next_due__lte=now).first()
        if book is None:
            return 0
        handled, failed = _act_on_all(book, now)
        set_clocks([book.pk], floor=now + RETRY if failed else now)
    return handled


def sweep_books(books: Sequence[int], now: datetime) -> int:
    """Act on everything due in some books: what is plain in sets, the rest of each book row by row."""
    try:
        handled, rest = sweep_together(books, now)
    except Exception:
        # One row that cannot be written must not hold up the others: each book by itself, each row by itself.
        log.exception("%s books could not be swept together", len(books))
        handled, rest = 0, list(books)
    return handled + sum(sweep_book(pk, now) for pk in rest)


def sweep(now: datetime, *, most: int = BOOKS) -> int:
    """Act, once each, on every limit that has passed by `now`. Late, doubled or skipped runs change no outcome.

    So many books as `most` are swept in one transaction; with 0 each book is swept by itself and row by row.
    """
    reproject(now)
    due = Book.objects.filter(next_due__lte=now).order_by("next_due", "pk")
    left, handled = list(due.values_list("pk", flat=True)), 0
    if not most:
        return sum(sweep_book(pk, now) for pk in left)
    while left:
        taken = portion(len(left), most)
        handled += sweep_books(left[:taken], now)
        left = left[taken:]
    return handled


def portion(left: int, most: int) -> int:
    """Return how many books are swept next of those that are left: fewer towards the end, which processes share."""
    return min(most, max(FEWEST, left // 4))
