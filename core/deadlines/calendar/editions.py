"""The calendar as it was known on each day that a State Council notice was issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.deadlines.calendar.days import Calendar, Mark
from core.deadlines.calendar.files import (
    CalendarError,
    CalendarFault,
    CalendarFile,
    CalendarYear,
    Notice,
    read_years,
)


@dataclass(frozen=True, slots=True)
class CalendarEditionData:
    """The whole calendar as known from `known_from` on; each edition is complete in itself."""

    number: int
    known_from: date
    first: date
    last: date
    marks: Mapping[date, Mark]
    notices: tuple[Notice, ...]

    def calendar(self) -> Calendar:
        return Calendar(self.first, self.last, self.marks, edition=str(self.number))


def editions_from(files: Iterable[CalendarFile]) -> list[CalendarEditionData]:
    """One edition per day on which a notice was issued, oldest first.

    A year is covered once its own first notice is issued. Raises CalendarError with every fault.
    """
    faults: list[CalendarFault] = []
    years = [year for file in files for year in read_years(file, faults)]
    faults += _span_faults(years, broken={fault.file for fault in faults})
    if faults:
        raise CalendarError(faults)
    issued = sorted({n.issued for year in years for n in year.notices.values()})
    editions: list[CalendarEditionData] = []
    for known_from in issued:
        edition = _edition(len(editions) + 1, known_from, years)
        if edition is not None:
            editions.append(edition)
    return editions


def _edition(
    number: int, known_from: date, years: list[CalendarYear]
) -> CalendarEditionData | None:
    known = [y for y in years if _in_force(y, known_from, years)]
    first = min((y.year for y in years), default=0)
    covered = {y.year for y in known}
    last = first
    while last in covered:
        last += 1
    if last == first:
        return None
    kept = [y for y in known if y.year < last]
    notices = {n.number: n for y in kept for n in y.notices.values() if n.issued <= known_from}
    marks = {day: m for y in kept for day, m in y.marks.items() if m.notice in notices}
    return CalendarEditionData(
        number=number,
        known_from=known_from,
        first=date(first, 1, 1),
        last=date(last - 1, 12, 31),
        marks=dict(sorted(marks.items())),
        notices=_in_order(notices.values()),
    )


def _in_order(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(sorted(notices, key=lambda n: (n.issued, n.number)))


def _in_force(file: CalendarYear, known_from: date, years: list[CalendarYear]) -> bool:
    """Whether this file, and not another state of its year, tells what was known on that day."""
    if file.known_from > known_from:
        return False
    if file.superseded is not None:
        return known_from < file.superseded
    replaced = [y.superseded for y in years if y.year == file.year and y.superseded]
    return all(known_from >= day for day in replaced)


def _span_faults(years: list[CalendarYear], broken: set[str]) -> list[CalendarFault]:
    """Two files for one year, or none; a file with faults of its own is not called missing too."""
    faults: list[CalendarFault] = []
    current: dict[int, CalendarYear] = {}
    for year in years:
        if year.superseded is not None:
            continue
        if year.year in current:
            text = _("%(year)s 年有两个现行日历文件") % {"year": year.year}
            faults.append(CalendarFault(year.file, "year", text))
        current[year.year] = year
    if not current:
        return [] if broken else [CalendarFault("calendar", "-", _("没有任何现行日历文件"))]
    named = {year.year for year in years} | set(current)
    for number in range(min(named), max(named) + 1):
        if number not in current and f"calendar/{number}.json" not in broken:
            text = _missing(number)
            faults.append(CalendarFault(f"calendar/{number}.json", "-", text))
    return faults


def _missing(year: int) -> str:
    return _("缺少 %(year)s 年的日历，年度之间不得有空缺") % {"year": year}


# — one file more ————————————————————————————————————————————————————————————————————————

# 全国年节及纪念日放假办法 art. 2: no year's arrangement leaves one of these out.
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")


def extended(
    last: CalendarEditionData, file: CalendarFile, *, today: date, number: int
) -> CalendarEditionData:
    """Return the edition that a file makes of the last one: a new year, or a year that a new notice changed.

    Raises CalendarError with every fault; `today` is the day of loading, no notice is later.
    """
    faults: list[CalendarFault] = []
    years = read_years(file, faults)
    if not faults:
        faults += [fault for year in years for fault in _year_faults(year, last, today)]
        faults += _gap_faults(years, last)
        faults += _notice_faults(years, last, today, file.name)
    if faults:
        raise CalendarError(faults)
    new = {year.year for year in years}
    notices = {n.number: n for n in last.notices}
    notices |= {n.number: n for year in years for n in year.notices.values()}
    marks = {day: mark for day, mark in last.marks.items() if day.year not in new}
    marks |= {day: mark for year in years for day, mark in year.marks.items()}
    return CalendarEditionData(
        number=number,
        known_from=max(n.issued for n in notices.values()),
        first=last.first,
        last=max(last.last, date(max(new), 12, 31)),
        marks=dict(sorted(marks.items())),
        notices=_in_order(notices.values()),
    )


def _year_faults(
    year: CalendarYear, last: CalendarEditionData, today: date
) -> Iterable[CalendarFault]:
    if year.superseded is not None:
        yield CalendarFault(year.file, "edition", _("只接收现行的日历，不接收已被取代的"))
    if year.year < today.year or year.year < last.first.year:
        text = _("%(year)s 年已经过去，不能再改") % {"year": year.year}
        yield CalendarFault(year.file, "year", text)
    names = "".join(mark.name for mark in year.marks.values())
    for holiday in HOLIDAYS:
        if holiday not in names:
            said = {"year": year.year, "name": holiday}
            text = _("%(year)s 年没有列出“%(name)s”的安排：每个年度须写全年") % said
            yield CalendarFault(year.file, str(year.year), text)


def _gap_faults(
    years: Sequence[CalendarYear], last: CalendarEditionData
) -> Iterable[CalendarFault]:
    there = {year.year for year in years}
    for number in range(last.last.year + 1, max(there, default=0)):
        if number not in there:
            yield CalendarFault(years[0].file, str(number), _missing(number))


def _notice_faults(
    years: Sequence[CalendarYear], last: CalendarEditionData, today: date, file: str
) -> Iterable[CalendarFault]:
    known = {n.number: n for n in last.notices}
    said = {n.number: n for year in years for n in year.notices.values()}
    new = [n for n in said.values() if n.number not in known]
    if not new:
        yield CalendarFault(file, "notice", _("没有新的通知：现行日历里已有这些通知，要改动须有新的通知"))  # fmt: skip
    if len({n.issued for n in new}) > 1:
        yield CalendarFault(file, "issued", _("新的通知发布于不同的日子，请按发布的先后分次载入"))
    for notice in said.values():
        text = {"notice": notice.number, "day": notice.issued.isoformat()}
        if notice.issued > today:
            yield CalendarFault(file, "issued", _("%(notice)s的发布日%(day)s还没有到") % text)
        elif known.get(notice.number, notice).issued != notice.issued:
            why = _("%(notice)s的发布日与已载入的不同：%(day)s")
            yield CalendarFault(file, "issued", why % text)
        elif notice.number not in known and notice.issued <= last.known_from:
            why = _("%(notice)s（%(day)s）不晚于现行版的通知，日历只能在末尾增加新版")
            yield CalendarFault(file, "issued", why % text)
