"""Starting and ending limits; each start and each new date feeds the book's clock."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.counting import forget, interruptions
from core.deadlines.models import RulebookEdition, Suspension, Timed
from core.deadlines.queries import (
    Value,
    calendar_of,
    edition_at,
    ends,
    rulebook_at,
    start_of,
    unit_said,
    value_of,
)
from core.deadlines.rules import Rule
from core.ledger.models import Book
from core.rows import write


def ring(book_id: int, act_at: datetime | None) -> None:
    """Let a book's clock ring no later than `act_at`; the sweep sets it back when it has looked."""
    if act_at is not None:
        _lower("next_due", connection.ops.adapt_datetimefield_value(act_at), book_id)


def feed(limit: Timed) -> None:
    """Tell a limit's book when to ring for it, and by which calendar edition it was counted."""
    _feed(*_said(limit))


def _said(limit: Timed) -> tuple[int, datetime | None, int | None]:
    return limit.book_id, limit.act_at, limit.calendar.number if limit.calendar else None


def _feed(book_id: int, act_at: datetime | None, number: int | None) -> None:
    if act_at is None or number is None:
        ring(book_id, act_at)
        if number is not None:
            _lower("counted_by", number, book_id)
        return
    due = connection.ops.adapt_datetimefield_value(act_at)
    with connection.cursor() as cursor:
        cursor.execute(LOWER_BOTH, [due, due, number, number, book_id, due, number])


# Every limit that begins passes here.
LOWER = "UPDATE ledger_book SET {0} = %s WHERE id = %s AND ({0} IS NULL OR {0} > %s)"


LOWER_BOTH = (
    "UPDATE ledger_book"
    " SET next_due = CASE WHEN next_due < %s THEN next_due ELSE %s END,"
    " counted_by = CASE WHEN counted_by < %s THEN counted_by ELSE %s END"
    " WHERE id = %s AND (next_due IS NULL OR next_due > %s OR counted_by IS NULL OR counted_by > %s)"
)


def _lower(column: str, value: Any, book_id: int) -> None:
    """Lower a mark of a book to a value, where it stands higher or nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(LOWER.format(column), [value, book_id, value])


def feed_all(limits: Sequence[Timed]) -> None:
    """Tell many limits' books what `feed` tells of each: rows with the same values in one statement."""
    said = set(map(_said, limits))
    if len(said) == 1:
        _feed(*said.pop())
    elif said:
        _feed_each(said)


def _feed_each(said: Iterable[tuple[int, datetime | None, int | None]]) -> None:
    rings, counted = defaultdict(set), defaultdict(set)
    for book, act_at, edition in said:
        if act_at is not None:
            rings[act_at].add(book)
        if edition is not None:
            counted[edition].add(book)
    for act_at, books in rings.items():
        if len(books) == 1:
            ring(next(iter(books)), act_at)
            continue
        late = Q(next_due__isnull=True) | Q(next_due__gt=act_at)
        Book.objects.filter(late, pk__in=books).update(next_due=act_at)
    for number, books in counted.items():
        if len(books) == 1:
            _lower("counted_by", number, next(iter(books)))
            continue
        later = Q(counted_by__isnull=True) | Q(counted_by__gt=number)
        Book.objects.filter(later, pk__in=books).update(counted_by=number)


def grace(rulebook: RulebookEdition) -> timedelta:
    """Return P24: how long after expiry the sweep waits, so that a reply under way still counts."""
    return timedelta(seconds=value_of(rulebook, "P24").number)


def reckon(limit: Timed, calendar: Calendar, wait: timedelta) -> None:
    """Derive the due instant from start, budget and calendar; no date where the calendar ends or the clock stands."""
    try:
        due = ends(limit, calendar)
    except CalendarGap:
        limit.due_at, limit.act_at, limit.provisional = None, None, True
        return
    limit.due_at, limit.act_at, limit.provisional = due, due and due + wait, False


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
    """Start a limit at an instant; its number comes from the rulebook unless a shorter `length` is given.

    Raises ValueError for a `length` that is no day at all; that something is to be done the same day says the rulebook.
    """
    if length is not None and length < 1:
        raise ValueError(f"limit {rule.code} of {length} days: a limit has at least one")
    edition, rulebook = edition_at(at), rulebook or rulebook_at(at)
    if length is None:
        length = rule.length
    if length is None:
        value = _number(rule, rulebook, at)
        length = value.number
        limit.unit = unit_said(value.unit)
    limit.rule, limit.length, limit.started_at = rule.code, length, at
    limit.calendar, limit.ended_at, limit.interrupted = edition, None, False
    reckon(limit, calendar_of(edition), grace(rulebook))
    if save:
        write(limit)
        feed(limit)
    return limit


def start_all(limits: Sequence[Timed], rule: Rule, *, at: datetime) -> None:
    """Start new limits of one rule at one instant, counted once for all; the caller writes and feeds them."""
    if not limits:
        return
    start(limits[0], rule, at=at, save=False)
    first = limits[0].__dict__
    for limit in limits[1:]:
        limit.__dict__.update({name: first[name] for name in STARTED})
        limit.calendar = limits[0].calendar


# What `start` says of a limit that is new.
STARTED = (
    "rule",
    "length",
    "unit",
    "started_at",
    "ended_at",
    "interrupted",
    "due_at",
    "act_at",
    "provisional",
)


def end(limit: Timed, *, at: datetime, save: bool = True) -> None:
    """End a limit: what was to be done has been done, or what silence means has happened."""
    limit.ended_at, limit.act_at = at, None
    if limit.interrupted:
        close_all(limit, at)
    if save:
        write(limit)


def close_all(limit: Timed, at: datetime) -> None:
    """End what still stops the clock of a limit that has itself ended: nothing waits for it any more."""
    for stop in interruptions(limit).standing:
        Suspension.objects.filter(pk=stop.pk).update(until=max(at, stop.since))
    forget(limit)


def act_next(limit: Timed, act_at: datetime | None) -> None:
    """Tell the sweep when to look at a limit again; the caller saves the row."""
    limit.act_at = act_at
    ring(limit.book_id, act_at)


def working_morning(calendar: Calendar, after: date, nth: int) -> datetime | None:
    """Return 00:00 of the nth working day after a day; None past the calendar's end."""
    try:
        return start_of(calendar.add_working(after, nth))
    except CalendarGap:
        return None


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant of a day in the county's zone."""
    return start_of(day) + timedelta(hours=hour, minutes=minute)


def today(at: datetime) -> date:
    """Return the county's day of an instant."""
    return timezone.localdate(at)
