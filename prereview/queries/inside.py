"""What a department has inside of one opinion: who sees to it, what waits for the head, what its parts said."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from prereview import policies
from prereview.models import Recusal, Slot
from prereview.queries.standing import in_charge, standing_of
from prereview.stages import Duty, SignState


def inside_of(slot: Slot, by: Membership, at: datetime) -> dict[str, Any]:
    """Return what a person of the department sees of its inside; it is shown to nobody else."""
    standing, day = standing_of(slot, Duty.OPINE, by, at), timezone.localdate(at)
    recusals = Recusal.objects.filter(
        filing=slot.filing_id, department=slot.department_id, lifted_at=None
    ).select_related("person__user")
    shown = list(recusals)
    for one in shown:
        one.may_lift = policies.lifts_recusal(one, by)  # type: ignore[attr-defined]
    parts = list(slot.parts.select_related("asked__user", "asked__organisation"))
    for part in parts:
        part.late = part.answered_at is None and part.due_on < day  # type: ignore[attr-defined]
        mine = part.answered_at is None and policies.answers_part(part, by)
        part.mine = mine  # type: ignore[attr-defined]
    signings = list(slot.countersigns.select_related("drafted_by__user")[:1])
    last = signings[0] if signings else None
    waits = last if last is not None and last.state == SignState.WAITING else None
    return {
        "refusal": standing.refusal,
        "countersigns": standing.countersigned,
        "waiting": waits,
        "returned": last if last is not None and last.state == SignState.RETURNED else None,
        "signs": bool(waits) and policies.head_of_department(slot, by),
        "in_charge": in_charge(slot),
        "recusals": shown,
        "parts": parts,
    }
