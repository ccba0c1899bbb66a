"""One paper on the page of materials: how it stands, and what the person may do with it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import ChecklistItem, Filing, Gap, Material
from approvals.policies import checks_material, disposes, own_enterprise
from approvals.queries.standing import Kept, kept_of
from approvals.rules import limits
from approvals.rules.tolerance import blocks
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


def row_of(
    material: Material, gap: Gap | None, *, acting: Membership, kept: Sequence[Kept] = ()
) -> dict[str, Any]:
    """Return what one paper shows to a person, what they may do with it now, and what of `kept` serves it."""
    filing = material.filing
    mine, reviewer = own_enterprise(filing, acting), checks_material(material, acting)
    supplied = gap is not None and gap.state == GapState.SUPPLIED
    at_intake = material.needed_by == NeededBy.INTAKE
    open_for_check = filing.stage == Stage.RECEIVED if at_intake else not filing.ended
    state = material.state
    takes = mine and not filing.ended and state in TAKES_MATERIALS
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
        "may_upload": takes,
        "standing": _offers(material, kept) if takes else [],
        "may_promise": disposes(filing, acting)
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


def rows_by_need(filing: Filing, acting: Membership) -> dict[str, list[dict[str, Any]]]:
    """Return a filing's papers by when they are needed, each with what a person may do with it: a few queries for all.

    The filing's items stand prefetched on it afterwards.
    """
    gaps = {
        gap.material_id: gap for gap in filing.gaps.select_related("material", "calendar", "paper")
    }
    prefetch_related_objects(
        [filing], Prefetch("items", ChecklistItem.objects.select_related("item"))
    )
    codes = {item.code: item for item in filing.items.all()}
    signed = filing.later_requests.exclude(material=None).select_related("department")
    later = {one.material_id: one for one in signed.prefetch_related("department__names")}
    mine = own_enterprise(filing, acting)
    kept = kept_of(filing.enterprise_id, timezone.localdate(clock.now())) if mine else []
    rows: dict[str, list[dict[str, Any]]] = {key: [] for key in NeededBy.values}
    wanted = filing.materials.exclude(state=MaterialState.VOID)
    for material in wanted.prefetch_related("files__attachment", "files__standing"):
        material.filing = filing
        row = row_of(material, gaps.get(material.pk), acting=acting, kept=kept)
        row["later"] = later.get(material.pk)
        row["items"] = [codes[code] for code in material.item_codes if code in codes]
        ways = [item.tolerated_as for item in row["items"]]
        row["blocks"] = blocks(ways) if row["limit"] else ""
        row["last_day"] = last_day(row, filing, clock.now()) if row["may_promise"] else None
        rows[material.needed_by].append(row)
    return rows


def _offers(material: Material, kept: Sequence[Kept]) -> list[Kept]:
    """Return what is kept for such a paper and does not stand in it already; an expired one too, to say so."""
    used = {one.standing_id for one in material.present if material.state != MaterialState.RETURNED}
    return [one for one in kept if one.kind.serves(material.name) and one.standing.pk not in used]


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
