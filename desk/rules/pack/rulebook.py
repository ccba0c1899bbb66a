"""The rulebook: each number with its unit, its bound and its basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from approvals.stages import Attorney, Served
from core import clock
from core.deadlines.models import Unit
from core.deadlines.rules import RULES
from desk.rules.pack.faults import Fault
from desk.rules.pack.tables import Row
from inspection.stages import OpinionThenCheck, Severity
from prereview.stages import RecorderRule
from public_notice.rules.mailbox import REVIEWED

FILE: Final = "rulebook.csv"
STATUTE: Final = "statute_or_source"
# Where a statute says 日 alone, calendar days are counted.
_COUNTED_AS: Final = {"day": "natural_day"}
_NUMBERS: Final = frozenset(
    {"working_day", "natural_day", "day", "month", "year", "second", "count"}
)
# What a limit that runs may be counted in; numbers that never run may have other units.
_LIMITS: Final = frozenset({*Unit.values, *_COUNTED_AS})
# Counted and printed in working days alone: self-confirmation, escalated silence, the notice ahead of a session.
_WORKING: Final = frozenset({"P12", "P15", "P4a", "P5a"})
# Put onto a day that the enterprise promised, as days of the calendar.
_NATURAL: Final = frozenset({"P153"})
_DATE: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")

# Rules that are a word: what each may say.
_WORDS: Final = {
    "P16a": frozenset(Served.values),
    "P43": frozenset(Severity.values),
    "P62": frozenset(Attorney.values),
    "P71": frozenset(RecorderRule.values),
    "P76": frozenset(OpinionThenCheck.values),
    "P147": frozenset(REVIEWED),
}

# What the procedure cannot run without; a pack that lacks one of them is refused.
REQUIRED_RULES: Final = (
    *("1", "P1", "P2", "P3a", "P4a", "P4b", "P4c", "P5a", "P5b", "P5c", "P6", "P7a", "P7c"),
    *("P8", "P9a", "P9b", "P9c", "P10", "P11", "P26", "P27", "P28", "P29", "P31", "P32", "P33"),
    *("P40", "P41", "P42"),
    *("P12", "P13", "P14", "P15", "P16", "P16a", "P17", "P18", "P19", "P20", "P21"),
    *("P50", "P51", "P52", "P53", "P55"),
    *("P23a", "P23b", "P23c", "P23d", "P24", "P25"),
    *("33a", "33b"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`number` is None for a flag, a date or opening hours; `counting_unit` is the unit to compute in."""

    id: str
    group: str
    name_zh: str
    name_en: str
    value: str
    number: int | None
    unit: str
    counting_unit: str
    starts_at: str
    bound: str
    within: str
    basis: str
    certainty: str
    configurable: bool
    note: str


def rules_from(rows: Iterable[Row]) -> dict[str, Rule]:
    """The rules by id; the rows must have passed `check_rulebook`."""
    return {row["id"]: _rule(row) for row in rows}


def _rule(row: Row) -> Rule:
    unit = row["unit"]
    note = row["note"]
    if unit in _COUNTED_AS:
        said = _("法条只写“日”，按自然日计算")
        note = f"{note}；{said}" if note else said
    return Rule(
        id=row["id"],
        group=row["group"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        value=row["value"],
        number=int(row["value"]) if unit in _NUMBERS else None,
        unit=unit,
        counting_unit=_COUNTED_AS.get(unit, unit),
        starts_at=row["starts_at"],
        bound=row["bound"],
        within=row["within"],
        basis=row["basis"],
        certainty=row["certainty"],
        configurable=row["configurable"] == "yes",
        note=note,
    )


def check_rulebook(rows: list[Row], faults: list[Fault]) -> None:
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        if row["value"] and (message := _value_fault(row)):
            faults.append(Fault(FILE, row.line, "value", message))
        if message := _unit_fault(row):
            faults.append(Fault(FILE, row.line, "unit", message))
        if row["id"] == "P24" and (message := _grace_fault(row)):
            faults.append(Fault(FILE, row.line, "value", message))
        if row["bound"] == "fixed" and row["configurable"] == "yes":
            message = _("固定期限（fixed）不得标为可调整")
            faults.append(Fault(FILE, row.line, "configurable", message))
        if row["within"]:
            faults.extend(_bound_faults(row, by_id))
    for missing in (rule for rule in REQUIRED_RULES if rule not in by_id):
        message = _("缺少办理流程所需的规则“%(id)s”") % {"id": missing}
        faults.append(Fault(FILE, 1, "id", message))


def _unit_fault(row: Row) -> str:
    """What is counted as a limit has a unit of limits, and what is counted in working days alone has that."""
    if row["id"] in _WORKING and row["unit"] != Unit.WORKING_DAY:
        return _("这一条只能以工作日计（working_day）")
    if row["id"] in _NATURAL and row["unit"] not in (Unit.NATURAL_DAY, *_COUNTED_AS):
        return _("这一条只能以自然日计（natural_day）")
    if row["id"] in (*RULES, "P17") and row["unit"] not in _LIMITS:
        return _("时限只能以工作日、自然日或者月计（working_day、natural_day、day、month）")
    return ""


def _value_fault(row: Row) -> str:
    value, unit = row["value"], row["unit"]
    if unit in _NUMBERS:
        return _number_fault(row)
    if unit == "flag":
        return "" if value in ("yes", "no") else _("应为 yes 或 no")
    if unit == "date":
        return "" if _DATE.fullmatch(value) else _("应为 MM-DD 形式的日期")
    if unit == "word":
        allowed = _WORDS.get(row["id"], frozenset())
        said = {"allowed": "、".join(sorted(allowed))}
        return "" if value in allowed else _("只能是：%(allowed)s") % said
    if unit == "clock":
        return _clock_fault(value)
    return _("不认识的单位“%(unit)s”") % {"unit": unit}


def _grace_fault(row: Row) -> str:
    """The sweep waits longer than a request may last, or a reply under way would be overtaken (P24)."""
    least = clock.REQUEST_LASTS + clock.WAITS_FOR_A_LOCK
    if (
        row["unit"] != "second"
        or _number_fault(row)
        or timedelta(seconds=int(row["value"])) > least
    ):
        return ""
    text = _("宽限必须超过一次请求最长的时间（%(seconds)d秒），否则在途的答复会被抢先处理")
    return text % {"seconds": least.total_seconds()}


def _number_fault(row: Row) -> str:
    try:
        number = int(row["value"])
    except ValueError:
        return _("“%(text)s”不是整数") % {"text": row["value"]}
    if number < 0:
        return _("天数不得为负：%(number)d") % {"number": number}
    same_day = row["unit"] == "working_day" and row["bound"] != "min" and row["group"] != STATUTE
    if number == 0 and not same_day:
        return _("此处不得为零：只有办理方自己的工作日期限可以当日办结")
    return ""


def _clock_fault(value: str) -> str:
    last = ""
    for span in value.split(";"):
        if not _SPAN.fullmatch(span):
            return _("办公时间应写作 08:30-12:00;14:30-18:00")
        opens, _dash, closes = span.partition("-")
        if not last < opens < closes:
            return _("办公时间应前后相接，不得倒置")
        last = closes
    return ""


def _bound_faults(row: Row, by_id: Mapping[str, Row]) -> list[Fault]:
    """A county's own number may be tighter than the statute, never pass it in the forbidden way."""
    statute = by_id.get(row["within"])
    if statute is None or statute["group"] != STATUTE:
        message = _("没有编号为“%(id)s”的法定期限") % {"id": row["within"]}
        return [Fault(FILE, row.line, "within", message)]
    if statute["unit"] != row["unit"]:
        message = _("单位与法定期限“%(id)s”不同，无法比较") % {"id": row["within"]}
        return [Fault(FILE, row.line, "unit", message)]
    if _value_fault(row) or _value_fault(statute) or row["unit"] not in _NUMBERS:
        return []
    county, law = int(row["value"]), int(statute["value"])
    passed = {"max": county > law, "min": county < law, "fixed": county != law}
    if not passed.get(statute["bound"], False):
        return []
    message = _("县级规定 %(county)d 突破了法定期限 %(law)d（%(basis)s）") % {
        "county": county,
        "law": law,
        "basis": statute["basis"],
    }
    return [Fault(FILE, row.line, "value", message)]
