"""窗口时间: when the counter closes, by season.

Law: a period ends when business ends where there are business hours (民法典 art. 203); online it ends at 24:00. The
hours are the county's own (certainty I): P23a to P23d of its rulebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from core.deadlines.calendar import Calendar

Span = tuple[time, time]
Channel = Literal["online", "counter"]
SUMMER, WINTER, SUMMER_FROM, WINTER_FROM = CODES = ("P23a", "P23b", "P23c", "P23d")


@dataclass(frozen=True, slots=True)
class CounterHours:
    """The opening spans of both seasons, and the (month, day) on which each begins."""

    summer: tuple[Span, ...]
    winter: tuple[Span, ...]
    summer_from: tuple[int, int]
    winter_from: tuple[int, int]

    def in_summer(self, day: date) -> bool:
        """Whether the summer hours hold on a day; a season may run over the turn of the year."""
        here = (day.month, day.day)
        if self.summer_from <= self.winter_from:
            return self.summer_from <= here < self.winter_from
        return not self.winter_from <= here < self.summer_from

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return when the counter is open on a working day."""
        return self.summer if self.in_summer(day) else self.winter

    def closes(self, day: date) -> time:
        """Return when the counter closes on a working day."""
        return self.spans(day)[-1][1]

    def last_instant(self, day: date, channel: Channel, zone: tzinfo) -> datetime:
        """Return the last instant of a day at which an act through a channel is in time."""
        if channel == "online":
            return datetime.combine(day + timedelta(days=1), time(), zone)
        return datetime.combine(day, self.closes(day), zone)


def counted_from(hours: CounterHours, came: datetime, calendar: Calendar) -> datetime:
    """Return from when what came to the counter counts: at once until it closes, after that from its next opening.

    `came` is an instant of the county's zone. What is taken in before the counter opens, or over its noon, has
    come that day. Raises CalendarGap where the next working day is not published.
    """
    day = came.date()
    if calendar.is_working(day) and came <= hours.last_instant(day, "counter", came.tzinfo or UTC):
        return came
    following = calendar.next_working(day)
    return datetime.combine(following, hours.spans(following)[0][0], came.tzinfo)


def hours_from(values: Mapping[str, str]) -> CounterHours:
    """Return the hours that a rulebook's values say; KeyError where one is missing."""
    return CounterHours(
        _spans(values[SUMMER]), _spans(values[WINTER]), _day(values[SUMMER_FROM]), _day(values[WINTER_FROM]),
    )  # fmt: skip


def _spans(text: str) -> tuple[Span, ...]:
    """Read 08:30-12:00;14:30-18:00."""
    pairs = (span.split("-") for span in text.split(";"))
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


def _day(text: str) -> tuple[int, int]:
    """Read 05-01."""
    month, day = text.split("-")
    return int(month), int(day)
