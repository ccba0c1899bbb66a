"""A budget of days that can be stopped: which days count, how many are left, and when the period ends. Pure.

The rule of a stop, to the day. A suspension is itself a period: the day on which it is opened is not counted as one of
its days (民法典 art. 201) and so still belongs to the limit; every day after it up to and including the day on which it
ends belongs to the suspension, and the limit goes on counting the day after, for the day of resuming begins a period
anew (art. 201 again). Opened and ended on the same day it changes nothing. Overlapping suspensions are the union of
their days. What is left after the resuming is exactly the budget less the days counted before.

The end. A limit never ends on a day on which its clock stood for a part of it: if the last counted day is such a day
(the suspension was opened on it), the end moves on to the next working day on which the clock runs, as it moves off a
day that is not worked (art. 203). So nobody loses the rest of a last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core.deadlines.calendar.days import WORKING_DAY, Calendar, CalendarGap, DayRow

COUNTED_IN: Final = (WORKING_DAY, "natural_day")
BY_CALENDAR: Final = ("month", "year")  # counted from day to corresponding day (民法典 art. 202)
ONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """A suspension by its days: opened on `since`, ended on `until`, both as dates; None: not ended."""

    since: date
    until: date | None
    why: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(
                f"a suspension that ends on {self.until}, before it starts: {self.since}"
            )

    def stops(self, day: date) -> bool:
        """Whether the clock stood on a day, so that it is not counted."""
        return self.since < day and (self.until is None or day <= self.until)

    def touches(self, day: date) -> bool:
        """Whether it keeps a limit from ending on a day: the clock stood on it, or at its end."""
        return self.since <= day and (self.until is None or self.since < self.until >= day)


@dataclass(frozen=True, slots=True)
class Course:
    """How a budget was used; without `due` the clock stands, or `missing`, a day of no calendar, is needed."""

    rows: tuple[DayRow, ...]
    used: int
    rest: int
    due: date | None = None
    missing: date | None = None


def merged(stops: Iterable[Stop]) -> list[tuple[date, date | None]]:
    """Return the spans during which the clock stood, joined where they overlap or touch, whatever their order."""
    spans: list[tuple[date, date | None]] = []
    for stop in sorted(stops, key=lambda s: s.since):
        if stop.until == stop.since:
            continue
        before = spans[-1] if spans else None
        if before is None or (before[1] is not None and before[1] < stop.since):
            spans.append((stop.since, stop.until))
        elif before[1] is not None:
            last = None if stop.until is None else max(before[1], stop.until)
            spans[-1] = (before[0], last)
    return spans


def course(
    calendar: Calendar,
    start: date,
    budget: int,
    unit: str,
    stops: Sequence[Stop] = (),
    *,
    until: date | None = None,
) -> Course:
    """Count `budget` days from an event on `start`, which is not counted, around the stops.

    Where the clock stands without an end, the days up to `until` are shown as suspended. Raises ValueError for a
    negative budget or an unknown unit; a calendar that ends raises nothing.

    A period of months has no days of its own until something stops it: it then has as many as it would have had
    without the stop, to the corresponding day, and used and rest are told in days.
    """
    if budget < 0:
        raise ValueError(f"a period cannot be negative: {budget}")
    if unit in BY_CALENDAR and not calendar.covers(start):
        return Course((), 0, 0, missing=start)
    if unit in BY_CALENDAR:
        budget, unit = (calendar.nominal_end(start, budget, unit) - start).days, "natural_day"
    if unit not in COUNTED_IN:
        raise ValueError(
            f"unknown unit {unit!r}, known are {', '.join((*COUNTED_IN, *BY_CALENDAR))}"
        )
    counting = _Counting(calendar, budget, unit, stops)
    try:
        return counting.through(start, until)
    except CalendarGap as gap:
        used = counting.used
        return Course(tuple(counting.rows), used, budget - used, missing=gap.day)


class _Counting:
    """One walk from day to day."""

    def __init__(self, calendar: Calendar, budget: int, unit: str, stops: Sequence[Stop]) -> None:
        self.calendar, self.budget, self.unit, self.stops = calendar, budget, unit, stops
        self.rows: list[DayRow] = []
        self.used = 0
        still = [stop.since for stop in stops if stop.until is None]
        self.stands_from = min(still) if still else None

    def through(self, start: date, until: date | None) -> Course:
        day = start
        self.rows.append(DayRow(start, "start", None, self.calendar.day(start).name))
        while not self._over(day):
            if self.stands_from is not None and day >= self.stands_from:
                self._stand(day, until)
                return Course(tuple(self.rows), self.used, self.budget - self.used)
            day += ONE
            self.rows.append(self._row(day))
        return Course(tuple(self.rows), self.used, 0, due=day)

    def _over(self, day: date) -> bool:
        """Whether the period ends on a day: all is counted, the day is worked, and the clock runs to its end."""
        if self.used < self.budget or not self.calendar.is_working(day):
            return False
        return not any(stop.touches(day) for stop in self.stops)

    def _row(self, day: date) -> DayRow:
        info = self.calendar.day(day)
        why = [stop.why for stop in self.stops if stop.stops(day)]
        if why:
            return DayRow(day, "suspended", None, "、".join(dict.fromkeys(filter(None, why))))
        if self.used < self.budget and (info.working or self.unit != WORKING_DAY):
            self.used += 1
            return DayRow(
                day, "makeup" if info.kind == "makeup" else "counted", self.used, info.name
            )
        if info.working:
            held = [stop.why for stop in self.stops if stop.touches(day)]
            return DayRow(
                day, "suspended" if held else "rolled", None, "、".join(held) or info.name
            )
        mark: Any = info.kind  # of a day that is not worked the kind is its mark
        return DayRow(day, mark, None, info.name)

    def _stand(self, day: date, until: date | None) -> None:
        """Show the days of a suspension that has not ended: the first of them, and on through `until`."""
        last = day if until is None else max(until, day + ONE)
        while day < last:
            day += ONE
            self.rows.append(self._row(day))
