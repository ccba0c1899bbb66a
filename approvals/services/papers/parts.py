"""What several papers say of materials and of what runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from approvals.models import Filing, Gap, Material
from approvals.services import words
from approvals.services.checklist import FORMS
from approvals.stages import MaterialState, PaperState
from core.deadlines.models import Timed
from core.deadlines.queries import value_of
from core.steps.papers import date_text, time_text

LATE = "（补录）"
NOTES = {
    MaterialState.WANTED: "未提交",
    MaterialState.RECEIVED: "已提交",
    MaterialState.ACCEPTED: "已核收",
    MaterialState.RETURNED: "需补正",
}


def form(material: Material) -> str:
    """Return the form of a material as papers name it."""
    return FORMS.get(material.form, material.form)


def late_times(filing: Filing) -> set[datetime]:
    """Return the times that were entered late, from paper: wherever one is shown, it says so."""
    confirmed = filing.paper_intakes.filter(state=PaperState.CONFIRMED)
    return set(confirmed.values_list("paper_at", flat=True))


def received_text(filing: Filing, at: datetime) -> str:
    """Return when the materials were received, marked where that was entered late."""
    mark = LATE if filing.received_at in late_times(filing) else ""
    return time_text(filing.received_at or at) + mark


def material_rows(filing: Filing) -> list[dict[str, Any]]:
    """Return the materials needed at filing as they stand: form, copies, when they came, and a remark."""
    promised, late = {gap.material_id: gap for gap in filing.gaps.all()}, late_times(filing)
    return [
        {
            "name": material.name,
            "form": form(material),
            "copies": material.copies,
            "received_text": _day(material) + (LATE if material.handed_in_at in late else ""),
            "note": _note(material, promised.get(material.pk)),
        }
        for material in filing.materials.intake()
    ]


def _day(material: Material) -> str:
    return date_text(words.local_day(material.handed_in_at)) if material.handed_in_at else "—"


def _note(material: Material, gap: Gap | None) -> str:
    if gap is not None:
        return f"待补，{words.last_day_text(gap)}前"
    return NOTES.get(MaterialState(material.state), "—")


def limit_rows(filing: Filing, limits: Iterable[Timed]) -> list[dict[str, str]]:
    """Return limits with their length, their end, what silence comes to, and what they rest on."""
    return [
        {
            "name": str(limit.declared.name),
            "days_text": words.days_text(limit.length or 0, limit.unit),
            "due_text": words.last_day_text(limit),
            "silence": str(limit.declared.silence.label),
            "basis": words.rule_basis(
                filing.pinned_rulebook, value_of(filing.pinned_rulebook, limit.rule)
            ),
        }
        for limit in limits
    ]


def running(filing: Filing) -> list[Timed]:
    """Return the limits of the filing itself that run now, in the order in which they end."""
    return list(filing.limits.filter(ended_at=None, item=None).order_by("due_at", "pk"))
