"""A new calendar edition counts every open limit anew: dated, lengthened, or left as it was served; never shortened.

民法典 art. 203 and the State Council's notices say which days count. A limit that was served is relied on: an edition
that would end it earlier leaves it as it is. What has ended, or whose silence has been acted on, is not touched.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.services import system_actor
from core.deadlines.due import open_rows
from core.deadlines.models import CalendarEdition
from core.deadlines.projecting import advance
from core.deadlines.queries import calendar_of, edition_at, rulebook_at
from core.deadlines.rules import MOVED
from core.deadlines.services.limits import feed, grace
from core.ledger.models import Book
from core.ledger.services import record

log = logging.getLogger("chengnuo.calendar")


def reproject(now: datetime) -> int:
    """Count the open limits of every book that is behind the calendar known now; return how many got a new date."""
    edition = edition_at(now)
    behind = Book.objects.filter(counted_by__lt=edition.number).order_by("pk")
    return sum(_book(pk, edition, now) for pk in list(behind.values_list("pk", flat=True)))


def _book(book_id: int, edition: CalendarEdition, now: datetime) -> int:
    """Bring one book up to an edition under its lock, edition by edition; one that is held waits for the next pass."""
    dated, failed = 0, False
    with transaction.atomic():
        free = Book.objects.select_for_update(no_key=True, skip_locked=True)
        book = free.filter(pk=book_id, counted_by__lt=edition.number).first()
        if book is None:
            return 0
        wait = grace(rulebook_at(now))
        news = CalendarEdition.objects.filter(
            number__gt=book.counted_by, number__lte=edition.number
        )
        for new in news.order_by("number"):
            for model, pk in open_rows(book, new):
                try:
                    with transaction.atomic():
                        row = model.objects.select_for_update(no_key=True).get(pk=pk)
                        dated += _project(row, new, wait, now)
                except Exception:
                    failed = True
                    log.exception("limit %s of %s could not be counted anew", pk, book)
        if not failed:
            Book.objects.filter(pk=book.pk).update(counted_by=edition.number)
    return dated


def _project(row: Any, edition: CalendarEdition, wait: timedelta, now: datetime) -> bool:
    """Count a row by a later edition; return whether it has a new date."""
    if row.calendar is None or row.calendar.number >= edition.number:
        return False
    came = advance(row, edition, calendar_of(edition), wait)
    if came.what == "kept":
        if not _kept_before(row, edition):
            _write(row, "keep_limit", edition, now, instead_of=came.due)
        return False
    if row.calendar == edition:
        row.save(update_fields=["calendar", "due_at", "act_at", "provisional"])
    if came.what not in ("dated", "moved"):
        return False
    feed(row)
    if came.what == "dated":
        _write(row, "date_limit", edition, now)
    else:
        _write(row, "move_limit", edition, now, instead_of=came.before)
    for tell in MOVED:
        tell(row, came.before, now, edition.reason)
    return True


def shorten(row: Any, edition: CalendarEdition, due: datetime, now: datetime, reason: str) -> None:
    """Let a limit end at the earlier instant that a later edition gives, as somebody signed, and tell both sides.

    The caller holds the row's book, has settled who may, and writes the ledger.
    """
    before = row.due_at
    row.calendar, row.due_at, row.act_at = edition, due, due + grace(rulebook_at(now))
    row.save(update_fields=["calendar", "due_at", "act_at"])
    feed(row)
    for tell in MOVED:
        tell(row, before, now, reason)


def _kept_before(row: Any, edition: CalendarEdition) -> bool:
    """Whether the ledger has said of this edition that the row stays as served: a book may be looked at again."""
    said = row.book.entries.filter(
        act="keep_limit", payload__contains=f'"calendar":{edition.number},'
    )
    return bool(said.filter(payload__contains=f'"{row._meta.label_lower}:{row.pk}"').exists())


def _write(row: Any, act: str, edition: CalendarEdition, now: datetime, **more: Any) -> None:
    record(
        row.book, act, by=system_actor(), at=now, limit=row, rule=row.rule, due_at=row.due_at,
        calendar=edition.number, **more,
    )  # fmt: skip
