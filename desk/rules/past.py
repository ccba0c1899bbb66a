"""Filings from before the system as a table: its columns, and what one row can and cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from accounts.rules import check_uscc
from approvals.rules.identifiers import check_project_code
from core.documents.sheets import Column, Row, Table, day, number, whole
from core.documents.watching import EVERY
from desk.stages import PastOutcome

# The headings are the old books' own words, in Chinese whoever loads them.
OUTCOMES: Final = {
    "办结": PastOutcome.COMPLETED, "建设中": PastOutcome.BUILDING, "已开工": PastOutcome.STARTED,
    "转一般程序": PastOutcome.ORDINARY, "不予受理": PastOutcome.REFUSED, "退件": PastOutcome.RETURNED,
    "预审不通过": PastOutcome.NOT_PASSED, "撤回": PastOutcome.WITHDRAWN, "撤销": PastOutcome.REVOKED,
    "不详": PastOutcome.UNKNOWN,
}  # fmt: skip
COLUMNS: Final = (
    Column("year", "年度", whole, required=True),
    Column("number", "原编号", required=True, most=60),
    Column("project_name", "项目名称", required=True, most=120),
    Column("project_code", "项目代码", most=40),
    Column("enterprise", "建设单位", required=True, most=120, also=("企业名称",)),
    Column("uscc", "统一社会信用代码", most=40),
    Column("site", "建设地点", most=60, also=("乡镇",)),
    Column("industry", "行业", most=60),
    Column("investment_wan", "总投资（万元）", number),
    Column("accepted_on", "受理日", day),
    Column("concluded_on", "预审结论日", day),
    Column("started_on", "开工日", day),
    Column("completed_on", "办结日", day),
    Column("outcome", "结果", required=True, choices=OUTCOMES),
    Column("note", "备注", most=500),
)
DAYS: Final = ("accepted_on", "concluded_on", "started_on", "completed_on")
HEADS: Final = {column.name: column.head for column in COLUMNS}
EXAMPLE: Final = "示例"  # a number that begins so is the template's own row
FIRST_YEAR: Final = 2000
_MOST: Final = 10**10  # of what the column of amounts holds, in 万元
_ROW: Final = (
    2018, "示例-1（载入时跳过）", "示例农产品加工项目", "2018-140722-13-03-000001", "示例食品有限公司", "", "桐峪镇",
    "C", 1200.5, date(2018, 3, 5), date(2018, 4, 10), date(2018, 6, 1), date(2019, 9, 30), "办结", "示例数据",
)  # fmt: skip


def template_rows() -> Sequence[Sequence[Any]]:
    """Return the one row of the template; it is skipped when a file is loaded."""
    return (_ROW,)


class Place(NamedTuple):
    """A place or a section of industry by its key, with its code, its name, and the days on which it stood."""

    pk: int
    code: str
    name: str
    since: date | None = None
    until: date | None = None

    def stood_on(self, on: date) -> bool:
        """Whether it stood on a day; before the first list that is known, what is on that list did."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Named:
    """Places or sections found by code or name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by: dict[str, list[Place]] = {}
        for place in places:
            for word in {place.code, place.name, f"{place.code} {place.name}"}:
                self._by.setdefault(word, []).append(place)

    def __eq__(self, other: object) -> bool:
        """Whether the same places go by the same words."""
        return isinstance(other, Named) and self._by == other._by

    __hash__ = None  # type: ignore[assignment]

    def all(self, word: str) -> list[Place]:
        """Return what goes by a code or a name, on whatever day."""
        return self._by.get(" ".join(word.split()), [])


@dataclass(frozen=True)
class Known:
    """What a row is checked against: places, sections, numbers taken in other batches, codes of cases of the system."""

    sites: Named
    industries: Named
    taken: frozenset[tuple[int, str]]
    codes: frozenset[str]
    today: date


Progress = Callable[[int, int], None]


def checked(table: Table, known: Known, progress: Progress | None = None) -> list[Row]:
    """Check every row that was read; return those that are to be loaded, faults and doubts stand in the table.

    `progress` is told, every so many rows, how many of how many are done.
    """
    seen: dict[tuple[int, str], Row] = {}
    clean: list[Row] = []
    for done, row in enumerate(table.rows):
        if progress is not None and done and done % EVERY == 0:
            progress(done, len(table.rows))
        if row["number"].startswith(EXAMPLE):
            table.doubt(row, "number", _("这是示例行，不载入"))
            continue
        before = len(table.faults)
        _year(table, row, known.today)
        _twice(table, row, seen, known)
        _codes(table, row, known)
        _names(table, row, known)
        _amount(table, row)
        _days(table, row, known.today)
        if len(table.faults) == before:
            clean.append(row)
    return clean


def _year(table: Table, row: Row, today: date) -> None:
    if not FIRST_YEAR <= row["year"] <= today.year:
        said = {"first": FIRST_YEAR, "last": today.year}
        table.fault(row, "year", _("年度应在%(first)d至%(last)d之间") % said)
    elif row["accepted_on"] and row["accepted_on"].year != row["year"]:
        table.doubt(row, "year", _("与受理日不在同一年"))


def _twice(table: Table, row: Row, seen: dict[tuple[int, str], Row], known: Known) -> None:
    key = (row["year"], row["number"])
    if key in seen:
        said = {"sheet": seen[key].sheet, "row": seen[key].line}
        table.fault(row, "number", _("与“%(sheet)s”第%(row)d行的年度和编号重复") % said)
    elif key in known.taken:
        table.fault(row, "number", _("这一年度的这个编号已经载入过"))
    seen.setdefault(key, row)


def _codes(table: Table, row: Row, known: Known) -> None:
    """A code that is none is a fault; one whose check character is off is genuine now and then, and only doubtful."""
    if typed := row["project_code"]:
        code = check_project_code(typed, on=known.today)
        _judged(table, row, "project_code", code)
        if code.normalised in known.codes:
            table.doubt(row, "project_code", _("系统里已有同一项目代码的申报件，请核对是否重复"))
    if typed := row["uscc"]:
        _judged(table, row, "uscc", check_uscc(typed))


def _judged(table: Table, row: Row, column: str, judged: Any) -> None:
    if judged.verdict == "invalid":
        table.fault(row, column, judged.reason)
    elif judged.verdict == "warn":
        table.doubt(row, column, judged.reason)
    row.values[column] = judged.normalised


def _names(table: Table, row: Row, known: Known) -> None:
    """Places and sections by code or name, as they stood on the day of acceptance; without one, in that year."""
    on = row["accepted_on"]
    days = [on] if on else [date(row["year"], 12, 31), date(row["year"], 1, 1)]
    for column, named in (("site", known.sites), ("industry", known.industries)):
        typed = row[column]
        found = named.all(typed)
        standing = [place for day in days for place in found if place.stood_on(day)]
        row.values[column] = standing[0].pk if standing else None
        if typed and not found:
            table.fault(row, column, _("没有叫“%(name)s”的，请写代码或者全称") % {"name": typed})
        elif typed and not standing:
            said = {"name": typed, "day": days[0].isoformat()}
            table.fault(row, column, _("“%(name)s”在%(day)s不在用，请写当时的名称或者代码") % said)


def _amount(table: Table, row: Row) -> None:
    amount = row["investment_wan"]
    if amount is None:
        return
    if not 0 < amount < _MOST:
        table.fault(row, "investment_wan", _("总投资应大于0，以万元计"))
    elif amount != round(amount, 2):
        row.values["investment_wan"] = round(amount, 2)
        table.doubt(row, "investment_wan", _("只保留两位小数"))


def _days(table: Table, row: Row, today: date) -> None:
    """Days follow one another, and none is still to come."""
    given = [(name, row[name]) for name in DAYS if row[name]]
    for name, on in given:
        if on > today:
            table.fault(row, name, _("晚于今天"))
    for (before, first), (after, then) in pairwise(given):
        if then < first:
            table.fault(row, after, _("早于%(before)s") % {"before": HEADS[before]})
    if row["outcome"] == PastOutcome.COMPLETED and not row["completed_on"]:
        table.doubt(row, "completed_on", _("结果是办结，没有写办结日"))


def years_of(rows: Iterable[Row]) -> Mapping[int, int]:
    """Return how many rows each year has."""
    found: dict[int, int] = {}
    for row in rows:
        found[row["year"]] = found.get(row["year"], 0) + 1
    return dict(sorted(found.items()))
