"""The calendar as it was known on each day that a State Council notice was issued.

A calendar file holds one year: `year`, `edition` ("current", or "original" for a state that a later
notice replaced), `status`, `notices` (number, issued, url) and `days` (date, name_zh, kind, notice).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.deadlines.calendar.days import Calendar, Mark

_SUPERSEDED = re.compile(r"superseded (\d{4}-\d{2}-\d{2}) by")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarFile:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CalendarFault:
    """`place` is a path inside the file, such as days[3].date."""

    file: str
    place: str
    message: str
    line: int = 1


class CalendarError(ValueError):
    def __init__(self, faults: Iterable[CalendarFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(f"{f.file}:{f.line}:{f.place} {f.message}" for f in self.faults)


@dataclass(frozen=True, slots=True)
class Notice:
    number: str
    issued: date
    url: str


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


@dataclass(frozen=True, slots=True)
class _Year:
    file: str
    year: int
    notices: Mapping[str, Notice]
    marks: Mapping[date, Mark]
    superseded: date | None

    @property
    def known_from(self) -> date:
        return min(n.issued for n in self.notices.values())


def editions_from(files: Iterable[CalendarFile]) -> list[CalendarEditionData]:
    """One edition per day on which a notice was issued, oldest first.

    A year is covered once its own first notice is issued. Raises CalendarError with every fault.
    """
    faults: list[CalendarFault] = []
    years = [year for file in files if (year := _Reader(file, faults).read()) is not None]
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


def _edition(number: int, known_from: date, years: list[_Year]) -> CalendarEditionData | None:
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
        notices=tuple(sorted(notices.values(), key=lambda n: (n.issued, n.number))),
    )


def _in_force(file: _Year, known_from: date, years: list[_Year]) -> bool:
    """Whether this file, and not another state of its year, tells what was known on that day."""
    if file.known_from > known_from:
        return False
    if file.superseded is not None:
        return known_from < file.superseded
    replaced = [y.superseded for y in years if y.year == file.year and y.superseded]
    return all(known_from >= day for day in replaced)


def _span_faults(years: list[_Year], broken: set[str]) -> list[CalendarFault]:
    """Two files for one year, or none; a file with faults of its own is not called missing too."""
    faults: list[CalendarFault] = []
    current: dict[int, _Year] = {}
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
            text = _("缺少 %(year)s 年的日历，年度之间不得有空缺") % {"year": number}
            faults.append(CalendarFault(f"calendar/{number}.json", "-", text))
    return faults


class _Reader:
    """Reads one file and writes down every fault with the line it stands on."""

    def __init__(self, file: CalendarFile, faults: list[CalendarFault]) -> None:
        self.file, self.faults = file, faults
        self.clean = True
        self.day_lines = _day_lines(file.text)

    def fault(self, place: str, message: str, line: int = 1) -> None:
        self.clean = False
        self.faults.append(CalendarFault(self.file.name, place, message, line))

    def read(self) -> _Year | None:
        try:
            data = json.loads(self.file.text)
        except json.JSONDecodeError as error:
            self.fault(
                str(error.colno),
                _("不是有效的 JSON：%(why)s") % {"why": error.msg},
                error.lineno,
            )
            return None
        missing = {"year", "edition", "status", "notices", "days"} - set(data)
        for key in sorted(missing):
            self.fault(key, _("缺少“%(key)s”") % {"key": key})
        if missing:
            return None
        if not isinstance(data["year"], int):
            self.fault("year", _("年度应为四位数字"))
            return None
        notices = self._notices(data["notices"])
        marks = self._marks(data["year"], data["days"], notices)
        superseded = self._superseded(data)
        if not notices:
            self.fault("notices", _("没有列出任何通知"))
        if not self.clean:
            return None
        return _Year(self.file.name, data["year"], notices, marks, superseded)

    def _superseded(self, data: Mapping[str, Any]) -> date | None:
        if data["edition"] == "current":
            return None
        found = _SUPERSEDED.search(str(data["status"]))
        if data["edition"] != "original" or found is None:
            self.fault("status", _("被取代的日历应写明取代它的日期和通知"))
            return None
        return self._date(found[1], "status", 1)

    def _date(self, text: object, place: str, line: int) -> date | None:
        try:
            return date.fromisoformat(str(text))
        except ValueError:
            self.fault(place, _("“%(text)s”不是有效日期") % {"text": text}, line)
            return None

    def _notices(self, rows: list[Mapping[str, Any]]) -> dict[str, Notice]:
        notices: dict[str, Notice] = {}
        for i, row in enumerate(rows):
            issued = self._date(row.get("issued"), f"notices[{i}].issued", 1)
            number = str(row.get("number", ""))
            if issued is not None:
                notices[number] = Notice(number, issued, str(row.get("url", "")))
        return notices

    def _marks(
        self, year: int, rows: list[Mapping[str, Any]], notices: Mapping[str, Notice]
    ) -> dict[date, Mark]:
        marks: dict[date, Mark] = {}
        for i, row in enumerate(rows):
            line = self.day_lines[i] if i < len(self.day_lines) else 1
            day = self._date(row.get("date"), f"days[{i}].date", line)
            kind = row.get("kind")
            if kind not in ("off", "work"):
                text = _("“%(kind)s”不是 off 或 work") % {"kind": kind}
                self.fault(f"days[{i}].kind", text, line)
                continue
            if row.get("notice") not in notices:
                self.fault(f"days[{i}].notice", _("该日所依据的通知没有列出"), line)
            if day is None:
                continue
            if day in marks:
                text = _("%(day)s 重复出现") % {"day": day.isoformat()}
                self.fault(f"days[{i}].date", text, line)
            if day.year != year:
                text = _("%(day)s 不属于 %(year)s 年") % {
                    "day": day.isoformat(),
                    "year": year,
                }
                self.fault(f"days[{i}].date", text, line)
            if kind == "work" and day.weekday() < _SATURDAY:
                self.fault(f"days[{i}].kind", _("调休上班日只能是星期六或星期日"), line)
            marks[day] = Mark(kind, str(row.get("name_zh", "")), str(row.get("notice", "")))
        return marks


def _day_lines(text: str) -> list[int]:
    """The line on which each element of `days` begins; empty where the text cannot be followed."""
    found = re.search(r'"days"\s*:\s*\[', text)
    if found is None:
        return []
    lines: list[int] = []
    decoder, at = json.JSONDecoder(), found.end()
    while at < len(text):
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        if text[at : at + 1] in ("", "]"):
            break
        lines.append(text.count("\n", 0, at) + 1)
        try:
            at = decoder.raw_decode(text, at)[1]
        except json.JSONDecodeError:
            break
    return lines
