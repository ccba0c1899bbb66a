"""One calendar file: read, checked line by line, and turned into whole years.

JSON holds one year: `year`, `edition` ("current", or "original" for a state that a later notice replaced), `status`,
`notices` (number, issued, url) and `days` (date, name_zh, kind, notice). A table (CSV) has a line for each day that
differs from its weekday, and may hold more than one year: a notice sometimes moves days of the year before.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from core.deadlines.calendar.days import Mark

_SUPERSEDED = re.compile(r"superseded (\d{4}-\d{2}-\d{2}) by")
_SATURDAY = 5
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")  # what a spreadsheet makes of a date
# The columns of a table: what they are called in the files of the pack, and in a clerk's.
COLUMNS: Final = {
    "date": "日期", "kind": "类别", "name": "名称", "notice": "通知", "issued": "发布日", "url": "网址",
}  # fmt: skip
KINDS: Final = {"off": "off", "work": "work", "放假": "off", "上班": "work"}


@dataclass(frozen=True, slots=True)
class CalendarFile:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CalendarFault:
    """`place` is a path inside the file, such as days[3].date, or the column of a table."""

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
class CalendarYear:
    """A year as one file has it; `superseded` is the day on which a later notice replaced this state of it."""

    file: str
    year: int
    notices: Mapping[str, Notice]
    marks: Mapping[date, Mark]
    superseded: date | None = None

    @property
    def known_from(self) -> date:
        return min(n.issued for n in self.notices.values())


def read_years(file: CalendarFile, faults: list[CalendarFault]) -> list[CalendarYear]:
    """Return the years of a file; with one fault in it none, and every fault is added to the list."""
    reader = _Reader(file, faults)
    made = reader.table() if file.name.lower().endswith(".csv") else reader.json()
    return made if reader.clean else []


class _Reader:
    """Reads one file and writes down every fault with the line it stands on."""

    def __init__(self, file: CalendarFile, faults: list[CalendarFault]) -> None:
        self.file, self.faults = file, faults
        self.clean = True

    def fault(self, place: str, message: str, line: int = 1) -> None:
        self.clean = False
        self.faults.append(CalendarFault(self.file.name, place, message, line))

    def json(self) -> list[CalendarYear]:
        try:
            data = json.loads(self.file.text)
        except json.JSONDecodeError as error:
            self.fault(str(error.colno), _("不是有效的 JSON：%(why)s") % {"why": error.msg}, error.lineno)  # fmt: skip
            return []
        if not self._shaped(data):
            return []
        lines = _day_lines(self.file.text)
        notices = self._notices(data["notices"])
        days = _Days(self, notices, lambda i, name: f"days[{i}].{name}")
        for i, row in enumerate(data["days"]):
            days.take(i, lines[i] if i < len(lines) else 1, row, year=data["year"])
        superseded = self._superseded(data)
        if not notices:
            self.fault("notices", _("没有列出任何通知"))
        return [CalendarYear(self.file.name, data["year"], notices, days.marks, superseded)]

    def _shaped(self, data: Any) -> bool:
        """Whether everything is there and of its kind; what is not has its fault."""
        if not isinstance(data, dict):
            self.fault("-", _("不是日历文件"))
            return False
        for key in sorted({"year", "edition", "status", "notices", "days"} - set(data)):
            self.fault(key, _("缺少“%(key)s”") % {"key": key})
        for key in ("notices", "days"):
            rows = data.get(key, [])
            if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
                self.fault(key, _("“%(key)s”应为列表") % {"key": key})
        if self.clean and (isinstance(data["year"], bool) or not isinstance(data["year"], int)):
            self.fault("year", _("年度应为四位数字"))
        return self.clean

    def table(self) -> list[CalendarYear]:
        rows = self._rows()
        notices = self._notices_of(rows)
        days = _Days(self, notices, lambda _i, name: name)
        for i, (line, row) in enumerate(rows):
            days.take(i, line, {**row, "name_zh": row["name"]})
        if not rows and self.clean:
            self.fault("-", _("文件里没有任何日期"))
        found = []
        for year in sorted({day.year for day in days.marks}):
            marks = {day: mark for day, mark in days.marks.items() if day.year == year}
            said = {mark.notice for mark in marks.values()}
            own = {number: n for number, n in notices.items() if number in said}
            found.append(CalendarYear(self.file.name, year, own, marks))
        return found

    def _rows(self) -> list[tuple[int, dict[str, str]]]:
        """Return the lines of the table with their numbers; the heading says which column is which."""
        reader = csv.reader(io.StringIO(self.file.text.removeprefix("\ufeff"), newline=""), strict=True)  # fmt: skip
        found: list[tuple[int, dict[str, str]]] = []
        try:
            head = [_column(cell) for cell in next(reader, [])]
            for name in COLUMNS:
                if name not in head:
                    said = {"column": name, "zh": COLUMNS[name]}
                    self.fault(name, _("缺少列“%(column)s”（%(zh)s）") % said)
            if not self.clean:
                return []
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
                    found.append((reader.line_num, {name: row.get(name, "") for name in COLUMNS}))
        except csv.Error as error:
            self.fault("-", _("不是有效的表格：%(why)s") % {"why": error}, reader.line_num)
        return found

    def _notices_of(self, rows: list[tuple[int, dict[str, str]]]) -> dict[str, Notice]:
        """Collect the notices that the lines name; each has one day of issue."""
        found: dict[str, Notice] = {}
        for line, row in rows:
            if not row["notice"]:
                self.fault("notice", _("没有写明所依据的通知"), line)
                continue
            issued = self.day(row["issued"], "issued", line)
            if issued is None:
                continue
            known = found.setdefault(row["notice"], Notice(row["notice"], issued, row["url"]))
            if known.issued != issued:
                self.fault("issued", _("同一通知有两个发布日：%(day)s") % {"day": known.issued}, line)  # fmt: skip
        return found

    def _superseded(self, data: Mapping[str, Any]) -> date | None:
        if data["edition"] == "current":
            return None
        found = _SUPERSEDED.search(str(data["status"]))
        if data["edition"] != "original" or found is None:
            self.fault("status", _("被取代的日历应写明取代它的日期和通知"))
            return None
        return self.day(found[1], "status", 1)

    def day(self, text: object, place: str, line: int) -> date | None:
        try:
            return date.fromisoformat(_iso(str(text)))
        except ValueError:
            self.fault(place, _("“%(text)s”不是有效日期") % {"text": text}, line)
            return None

    def _notices(self, rows: list[Mapping[str, Any]]) -> dict[str, Notice]:
        notices: dict[str, Notice] = {}
        for i, row in enumerate(rows):
            issued = self.day(row.get("issued"), f"notices[{i}].issued", 1)
            number = str(row.get("number", ""))
            if issued is not None:
                notices[number] = Notice(number, issued, str(row.get("url", "")))
        return notices


class _Days:
    """The days of a file as they are read, one after the other."""

    def __init__(
        self, reader: _Reader, notices: Mapping[str, Notice], place: Callable[[int, str], str]
    ) -> None:
        self.reader, self.notices, self.place = reader, notices, place
        self.marks: dict[date, Mark] = {}
        self.lines: dict[date, int] = {}

    def take(self, i: int, line: int, row: Mapping[str, Any], year: int | None = None) -> None:
        """Take the i-th day, or say everything that is wrong with it."""

        def fault(name: str, message: str) -> None:
            self.reader.fault(self.place(i, name), message, line)

        day = self.reader.day(row.get("date"), self.place(i, "date"), line)
        kind = KINDS.get(str(row.get("kind")))
        if kind is None:
            fault("kind", _("“%(kind)s”不是 off 或 work") % {"kind": row.get("kind")})
            return
        notice = str(row.get("notice"))
        if notice not in self.notices and (year is not None or self.reader.clean):
            fault("notice", _("该日所依据的通知没有列出"))
        if day is None:
            return
        if day in self.marks:
            said = {"day": day.isoformat(), "line": self.lines[day]}
            fault("date", _("%(day)s 重复出现，已见于第%(line)d行") % said)
        if year is not None and day.year != year:
            said = {"day": day.isoformat(), "year": year}
            fault("date", _("%(day)s 不属于 %(year)s 年") % said)
        if kind == "work" and day.weekday() < _SATURDAY:
            fault("kind", _("调休上班日只能是星期六或星期日"))
        self.lines.setdefault(day, line)
        name = str(row.get("name_zh", ""))
        self.marks[day] = Mark("off" if kind == "off" else "work", name, notice)


def _column(cell: str) -> str:
    """Return the name of a column by either of its names."""
    said = cell.strip()
    return next((name for name, zh in COLUMNS.items() if said in (name, zh)), said)


def _iso(text: str) -> str:
    slashed = _SLASHED.fullmatch(text)
    return f"{slashed[1]}-{slashed[2]:0>2}-{slashed[3]:0>2}" if slashed else text


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
