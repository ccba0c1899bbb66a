"""One paper on the page of materials: how it stands, and what the person may do with it."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import Filing, Gap, Material
from approvals.policies import checks_material, own_enterprise
from approvals.rules import limits
from approvals.services.files import TAKES_MATERIALS
from approvals.stages import GapState, MaterialState, NeededBy, Stage
from approvals.views.deadlines import card
from core import clock
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at, value_of

FORM_LABELS = {
    "original": gettext_lazy("原件"),
    "copy": gettext_lazy("复印件"),
    "electronic": gettext_lazy("电子件"),
}
MARKS = {
    MaterialState.WANTED: "awaited",
    MaterialState.RECEIVED: "replaced",
    MaterialState.ACCEPTED: "issued",
    MaterialState.RETURNED: "disagree",
    MaterialState.GAP: "held",
    MaterialState.DEPENDENCY: "none",
    MaterialState.VOID: "none",
}
PROMISED_IN = (Stage.LISTED, Stage.RECEIVED, Stage.CORRECTING)


def row_of(material: Material, gap: Gap | None, *, acting: Membership) -> dict[str, Any]:
    """Return what one paper shows to a person, and what they may do with it now."""
    filing = material.filing
    mine, reviewer = own_enterprise(filing, acting), checks_material(material, acting)
    supplied = gap is not None and gap.state == GapState.SUPPLIED
    at_intake = material.needed_by == NeededBy.INTAKE
    open_for_check = filing.stage == Stage.RECEIVED if at_intake else not filing.ended
    state = material.state
    return {
        "material": material,
        "mark": MARKS[MaterialState(state)],
        "state": gap.get_state_display()
        if gap and state == MaterialState.GAP
        else material.get_state_display(),
        "form": FORM_LABELS.get(material.form, material.form),
        "gap": gap,
        "limit": card(gap, clock.now()) if gap and gap.running else None,
        "has_file": material.attachment_id is not None,
        "may_upload": mine and not filing.ended and state in TAKES_MATERIALS,
        "may_promise": mine
        and material.tolerable
        and filing.stage in PROMISED_IN
        and state in (MaterialState.WANTED, MaterialState.RETURNED),
        "may_check": reviewer
        and open_for_check
        and (
            state == MaterialState.RECEIVED
            or (
                at_intake
                and state in (MaterialState.WANTED, MaterialState.ACCEPTED, MaterialState.RETURNED)
            )
        ),
        "may_check_gap": reviewer and supplied,
    }


def last_day(row: dict[str, Any], filing: Filing, at: datetime) -> date | None:
    """Return the last day that may be promised for a paper; None where the calendar ends before it."""
    days = [value_of(filing.pinned_rulebook, limits.GAP.code).number]
    days += [item.item.promised_days for item in row["items"] if item.item.promised_days]
    try:
        return calendar_at(at).add_working(timezone.localdate(at), min(days))
    except CalendarGap:
        return None


def asks(rows: list[dict[str, Any]], refused: int | None) -> bool:
    """Tell whether one of these papers waits for somebody, so that they are shown open."""
    waiting = (MaterialState.RETURNED, MaterialState.GAP)
    return any(
        row["material"].state in waiting or row["may_check"] or row["material"].pk == refused
        for row in rows
    )
