"""Starting and ending limits, and the one sweep that acts, as the system, when they pass in silence."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.services import system_actor
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.due import Due, due_rows, set_clock, undated_rows
from core.deadlines.models import CalendarEdition, RulebookEdition, Timed, Unit
from core.deadlines.queries import (
    Value,
    calendar_of,
    edition_at,
    end_of,
    first_day,
    rulebook_at,
    start_of,
    value_of,
)
from core.deadlines.rules import HANDLERS, Rule
from core.ledger.models import Book
from core.ledger.services import lock, record

log = logging.getLogger("chengnuo.sweep")
RETRY = timedelta(minutes=5)
MOST_ACTS = 500  # in one book in one pass; a handler that never lets go must not hold the others up


def feed(book_id: int, act_at: datetime | None) -> None:
    """Let a book's clock ring no later than `act_at`; the sweep sets it back when it has looked."""
    if act_at is not None:
        Book.objects.filter(pk=book_id).filter(
            Q(next_due__isnull=True) | Q(next_due__gt=act_at)
        ).update(next_due=act_at)


def grace(rulebook: RulebookEdition) -> timedelta:
    """Return P24: how long after expiry the sweep waits, so that a reply under way still counts."""
    return timedelta(seconds=value_of(rulebook, "P24").number)


def _reckon(limit: Timed, calendar: Calendar, wait: timedelta) -> None:
    """Derive the due instant from start, length and calendar; no date where the calendar ends."""
    try:
        last = calendar.due(first_day(limit, calendar), limit.length or 0, limit.unit)
    except CalendarGap:
        limit.due_at, limit.act_at, limit.provisional = None, None, True
        return
    limit.due_at, limit.provisional = end_of(last), False
    limit.act_at = limit.due_at + wait


def _number(rule: Rule, rulebook: RulebookEdition, at: datetime) -> Value:
    """Return a rule's number; one that an older pinned edition did not know is taken from the edition in force."""
    try:
        return value_of(rulebook, rule.code)
    except KeyError:
        return value_of(rulebook_at(at), rule.code)


def start(
    limit: Timed,
    rule: Rule,
    *,
    at: datetime,
    rulebook: RulebookEdition | None = None,
    length: int | None = None,
    save: bool = True,
) -> Timed:
    """Start a limit at an instant; its number comes from the rulebook unless a shorter `length` is given."""
    edition, rulebook = edition_at(at), rulebook or rulebook_at(at)
    if length is None:
        length = rule.length
    if length is None:
        value = _number(rule, rulebook, at)
        length = value.number
        limit.unit = Unit.NATURAL_DAY if value.unit in ("natural_day", "day") else Unit.WORKING_DAY
    limit.rule, limit.length, limit.started_at = rule.code, length, at
    limit.calendar, limit.ended_at = edition, None
    _reckon(limit, calendar_of(edition), grace(rulebook))
    if save:
        limit.save()
        feed(limit.book_id, limit.act_at)
    return limit


def end(limit: Timed, *, at: datetime, save: bool = True) -> None:
    """End a limit: what was to be done has been done, or what silence means has happened."""
    limit.ended_at, limit.act_at = at, None
    if save:
        limit.save()


def act_next(limit: Timed, act_at: datetime | None) -> None:
    """Tell the sweep when to look at a limit again; the caller saves the row."""
    limit.act_at = act_at
    feed(limit.book_id, act_at)


def working_morning(calendar: Calendar, after: date, nth: int) -> datetime | None:
    """Return 00:00 of the nth working day after a day; None past the calendar's end."""
    try:
        return start_of(calendar.add_working(after, nth))
    except CalendarGap:
        return None


def _act(row: Due, now: datetime) -> bool:
    """Let one row's rule act, whole or not at all; a fault in one row never stops the others."""
    try:
        with transaction.atomic():
            fresh = row.model.objects.select_for_update(no_key=True).get(pk=row.pk)
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


def reproject(now: datetime) -> int:
    """Give a date to every provisional limit whose year has been published since; return how many."""
    edition = edition_at(now)
    mended = 0
    for model, pk, book_id in undated_rows(edition):
        try:
            with transaction.atomic():
                lock(book_id)
                still = model.objects.filter(pk=pk, provisional=True, ended_at=None)
                mended += _project(still.exclude(calendar=edition).first(), edition, now)
        except Exception:
            log.exception("limit %s of %s could not be given its date", pk, book_id)
    return mended


def _project(row: Any, edition: CalendarEdition, now: datetime) -> bool:
    """Count a provisional row by another edition, and write its date down if it has one now."""
    if row is None:
        return False  # settled by somebody a moment ago
    row.calendar = edition
    _reckon(row, calendar_of(edition), grace(rulebook_at(now)))
    row.save()
    feed(row.book_id, row.act_at)
    if row.provisional:
        return False
    record(
        row.book,
        "date_limit",
        by=system_actor(),
        at=now,
        limit=row,
        rule=row.rule,
        due_at=row.due_at,
        calendar=edition.number,
    )
    return True


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant of a day in the county's zone."""
    return start_of(day) + timedelta(hours=hour, minutes=minute)


def today(at: datetime) -> date:
    """Return the county's day of an instant."""
    return timezone.localdate(at)
