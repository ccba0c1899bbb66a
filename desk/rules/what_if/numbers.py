"""The numbers a case is judged by: its own edition, the edition in force, and what is changed in thought."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from core.deadlines.calendar import Calendar, CalendarGap, Stop, course
from core.deadlines.counting import last_day_of
from core.deadlines.queries import end_of, start_of

NATURAL = ("natural_day", "day")
# 00:00 of a morning begins that day; told apart from 24:00, which ends the day before.
FIRST_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the rulebook: how many of what; `unit` as limits count it."""

    length: int
    unit: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """What changed one run of a limit: suspensions from and until (None: they stand), extensions, a signature.

    `signed` says when, and for which edition of the calendar: it ends as that edition has it, though earlier.
    """

    stops: tuple[tuple[datetime, datetime | None], ...] = ()
    longer: tuple[tuple[datetime, int], ...] = ()  # when days were added, and how many
    signed: tuple[datetime, str] | None = None

    @property
    def standing(self) -> bool:
        """Whether a suspension has not ended."""
        return any(until is None for _since, until in self.stops)

    @property
    def whole(self) -> list["Breaks"]:
        """Return each by itself, in the order in which they came."""
        parts = [(since, Breaks(stops=((since, until),))) for since, until in self.stops]
        parts += [(at, Breaks(longer=((at, days),))) for at, days in self.longer]
        if self.signed is not None:
            parts.append((self.signed[0], Breaks(signed=self.signed)))
        return [part for _at, part in sorted(parts, key=lambda one: one[0])]

    @property
    def begins(self) -> datetime | None:
        """The instant of one that stands by itself."""
        if self.signed is not None:
            return self.signed[0]
        changes = self.stops or self.longer
        return changes[0][0] if changes else None

    def and_also(self, other: "Breaks") -> "Breaks":
        """Return two together."""
        signed = self.signed or other.signed
        return Breaks((*self.stops, *other.stops), (*self.longer, *other.longer), signed)

    @property
    def added(self) -> int:
        """Return the days that were added in all."""
        return sum(days for _at, days in self.longer)


UNBROKEN = Breaks()


def number_of(value: str, unit: str) -> Number | None:
    """Return a row of the rulebook as a number; None for a flag, a date or opening hours."""
    if not value.isdecimal():
        return None
    return Number(int(value), "natural_day" if unit in NATURAL else unit)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the rulebook."""

    pk: int
    in_force_from: date
    numbers: Mapping[str, Number]


@dataclass(frozen=True)
class Numbers:
    """What holds for a case: `changed` before its pinned edition, that before the one in force on the day."""

    pinned: Mapping[str, Number]
    editions: Sequence[Edition]  # by their first day
    changed: Mapping[str, Number] = field(default_factory=dict)

    def in_force(self, code: str, day: date) -> Number | None:
        """Return a number as it was in force on a day, or as it is changed."""
        if code in self.changed:
            return self.changed[code]
        found = [e for e in self.editions if e.in_force_from <= day]
        return found[-1].numbers.get(code) if found else None

    def of(self, code: str, at: datetime) -> Number | None:
        """Return the number of a limit that starts at an instant."""
        if code in self.changed:
            return self.changed[code]
        if code in self.pinned:
            return self.pinned[code]
        return self.in_force(code, timezone.localdate(at))


class _Reckon(NamedTuple):
    """The end of a limit as it is asked for."""

    started: datetime
    number: Number
    received: bool
    ended: datetime | None
    fixed: bool


class Days:
    """The calendars as they became known, and the instants they give. One for all cases: what is reckoned is kept."""

    def __init__(self, known: Sequence[tuple[date, Calendar]]) -> None:
        self.since = [day for day, _calendar in known]
        self.calendars = [calendar for _day, calendar in known]
        self._dates: dict[datetime, tuple[date, date]] = {}
        self._ends: dict[tuple[date, int, str, bool, int, Breaks], datetime | None] = {}
        self._mornings: dict[tuple[datetime, int], datetime | None] = {}

    def _of(self, instant: datetime) -> tuple[date, date]:
        """Return the county's day of an instant, and the day it belongs to as an end (24:00 is the day before)."""
        found = self._dates.get(instant)
        if found is None:
            found = self._dates[instant] = timezone.localdate(instant), last_day_of(instant)
        return found

    def day(self, instant: datetime) -> date:
        """Return the county's day of an instant."""
        return self._of(instant)[0]

    def _known(self, day: date) -> int:
        return max(bisect_right(self.since, day) - 1, 0)

    def at(self, instant: datetime) -> Calendar:
        """Return the calendar known at an instant."""
        return self.calendars[self._known(self.day(instant))]

    def due(
        self, started: datetime, number: Number, *, received: bool = False,
        ended: datetime | None = None, fixed: bool = False, breaks: Breaks = UNBROKEN,
    ) -> datetime | None:  # fmt: skip
        """Return the end of a limit; None where no calendar reaches, or where its clock stands.

        A calendar that becomes known while it runs dates or lengthens it and never shortens it; what was published
        with its date (`fixed`) stays. What would have stopped or lengthened it after its end does nothing.
        """
        reckon = _Reckon(started, number, received, ended, fixed)
        found, had = self._due(reckon, UNBROKEN), UNBROKEN
        for part in breaks.whole:
            if found is None and had.standing:
                return None
            if found is None or part.begins is None or part.begins <= found:
                had = had.and_also(part)
                found = self._due(reckon, had)
        return found

    def _due(self, reckon: "_Reckon", breaks: Breaks) -> datetime | None:
        started, number, received, ended, fixed = reckon
        day, first = self._of(started)
        place = self._known(day)
        if breaks.signed is not None:
            place, fixed = self._numbered(breaks.signed[1]), True
        found = self._end(first, number, received, place, breaks)
        if fixed or breaks.standing:
            return found
        for later in range(place + 1, len(self.since)):
            news = self.since[later]
            if (found and self._of(found)[1] < news) or (ended and self.day(ended) < news):
                break
            again = self._end(first, number, received, later, breaks)
            if again is not None and (found is None or again > found):
                found = again
        return found

    def _end(
        self, first: date, number: Number, received: bool, place: int, breaks: Breaks
    ) -> datetime | None:
        key = (first, number.length, number.unit, received, place, breaks)
        if key not in self._ends:
            calendar = self.calendars[place]
            try:
                day = calendar.on_or_after(first) if received else first
                self._ends[key] = self._counted(calendar, day, number, breaks)
            except CalendarGap:
                self._ends[key] = None
        return self._ends[key]

    def _numbered(self, edition: str) -> int:
        return next(n for n, one in enumerate(self.calendars) if one.edition == edition)

    def _counted(
        self, calendar: Calendar, day: date, number: Number, breaks: Breaks
    ) -> datetime | None:
        if breaks is UNBROKEN:
            return end_of(calendar.due(day, number.length, number.unit))
        stops = [
            Stop(self._of(since)[1], self._of(until)[1] if until else None)
            for since, until in breaks.stops
        ]
        last = course(calendar, day, number.length + breaks.added, number.unit, stops).due
        return end_of(last) if last else None

    def morning(self, ends: datetime, nth: int) -> datetime | None:
        """Return 00:00 of the nth working day after an instant's day, by the calendar known when it comes."""
        key = ends, nth
        if key not in self._mornings:
            found = self._morning(self.at(ends), ends, nth)
            self._mornings[key] = self._morning(self.at(found), ends, nth) if found else None
        return self._mornings[key]

    def _morning(self, calendar: Calendar, ends: datetime, nth: int) -> datetime | None:
        try:
            return start_of(calendar.add_working(self._of(ends)[1], nth))
        except CalendarGap:
            return None

    def keeps_notice(self, reached: datetime, opens: datetime, days: int) -> bool:
        """Whether so many working days lay between a summons and the opening; in doubt not."""
        try:
            first = self.at(reached).add_working(self.day(reached), days)
        except CalendarGap:
            return False
        return self.day(opens) >= first

    def apart(self, before: datetime, after: datetime) -> int | None:
        """Return by how many working days an end moves: later is more than zero; None outside the calendar."""
        return self.between(self._of(before)[1], self._of(after)[1])

    def between(self, a: date | None, b: date | None) -> int | None:
        """Return by how many working days a day moves; None where one is unknown or outside the calendar."""
        if a is None or b is None:
            return None
        calendar = self.calendars[-1]
        try:
            if a <= b:
                return calendar.working_days_between(a, b)
            return -calendar.working_days_between(b, a)
        except CalendarGap:
            return None

    def after(self, instant: datetime) -> datetime:
        """Return the first instant at which one may act after an end: 24:00 of a day ends it, the next day begins."""
        day, ends = self._of(instant)
        return instant if day == ends else instant + FIRST_INSTANT

    def working_day(self, instant: datetime) -> date | None:
        """Return the day of an instant, or the next one that is worked; None outside the calendar."""
        try:
            return self.at(instant).on_or_after(self.day(instant))
        except CalendarGap:
            return None
