"""The earliest start of a session that keeps every minimum notice, and why it is none before it: a pure function.

Whatever it needs is handed to it: the days with their working hours, who is where, which rooms there are. It proposes
and decides nothing; the convenor may call for another moment, and calling checks the notice for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

HALF_HOUR = timedelta(minutes=30)

NOTICE = _("不够提前通知的天数")
DAY_OFF = _("不上班")
TOO_SHORT = _("当天的工作时间不够长")
AWAY = _("部门登记不便")
BUSY = _("部门已有会次")
NO_ROOM = _("没有空闲的会议室")
NO_CALENDAR = _("以后的放假安排尚未公布，不能推算")
NONE_FREE = _("列出的日子里没有可行的时间")


@dataclass(frozen=True)
class Taken:
    """A span of time that is taken; `what` says by what."""

    starts: datetime
    ends: datetime
    what: str = ""

    def meets(self, starts: datetime, ends: datetime) -> bool:
        """Whether it overlaps another span; one that ends as the other begins does not."""
        return self.starts < ends and starts < self.ends


@dataclass(frozen=True)
class Day:
    """One day of the calendar with its working hours; none where it is not worked."""

    day: date
    spans: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True)
class Wish:
    """What is to be found a time for. `first` is the first day that keeps the notice to every department."""

    days: Sequence[Day]
    first: date
    minutes: int
    after: datetime | None = None  # nothing begins before it
    busy: Mapping[str, Sequence[Taken]] = field(default_factory=dict)  # by department
    away: Mapping[str, Mapping[date, str]] = field(default_factory=dict)
    rooms: Mapping[str, Sequence[Taken]] | None = None  # None: no room is needed (a survey)
    known_to_its_end: bool = True  # False: the days end where no calendar is published


@dataclass(frozen=True)
class Passed:
    """Why a time was passed over: from the first start to the last one for which it holds."""

    day: date
    why: Any
    who: str = ""
    what: str = ""
    starts: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """The earliest start with its room; None with the reason where there is none. `passed` says why not earlier."""

    starts: datetime | None
    room: str = ""
    passed: Sequence[Passed] = ()
    why_none: Any = ""


def halves(starts: datetime, minutes: int) -> list[datetime]:
    """Return the half hours, by the clock, that a session touches."""
    first = starts - timedelta(
        minutes=starts.minute % 30, seconds=starts.second, microseconds=starts.microsecond
    )
    found, ends = [], starts + timedelta(minutes=max(minutes, 1))
    while first < ends:
        found.append(first)
        first += HALF_HOUR
    return found


def propose(wish: Wish) -> Proposal:
    """Return the earliest start that suits everybody, and every time before it with the reason against it."""
    passed: list[Passed] = []
    for day in wish.days:
        if against := _whole_day(day, wish):
            passed.append(against)
            continue
        for starts in _starts(day, wish):
            refusal, room = _at(starts, wish)
            if refusal is None:
                return Proposal(starts, room, passed)
            _add(passed, refusal)
    why = NONE_FREE if wish.known_to_its_end else NO_CALENDAR
    return Proposal(None, passed=passed, why_none=why)


def _whole_day(day: Day, wish: Wish) -> Passed | None:
    """Return what speaks against a whole day."""
    if not day.spans:
        return Passed(day.day, DAY_OFF)
    if day.day < wish.first:
        return Passed(day.day, NOTICE)
    for who in sorted(wish.away):
        if day.day in wish.away[who]:
            return Passed(day.day, AWAY, who, wish.away[who][day.day])
    return None if any(_starts(day, wish)) else Passed(day.day, TOO_SHORT)


def _starts(day: Day, wish: Wish) -> Iterator[datetime]:
    """Yield the half hours of a day at which a session of this length can begin within the working hours."""
    lasts = timedelta(minutes=wish.minutes)
    for opens, closes in day.spans:
        starts = opens
        while starts + lasts <= closes:
            if wish.after is None or starts >= wish.after:
                yield starts
            starts += HALF_HOUR


def _at(starts: datetime, wish: Wish) -> tuple[Passed | None, str]:
    """Return what speaks against one start, or the room for it."""
    ends, day = starts + timedelta(minutes=wish.minutes), starts.date()
    for who in sorted(wish.busy):
        clash = next((t for t in wish.busy[who] if t.meets(starts, ends)), None)
        if clash is not None:
            return Passed(day, BUSY, who, clash.what, starts, starts), ""
    if wish.rooms is None:
        return None, ""
    for room, taken in wish.rooms.items():
        if not any(t.meets(starts, ends) for t in taken):
            return None, room
    return Passed(day, NO_ROOM, "", "", starts, starts), ""


def clashes(
    busy: Mapping[str, Sequence[Taken]],
    away: Mapping[str, Mapping[date, str]],
    starts: datetime,
    ends: datetime,
) -> list[Passed]:
    """Return whom a session of these hours would meet away or elsewhere, one department after the other."""
    day, found = starts.date(), list[Passed]()
    for who in sorted({*busy, *away}):
        if day in away.get(who, {}):
            found.append(Passed(day, AWAY, who, away[who][day]))
        elsewhere = [one for one in busy.get(who, ()) if one.meets(starts, ends)]
        found += [Passed(day, BUSY, who, one.what, one.starts, one.starts) for one in elsewhere]
    return found


def _add(passed: list[Passed], one: Passed) -> None:
    """Add a refusal; where the one before says the same of the same day, it reaches further instead."""
    last = passed[-1] if passed else None
    same = last is not None and (last.day, last.why, last.who, last.what) == (
        one.day, one.why, one.who, one.what,
    )  # fmt: skip
    if last is not None and same:
        passed[-1] = Passed(one.day, one.why, one.who, one.what, last.starts, one.until)
    else:
        passed.append(one)
