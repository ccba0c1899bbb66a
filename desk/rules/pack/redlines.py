"""What no catalogue may say, whoever decides it: a red line passed by silence, or loosened without naming by what.

A red line (`red_line=yes`) is a statute that forbids starting without the approval; `conditional` holds for certain
places, projects or works. Each refusal names the statute and the article as the item itself gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from approvals.rules.citing import both_languages
from desk.rules.pack.faults import Fault
from desk.rules.pack.tables import Row, split, whole

FILE: Final = "catalogue.csv"
DEEMED: Final = ("yes", "if_condition_absent")
# What opens the start of a red-line item: a paper of the authority or the government's service; never words alone.
WITH_PAPER: Final = ("prior_approval", "service_done", "paper_on_commitment")
# How strict a value is, for values that can be compared.
STRICT: Final[Mapping[str, Mapping[str, int]]] = {
    "red_line": {"yes": 2, "conditional": 1, "no": 0},
    "opinion_default": {"escalate": 2, "none": 2, "if_condition_absent": 1, "yes": 0},
    "start_gate": {
        "prior_approval": 4, "service_done": 4, "paper_on_commitment": 3, "prior_approval_if_condition": 2,
        "paper_on_commitment_if_condition": 1, "commitment": 0,
    },
}  # fmt: skip
WORKING_WEEK: Final = 5
CONDITIONAL: Final = "2"  # decided while a tolerated paper is missing, on a condition
Found = Iterator[tuple[str, str]]
Spans = Mapping[str, Iterable[tuple[date, date | None]]]


def _said(row: Row) -> str:
    return both_languages(row["red_line_basis"])[0]


def broken(row: Row) -> Found:
    """Yield (column, sentence) for everything about silence, start and marks that an item may not say."""
    basis = _said(row) or row["legal_basis_zh"]
    if row["red_line"] == "yes" and row["opinion_default"] not in ("escalate", "none"):
        text = _("红线事项不得默认为无异议，只能转督办（escalate）或者无须表态（none）：%(basis)s")
        yield "opinion_default", text % {"basis": basis}
    if row["red_line"] == "yes" and row["start_gate"] not in WITH_PAPER:
        text = _("红线事项没有批准文书不得开工，不能只凭承诺或者附条件：%(basis)s")
        yield "start_gate", text % {"basis": basis}
    if row["red_line"] != "no" and not row["red_line_basis"]:
        yield "red_line_basis", _("红线必须写明条文")
    if row["red_line"] == "yes" and row.get("tolerance_model") == CONDITIONAL:
        text = _("红线事项须材料齐全才能决定，不能先作附解除条件的决定（模式二）：%(basis)s")
        yield "tolerance_model", text % {"basis": basis}
    yield from _marks(row)


def _marks(row: Row) -> Found:
    deemed = row["opinion_default"] in DEEMED and row["red_line"] != "yes"
    if bool(row["default_basis"]) != bool(row["default_approver"]):
        text = _("允许默认的标记须同时写明依据和批准单位；都不写的，该事项不产生默认")
        yield "default_approver", text
    elif deemed and not row["default_basis"]:
        yield "default_basis", _("视同无异议须写明允许默认的依据和批准单位")


def too_long(row: Row) -> Found:
    """Yield (column, sentence) where what the county promises passes what the statute gives."""
    days, promised = row["statutory_days"], row["promised_days"]
    if bool(days) != bool(row["statutory_unit"]):
        yield "statutory_unit", _("法定期限的天数与单位须同时填写")
    if not (whole(days) and whole(promised)):
        return
    said = {"promised": promised, "days": days, "basis": row["legal_basis_zh"]}
    if int(promised) > int(days):
        yield "promised_days", _("承诺时限 %(promised)s 超过法定期限 %(days)s：%(basis)s") % said
    elif row["statutory_unit"] == "natural_day" and _at_least(int(promised)) > int(days):
        text = _("承诺时限%(promised)s个工作日至少是%(least)s天，超过法定期限%(days)s天：%(basis)s")
        yield "promised_days", text % {**said, "least": _at_least(int(promised))}


def _at_least(working: int) -> int:
    """Return how many days so many working days take at best: with every weekend that must lie between."""
    return working + 2 * ((working - 1) // WORKING_WEEK) if working else 0


def loosened(before: Iterable[Row], after: Iterable[Row], faults: list[Fault]) -> None:
    """Write down each red line of the edition before that is loosened or struck without a new basis for it."""
    now = {row["code"]: row for row in after}
    for was in before:
        if was["red_line"] == "no":
            continue
        row = now.get(was["code"])
        if row is None:
            text = _(
                "%(code)s 有红线，不能直接删除：%(basis)s。须先写明取消红线的依据，施行以后再删除"
            )
            said = {"code": was["code"], "basis": _said(was)}
            faults.append(Fault(FILE, 1, "code", text % said))
        elif _said(row) == _said(was):  # its translation is no new basis
            _compare(was, row, faults)


def _compare(was: Row, row: Row, faults: list[Fault]) -> None:
    texts = {
        "red_line": _("取消或者放宽红线须写明依据，红线依据仍是：%(basis)s"),
        "opinion_default": _("红线未变，不能放宽沉默的后果：%(basis)s"),
        "start_gate": _("红线未变，不能放宽开工条件：%(basis)s"),
    }
    refused = {column for column, _sentence in broken(row)}  # said already, by the line itself
    for column, rank in STRICT.items():
        old, new = rank.get(was[column]), rank.get(row[column])
        if old is not None and new is not None and new < old and column not in refused:
            said = texts[column] % {"basis": _said(was)}
            faults.append(Fault(FILE, row.line, column, said))


def gone(tables: Mapping[str, list[Row]], spans: Spans, day: date, faults: list[Fault]) -> None:
    """Write down each department that has no name on the day on which the catalogue comes into force."""
    columns = (
        (FILE, "department_code"), (FILE, "co_departments"), ("clauses.csv", "checked_by"),
    )  # fmt: skip
    for file, column in columns:
        for row in tables.get(file, ()):
            for code in split(row[column]):
                if code in spans and not _stands(spans[code], day):
                    text = _("部门“%(code)s”在施行日%(day)s不存在")
                    said = text % {"code": code, "day": day.isoformat()}
                    faults.append(Fault(file, row.line, column, said))


def _stands(spans: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in spans)
