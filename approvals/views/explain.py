"""The items of a list as rows, served or still previewed, each with why it is there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CatalogueItem, ChecklistItem, Filing, Material
from approvals.models.catalogue import in_page_language
from approvals.queries import Preview
from approvals.queries.answers import because, questions_of
from approvals.queries.trial import fees_of
from approvals.rules.fees import Fee
from approvals.rules.questionnaire import QuestionRow
from approvals.stages import ItemClass, MaterialState, NeededBy, OpinionDefault, StartGate
from core import clock
from core.steps.templatetags.look import span

SILENCE_MARKS = {
    OpinionDefault.DEEMED: "deemed_timeout",
    OpinionDefault.ESCALATE: "escalated",
    OpinionDefault.NONE: "none",
}


@dataclass
class Row:
    """One item of a list, served or still previewed."""

    code: str
    label: str
    department: str
    applies: bool | None
    red_line: bool
    silence: str
    silence_mark: str
    gate: str
    basis: str
    red_line_basis: str
    statutory: str
    promised: str
    fee: str
    fee_basis: str
    free: bool
    because: list[str]
    materials: list[dict[str, Any]] = field(default_factory=list)
    item: ChecklistItem | None = None


NO_RED_LINE = "no"


def _statutory(item: CatalogueItem) -> str:
    days = item.statutory_days
    return span(days, item.statutory_unit) if days else _("法律未规定期限")


def _promised(item: CatalogueItem) -> str:
    """Say the promised limit; a reference from another place is not passed off as ours."""
    if not item.promised_days:
        return _("待县公布")
    return _("%(days)s（参考）") % {"days": span(item.promised_days, "working_day")}


def _row(
    catalogue: CatalogueItem, found: Any, questions: Mapping[str, QuestionRow], fee: Fee
) -> Row:
    """Shape an item; `found` is an Applied of the rules or a ChecklistItem: both name the same facts."""
    day = timezone.localdate(clock.now())
    default = OpinionDefault(found.opinion_default)
    return Row(
        code=found.code,
        label=catalogue.label,
        department=catalogue.department.label_on(day),
        applies=found.applies,
        red_line=default == OpinionDefault.ESCALATE,
        silence=str(default.label),
        silence_mark=SILENCE_MARKS[default],
        gate=str(StartGate(found.start_gate).label),
        basis=catalogue.legal_basis,
        red_line_basis=catalogue.red_line_words,
        statutory=_statutory(catalogue),
        promised=_promised(catalogue),
        fee=in_page_language(fee.zh, fee.en),
        fee_basis=f"{fee.basis} [{fee.certainty}]" if fee.basis else "",
        free=fee.charge == "free",
        because=because(found.because, questions),
    )


def _grouped(rows: list[tuple[str, Row]]) -> list[dict[str, Any]]:
    by_class: dict[str, list[Row]] = defaultdict(list)
    for item_class, row in rows:
        by_class[item_class].append(row)
    return [
        {"label": kind.label, "rows": by_class[kind.value]}
        for kind in ItemClass
        if by_class[kind.value]
    ]


def preview_groups(
    seen: Preview, catalogue: Mapping[str, CatalogueItem], questions: Mapping[str, QuestionRow]
) -> list[dict[str, Any]]:
    """Return the items that answers come to, by class; `catalogue` and `questions` are the edition's."""
    fees = fees_of([*catalogue.values()])
    rows = [
        (catalogue[f.code].item_class, _row(catalogue[f.code], f, questions, fees[f.code]))
        for f in seen.items
    ]
    by_code = {row.code: row for _kind, row in rows}
    for need in seen.papers:
        by_code[need.item_codes[0]].materials.append(
            {
                "name": in_page_language(need.name_zh, need.name_en),
                "when": NeededBy(need.needed_by).label,
                "tolerable": need.tolerable and not need.dependency,
                "looked_up": need.dependency,
                "certain": need.certain,
            }
        )
    return _grouped(rows)


def red_lines_left_out(
    seen: Preview, catalogue: Mapping[str, CatalogueItem], questions: Mapping[str, QuestionRow]
) -> list[dict[str, Any]]:
    """Return the red-line items that the answers keep off the list: none of them goes without a word."""
    return [
        {"label": catalogue[one.code].label, "because": because(one.because, questions)}
        for one in seen.left_out
        if catalogue[one.code].red_line != NO_RED_LINE
    ]


def listed_groups(filing: Filing) -> list[dict[str, Any]]:
    """Return the items of a served list, by class, each with its papers."""
    questions = questions_of(filing.catalogue) if filing.catalogue else {}
    items = filing.items.select_related("item__department", "department").prefetch_related(
        "item__department__names"
    )
    fees, rows = fees_of([item.item for item in items]), []
    for item in items:
        row = _row(item.item, item, questions, fees[item.code])
        row.item = item
        rows.append((item.item_class, row))
    by_code = {row.code: row for _kind, row in rows}
    for paper in filing.materials.exclude(state=MaterialState.VOID):
        if paper.item_codes:  # what was asked for outside the list belongs to no item of it
            by_code[paper.item_codes[0]].materials.append(_paper(paper))
    return _grouped(rows)


def _paper(paper: Material) -> dict[str, Any]:
    return {
        "name": str(paper),
        "when": paper.get_needed_by_display(),
        "tolerable": paper.tolerable,
        "looked_up": paper.state == MaterialState.DEPENDENCY,
        "certain": True,
    }
