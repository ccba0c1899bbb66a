"""分送 on the case page: to whom the file went, who signed for it, and what this person can do about it."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import Calendar
from core.steps.limits import card
from prereview import policies
from prereview.models import Slot
from prereview.queries.dispatches import service_of
from prereview.stages import GIVEN


def dispatched(
    filing: Filing, by: Membership, asked: list[Slot], at: datetime, calendar: Calendar | None
) -> list[dict[str, Any]]:
    """Return a row per department that the person may see; empty before the acceptance, so that nothing is asked."""
    if filing.accepted_at is None:
        return []
    spoken = {
        slot.department_id
        for slot in asked
        if hasattr(slot, "opinion") and slot.opinion.position in GIVEN
    }
    rows = []
    for one, attempts in service_of(filing, by):
        open_still = not one.proven and not filing.ended
        rows.append(
            {
                "one": one,
                "attempts": attempts,
                "waits": open_still and one.running and one.department_id not in spoken,
                "limit": card(one, at, calendar, table=False),
                "sign": open_still and policies.own_department(one, by),
                "serve": open_still and policies.window(one, by),
            }
        )
    return rows
