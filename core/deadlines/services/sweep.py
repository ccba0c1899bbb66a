"""The one sweep that acts, as the system, when limits pass in silence."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.deadlines.due import Due, due_rows, set_clock
from core.deadlines.rules import HANDLERS
from core.deadlines.services.projection import reproject
from core.ledger.models import Book

log = logging.getLogger("chengnuo.sweep")
RETRY = timedelta(minutes=5)
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
    handled, tried = 0, set[tuple[Due, Any]]()
    due = due_rows(book, now)
    while len(tried) < MOST_ACTS:
        left = [row for row in due if (row, row.model) not in tried]
        if not left:
            break
        tried.add((left[0], left[0].model))
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
        set_clock(book, floor=now + RETRY if failed else now)
    return handled


def sweep(now: datetime) -> int:
    """Act, once each, on every limit that has passed by `now`. Late, doubled or skipped runs change no outcome."""
    reproject(now)
    due = Book.objects.filter(next_due__lte=now).order_by("next_due").values_list("pk", flat=True)
    return sum(sweep_book(pk, now) for pk in list(due))
