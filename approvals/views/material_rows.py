"""One paper on the page of materials: how it stands, and what the person may do with it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import Gap, Material
from approvals.policies import checks_material, own_enterprise
from approvals.queries.standing import Kept
from approvals.services.files import TAKES_MATERIALS
from approvals.stages import GapState, MaterialState, NeededBy, Stage
from approvals.views.deadlines import card
from core import clock

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


def _offers(material: Material, kept: Sequence[Kept]) -> list[Kept]:
    """Return what is kept for such a paper and does not stand in it already; an expired one too, to say so."""
    used = {one.standing_id for one in material.present if material.state != MaterialState.RETURNED}
    return [one for one in kept if one.kind.serves(material.name) and one.standing.pk not in used]


def asks(rows: list[dict[str, Any]], refused: int | None) -> bool:
    """Tell whether one of these papers waits for somebody, so that they are shown open."""
    waiting = (MaterialState.RETURNED, MaterialState.GAP)
    return any(
        row["material"].state in waiting or row["may_check"] or row["material"].pk == refused
        for row in rows
    )
