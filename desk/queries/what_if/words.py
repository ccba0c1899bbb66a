"""The answer in words: rows of a table, of a file and of the interface, all from the same place."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from approvals.models import CatalogueItem
from approvals.stages import Served
from core.deadlines.models import RuleValue
from core.deadlines.rules import RULES, Silence
from core.steps.templatetags.look import deadline_long, moment, span
from desk.queries.what_if.report import Report
from desk.rules.what_if import Change
from desk.rules.what_if.difference import (
    BARRED,
    CASE,
    CATALOGUE,
    COMPLETE,
    ENDED,
    LIMIT,
    PERIOD_END,
    SLOT,
    START,
)
from desk.rules.what_if.facts import ADDED, Outcome
from desk.rules.what_if.limits import Came
from desk.rules.what_if.numbers import Number
from prereview.rules import SERVICE
from prereview.stages import DEEMED, Position, SessionKind, SlotState

ASSUMPTIONS = (
    gettext_lazy("人办的事都按原来的时刻：签收、签到、离开、结束审议、提出意见、驳回、签署、发布、登记批准，一件也不提前或者推后。"),
    gettext_lazy("由规则得出的日子重新计算：期限届满、拟默认和自行确认、督办期满、公示期满、最早可开工。"),
    gettext_lazy("原来的办理时刻在新期限之后的，算逾期或者默认；原来迟到的意见在新期限之内的，算按期。"),
    gettext_lazy("新规则下还不能做的（如意见还没有齐就作结论），算在刚能做的那一刻；会议仍在原来的时间开。"),
    gettext_lazy("因规则而提前起算的期限，原来按期办的不算逾期：办的人当时并不知道。"),
    gettext_lazy("新目录多要求的意见没有记录可依，只计入应表态，不算默认，也不影响日期。"),
)  # fmt: skip
FIGURES: dict[str, Any] = {
    "given": gettext_lazy("部门表态"),
    Position.DEEMED_TIMEOUT: gettext_lazy("视同无异议（超时）"),
    Position.DEEMED_ABSENCE: gettext_lazy("视同无异议（缺席）"),
    Position.NO_OPINION: gettext_lazy("未表态"),
    SlotState.CANDIDATE: gettext_lazy("拟视同无异议"),
    SlotState.AWAITED: gettext_lazy("待提出意见"),
    SlotState.ESCALATED: gettext_lazy("红线事项督办中"),
    SlotState.HELD: gettext_lazy("暂停默认"),
    "added": gettext_lazy("新增的应表态（没有记录）"),
    "not_reached": gettext_lazy("不再走到这一步的应表态"),
    "late_opinions": gettext_lazy("迟到的意见"),
    Silence.ESCALATES: gettext_lazy("逾期转督办的时限"),
    Silence.SECOND_CHANNEL: gettext_lazy("改用第二种方式送达"),
    Silence.DEEMED_ACCEPTED: gettext_lazy("视为受理"),
    Silence.REMINDED: gettext_lazy("催签承诺"),
    Silence.SUSPENDED: gettext_lazy("容缺逾期中止"),
    Silence.RETURNED: gettext_lazy("退件"),
    Silence.LAPSED: gettext_lazy("失效"),
    "late_objections": gettext_lazy("在公示期满后提出的异议"),
    "barred": gettext_lazy("不再适用承诺制的申报件"),
    "gates": gettext_lazy("开工条件齐备的申报件"),
}
WHAT: dict[str, Any] = {
    COMPLETE: gettext_lazy("意见齐备"),
    PERIOD_END: gettext_lazy("公示期满"),
    START: gettext_lazy("最早可开工"),
    ENDED: gettext_lazy("申报件终结"),
    BARRED: gettext_lazy("适用承诺制"),
}
COLUMNS = ("case", "project", "what", "department", "before", "after", "moved", "rules")
HEADS: dict[str, Any] = {
    "case": gettext_lazy("申报件"),
    "project": gettext_lazy("项目"),
    "what": gettext_lazy("内容"),
    "department": gettext_lazy("部门"),
    "before": gettext_lazy("原来"),
    "after": gettext_lazy("改后"),
    "moved": gettext_lazy("相差工作日"),
    "rules": gettext_lazy("因为"),
}


@dataclass(frozen=True)
class Line:
    """One difference in words. `moved` is in working days, None where nothing can be counted."""

    case: str
    project: str
    about: str
    what: str
    department: str
    before: str
    after: str
    moved: int | None
    rules: tuple[str, ...]


class Words:
    """The words of one report; what is said of a rule or an item is looked up once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        english = get_language() == "en"
        self.items = {
            code: (name_en if english and name_en else name)
            for code, name, name_en in CatalogueItem.objects.order_by(
                "edition__number"
            ).values_list("code", "name", "name_en")
        }
        self.rules = {code: self._rule(code) for code in report.values}

    def lines(self) -> list[Line]:
        """Return every difference, the way of a case before its limits and opinions, in the order of the cases."""
        first = {CASE: 0, SLOT: 1, LIMIT: 2}
        rows = sorted(self.report.changes, key=lambda c: (c.case.pk, first[c.about]))
        return [self._line(row) for row in rows]

    def changed(self) -> list[dict[str, str]]:
        """Return the numbers that are other than those in force: code, name, before, after."""
        rows = []
        for code, number in self.report.asked.numbers.items():
            value = self.report.values.get(code)
            before = _said(value) if value else ""
            after = in_words(number)
            if before != after:
                rows.append(
                    {"code": code, "name": name_of(value), "before": before, "after": after}
                )
        if word := self.report.asked.service:
            value = self.report.values[SERVICE]
            rows.append(
                {
                    "code": SERVICE,
                    "name": name_of(value),
                    "before": _word(value.value),
                    "after": _word(word),
                }
            )
        return rows

    def cells(self) -> list[str]:
        """Return what is other in the catalogue, cell by cell; a whole other one in a sentence."""
        other = self.report.asked.catalogue
        if other is None:
            return []
        if other.whole is not None:
            return [_("另一份目录，共%(n)s个事项") % {"n": len(other.whole)}]
        rows = [
            f"{code} {self.items.get(code, '')}：{column} = {text}"
            for code, cells in other.cells.items()
            for column, text in cells.items()
        ]
        return rows + [
            _("去掉：%(what)s") % {"what": self._item(code)} for code in sorted(other.removed)
        ]

    def _line(self, row: Change) -> Line:
        department, what = "", str(WHAT.get(row.what, ""))
        if row.slot is not None:
            department = self.report.names.get(row.slot.department, row.slot.department)
            kind = SessionKind(row.slot.kind).label
            what = (
                f"{kind}：{self._item(row.slot.item)}" if row.slot.item else str(_("联合勘察记录"))
            )
        elif row.limit is not None:
            department = self.report.names.get(row.limit.department, "")
            what = f"{RULES[row.limit.rule].name} {row.limit.subject}".strip()
        return Line(
            case=row.case.public_id, project=row.case.name, about=row.about, what=what, department=department,
            before=self._side(row, row.before), after=self._side(row, row.after), moved=row.moved,
            rules=tuple(self.because(code) for code in row.rules),
        )  # fmt: skip

    def _item(self, code: str) -> str:
        return f"{code} {self.items.get(code, '')}".strip()

    def _side(self, row: Change, side: Outcome | Came | datetime | None) -> str:
        if row.what == BARRED:
            return ""
        if isinstance(side, Outcome):
            return _outcome(side)
        if isinstance(side, Came):
            return _came(side)
        if row.about == SLOT:
            return _("不要求")
        if side is None:
            return _("继续办理") if row.what == ENDED else _("没有")
        return deadline_long(side) if row.what == PERIOD_END else moment(side)

    def because(self, code: str) -> str:
        """Return a rule with its number before and after; the catalogue by its name."""
        if code == CATALOGUE:
            return _("目录")
        number = self.report.asked.numbers.get(code)
        name = self.rules.get(code, code)
        value = self.report.values.get(code)
        if code == SERVICE and self.report.asked.service and value is not None:
            return f"{name}：{_word(value.value)} → {_word(self.report.asked.service)}"
        if number is None or value is None:
            return name
        return f"{name}：{_said(value)} → {in_words(number)}"

    def _rule(self, code: str) -> str:
        return f"{code} {name_of(self.report.values[code])}"


def name_of(value: RuleValue | None) -> str:
    """Return the name of a row of the rulebook in the language of the page."""
    if value is None:
        return ""
    return value.name_en if get_language() == "en" and value.name_en else value.name


def _word(said: str) -> str:
    return str(Served(said).label)


def in_words(number: Number) -> str:
    """Return a number with its unit."""
    if number.unit in ("working_day", "natural_day", "month"):
        return span(number.length, number.unit)
    return str(number.length)


def _said(value: RuleValue) -> str:
    if not value.value.isdecimal():
        return value.value
    unit = "natural_day" if value.unit == "day" else value.unit
    return in_words(Number(int(value.value), unit))


def _outcome(found: Outcome) -> str:
    if found.state in ("", ADDED):
        return _("要求表态，没有记录") if found.state else _("不走到这一步")
    if found.state == SlotState.SETTLED:
        label = str(Position(found.position).label)
        silent = found.position in (*DEEMED, Position.NO_OPINION)
        since = deadline_long(found.effective_at) if silent else moment(found.effective_at)
        return f"{label}，{since}"
    label = str(SlotState(found.state).label)
    if found.state == SlotState.AWAITED and found.due_at:
        return _("%(state)s，%(until)s前") % {"state": label, "until": deadline_long(found.due_at)}
    return f"{label}：{found.why}" if found.why else label


def _came(found: Came) -> str:
    if not found.silent:
        if found.due_at is None:
            return _("期限未定")
        return _("未逾期，期限%(until)s") % {"until": deadline_long(found.due_at)}
    label = str(Silence(found.silent).label)
    return f"{label}，{deadline_long(found.since)}"


def csv_of(lines: Iterable[Line]) -> str:
    """Return the differences as a file that a spreadsheet opens: UTF-8 with its mark, a row each."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([str(HEADS[name]) for name in COLUMNS])
    for line in lines:
        cells = [getattr(line, name) for name in COLUMNS[:-1]]
        writer.writerow([_cell(cell) for cell in (*cells, "；".join(line.rules))])
    return "\ufeff" + made.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
