"""What an edition of the calendar would do to every open limit, by the sweep's own function and without writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q

from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.models import CalendarEdition, timed_models
from core.deadlines.projecting import Came, advance
from core.deadlines.queries import calendar_of, edition_at, rulebook_at, start_of
from core.deadlines.services.limits import grace

TELLING = ("kept", "moved", "dated")
CHUNK = 2000


@dataclass(frozen=True)
class Change:
    """An open limit and what would come of it."""

    limit: Any
    came: Came

    @property
    def days(self) -> int:
        """By how many days the end would move; 0 where there was none."""
        if self.came.before is None or self.came.due is None:
            return 0
        return (self.came.due - self.came.before).days


def open_limits(since: CalendarEdition) -> Iterator[Any]:
    """Yield every limit that ran when an edition became known, and every one without a date."""
    running = Q(provisional=True) | Q(due_at__gt=start_of(since.known_from))
    for model in timed_models():
        rows = model.objects.filter(running, ended_at=None, started_at__isnull=False)
        found = rows.select_related("calendar").order_by("pk").iterator(CHUNK)
        while chunk := list(islice(found, CHUNK)):
            load_interruptions(chunk)  # what stopped or lengthened them, in two statements for all
            yield from chunk


def changes(edition: CalendarEdition, calendar: Calendar, at: datetime) -> Iterator[Change]:
    """Yield what a proposed edition would do to each open limit; `calendar` is its pure calendar.

    A limit that is behind the calendar of now is first brought up to it, in memory, as the sweep would.
    """
    wait = grace(rulebook_at(at))
    now = edition_at(at).number
    known = list(CalendarEdition.objects.filter(number__lte=now).order_by("number"))
    for row in open_limits(edition):
        if row.calendar is None:
            continue
        for later in known:
            if later.number > row.calendar.number:
                advance(row, later, calendar_of(later), wait)
        came = advance(row, edition, calendar, wait)
        if came.what in TELLING:
            yield Change(row, came)


def kept(at: datetime) -> Iterator[Change]:
    """Yield the open limits that end as they were served, though the calendar of now would end them earlier."""
    edition = edition_at(at)
    calendar, wait = calendar_of(edition), grace(rulebook_at(at))
    for model in timed_models():
        rows = model.objects.filter(
            ended_at=None, due_at__gt=at, calendar__number__lt=edition.number
        ).select_related("calendar", "book")
        rows = list(rows.order_by("due_at", "pk"))
        load_interruptions(rows)
        for row in rows:
            came = advance(row, edition, calendar, wait)
            if came.what == "kept":
                yield Change(row, came)
