"""One calendar: which days are worked, and when a period of time ends.

Law: a licensing period counts working days, holidays excluded (行政许可法 art. 82). The first day is
not counted (民法典 art. 201). A period of months or years ends on the corresponding day, or at the
month's end where there is none (art. 202). A last day that is not worked moves to the next worked
day (art. 203). A make-up Saturday or Sunday is a working day.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.utils.translation import gettext as _

DayKind = Literal["work", "weekend", "holiday", "makeup", "closure"]
RowMark = Literal[
    "start", "counted", "weekend", "holiday", "makeup", "closure", "suspended", "rolled", "shut"
]
MarkKind = Literal["off", "work", "shut"]

WORKING_DAY: Final = "working_day"
UNITS: Final = (WORKING_DAY, "natural_day", "month", "year")
_SATURDAY: Final = 5
_SKIPPED: Final[Mapping[str, RowMark]] = {"weekend": "weekend", "closure": "closure"}
_OFF: Final[Mapping[str, DayKind]] = {"off": "holiday", "shut": "closure"}


class CalendarGap(LookupError):
    """A day is needed for which no calendar has been published; `.day` says which."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day

    def __str__(self) -> str:
        return _("%(day)s 所在年度的节假日安排尚未载入，期限暂不能确定") % {
            "day": self.day.isoformat()
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """What a notice says of one day: off (放假) or work (调休上班), or the county's own: shut (停办)."""

    kind: MarkKind
    name: str
    notice: str


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    working: bool
    kind: DayKind
    name: str
    notice: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line of the explanation of a due date; `number` is the count where the day counts."""

    date: date
    mark: RowMark
    number: int | None
    name: str


class Calendar:
    """An immutable calendar from `first` to `last`, both included.

    Every question about a day outside raises CalendarGap: a weekday is never guessed to be worked.
    """

    __slots__ = ("_begin", "_dates", "_marks", "_rank", "_worked", "edition", "first", "last")

    def __init__(
        self, first: date, last: date, marks: Mapping[date, Mark], edition: str = ""
    ) -> None:
        if last < first:
            raise ValueError(f"calendar ends on {last}, before it begins on {first}")
        for day, mark in marks.items():
            if not first <= day <= last:
                raise ValueError(f"{day} lies outside the calendar {first} to {last}")
            if mark.kind not in ("off", "work", "shut"):
                raise ValueError(f"{day}: unknown kind {mark.kind!r}")
        self.first, self.last, self.edition = first, last, edition
        self._marks = dict(marks)
        self._worked: list[int] = []
        self._dates: list[date] = []  # the same days, ready to be handed out
        # _rank[i] is the number of working days among the first i + 1 days.
        self._rank: list[int] = []
        self._begin = first.toordinal()
        for ordinal in range(self._begin, last.toordinal() + 1):
            if self._works(date.fromordinal(ordinal)):
                self._worked.append(ordinal)
                self._dates.append(date.fromordinal(ordinal))
            self._rank.append(len(self._worked))

    def __repr__(self) -> str:
        return f"Calendar({self.edition or 'unnamed'}: {self.first} to {self.last})"

    def _works(self, day: date) -> bool:
        mark = self._marks.get(day)
        return mark.kind == "work" if mark else day.weekday() < _SATURDAY

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def _require(self, day: date) -> date:
        if not self.covers(day):
            raise CalendarGap(day)
        return day

    def is_working(self, day: date) -> bool:
        return self._works(self._require(day))

    def day(self, day: date) -> Day:
        """The day with the holiday it belongs to and the notice that says so."""
        working = self.is_working(day)
        mark = self._marks.get(day)
        weekend = day.weekday() >= _SATURDAY
        worked: DayKind = "makeup" if weekend else "work"
        kind: DayKind = worked if working else _OFF[mark.kind] if mark else "weekend"
        return Day(day, working, kind, mark.name if mark else "", mark.notice if mark else "")

    def _worked_at(self, index: int) -> date:
        if index < 0:
            raise CalendarGap(self.first - timedelta(days=1))
        if index >= len(self._dates):
            raise CalendarGap(self.last + timedelta(days=1))
        return self._dates[index]

    def next_working(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.add_working(day, 1)

    def on_or_after(self, day: date) -> date:
        """`day` itself where it is worked, else the next working day."""
        return self._worked_at(bisect_left(self._worked, self._require(day).toordinal()))

    def add_working(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is not counted; n = 0 is the same working day."""
        if n <= 0:
            _not_negative(n)
            return self.on_or_after(start)
        place = start.toordinal() - self._begin  # two look-ups in tables, whatever the length
        if not 0 <= place < len(self._rank):
            raise CalendarGap(start)
        nth = self._rank[place] + n - 1
        return self._dates[nth] if nth < len(self._dates) else self._worked_at(nth)

    def back_working(self, event: date, n: int) -> date:
        """The n-th working day before `event`, which is not counted: for notice to be given ahead.

        n = 0 is `event` itself.
        """
        _not_negative(n)
        self._require(event)
        if n == 0:
            return event
        return self._worked_at(bisect_left(self._worked, event.toordinal()) - n)

    def add_natural(self, start: date, n: int) -> date:
        """`start` + n days; a last day that is not worked moves to the next working day (民法典 203)."""
        _not_negative(n)
        return self.on_or_after(self._require(start) + timedelta(days=n))

    def add_months(self, start: date, n: int) -> date:
        """The corresponding day n months on, or that month's end (民法典 202), moved as in 203."""
        return self.on_or_after(_months_on(self._require(start), n))

    def due(self, start: date, length: int, unit: str) -> date:
        """The last day of a period of `length` units that begins with an event on `start`."""
        return self.on_or_after(self.nominal_end(start, length, unit))

    def nominal_end(self, start: date, length: int, unit: str) -> date:
        """Where the period ends before it is moved off a day that is not worked."""
        self._require(start)
        _not_negative(length)
        if unit == WORKING_DAY:
            return start if length == 0 else self.add_working(start, length)
        if unit == "natural_day":
            return start + timedelta(days=length)
        if unit == "month":
            return _months_on(start, length)
        if unit == "year":
            return _months_on(start, 12 * length)
        raise ValueError(f"unknown unit {unit!r}, known are {', '.join(UNITS)}")

    def working_days_between(self, a: date, b: date) -> int:
        """The number of working days after `a` up to and including `b`; 0 where b is not after a."""
        self._require(a)
        self._require(b)
        if b <= a:
            return 0
        return bisect_right(self._worked, b.toordinal()) - bisect_right(self._worked, a.toordinal())

    def explain(self, start: date, length: int, unit: str) -> list[DayRow]:
        """The days from `start` to the due date, each with the reason why it counts or not.

        The last row is the due date of `due`; the day it was moved to is marked "rolled".
        """
        end = self.due(start, length, unit)
        nominal = self.nominal_end(start, length, unit)
        rows = [DayRow(start, "start", None, self.day(start).name)]
        number = 0
        for day in self._days(start + timedelta(days=1), end):
            info = self.day(day)
            counts = day <= nominal and (info.working or unit != WORKING_DAY)
            number += counts
            mark: RowMark
            if counts:
                mark = "makeup" if info.kind == "makeup" else "counted"
            elif day == end:
                mark = "rolled"
            else:
                mark = _SKIPPED.get(info.kind, "holiday")
            rows.append(DayRow(day, mark, number if counts else None, info.name))
        return rows

    def waited(self, came: date, first: date) -> list[DayRow]:
        """The days from that on which something came to a closed counter until before that on which it opens."""
        rows = []
        for day in self._days(came, first - timedelta(days=1)):
            info = self.day(day)
            mark: RowMark = "shut" if info.working else _SKIPPED.get(info.kind, "holiday")
            rows.append(DayRow(day, mark, None, info.name))
        return rows

    @staticmethod
    def _days(first: date, last: date) -> Iterator[date]:
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield date.fromordinal(ordinal)


def receipt_day(calendar: Calendar, day: date) -> date:
    """What comes in on a day that is not worked counts as received on the next working day."""
    return calendar.on_or_after(day)


def _not_negative(n: int) -> None:
    if n < 0:
        raise ValueError(f"a period cannot be negative: {n}")


def _months_on(start: date, n: int) -> date:
    _not_negative(n)
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
