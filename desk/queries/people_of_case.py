"""Who acts in a case and who is responsible for it, as the case page and programs show it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from approvals.models import Authority, Filing
from approvals.policies import enterprise_itself, hands_over
from approvals.queries.people import names_in
from approvals.stages import PaperState, Side

NAMED = ("giver__user", "receiver__user", "receiver__organisation")


def people_of_case(filing: Filing, by: Membership, at: datetime) -> dict[str, Any]:
    """Return who is responsible on each side, the agents who act and who did, and the names the ledger keeps apart."""
    asked = getattr(filing, "peopled", True)  # most cases have none of it
    lent = Authority.objects.covering(filing).select_related("agent__user", "agent__organisation")
    authorities = list(lent) if asked else []
    handed = list(filing.hand_overs.select_related(*NAMED)) if asked else []
    brought = filing.paper_intakes.exclude(state__in=(PaperState.REFUSED, PaperState.TAKEN_BACK))
    last = {one.side: one.receiver for one in handed}
    known: list[Membership | None] = [one.agent for one in authorities]
    known += [person for one in handed for person in (one.giver, one.receiver)]
    return {
        "responsible": [
            {"side": side.label, "who": last[side].user, "office": last[side].organisation}
            for side in Side
            if side in last
        ],
        "paper": list(brought) if asked else [],
        "agents": [one for one in authorities if one.holds(at)],
        "over": [] if filing.ended else no_longer(authorities, at),
        "own": enterprise_itself(filing, by),
        "may_hand_over": hands_over(filing, by) and not filing.ended,
        "names": names_in(known),
    }


def no_longer(authorities: Collection[Authority], at: datetime) -> list[Authority]:
    """Return of each agent who could act once and cannot any more the authority that ran longest.

    Whoever has one that holds, or one that is yet to begin, is not among them.
    """
    today = timezone.localdate(at)
    last: dict[int, Authority] = {}
    for one in sorted(authorities, key=lambda one: (one.valid_to, one.pk)):
        last[one.agent_id] = one
    to_come = {
        one.agent_id for one in authorities if one.ended_at is None and one.valid_to >= today
    }
    return [one for agent, one in last.items() if agent not in to_come]
