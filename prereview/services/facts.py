"""What bears on a slot, gathered for the pure function: how it was served, who came, what the calendar says."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.once import shared
from approvals.models import Filing
from approvals.stages import OpinionDefault
from core.deadlines.counting import last_day_of
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import calendar_at, value_of
from core.deadlines.services import working_morning
from prereview import rules
from prereview.models import Invitation, Slot
from prereview.queries import served_before, served_in_time, service_word
from prereview.queries.absence import contested
from prereview.rules.outcome import Facts, Verdict, doubts_decided, expiry, verdict
from prereview.stages import Position, SlotState


def facts_of(slot: Slot, at: datetime, given_at: datetime | None = None) -> Facts:
    """Gather everything that bears on a slot, with the instants reckoned by the calendar known at `at`."""
    agenda, invitation = slot.agenda, slot.invitation
    closed = slot.served_again_at or agenda.closed_at
    present = agenda.closed_at is not None and invitation.present_at(agenda.closed_at)
    if slot.served_again_at is not None:
        present = True  # served anew with a limit of its own: from here only the limit counts
    bare = Facts(
        default=OpinionDefault.ESCALATE if slot.bites else slot.default, marked=slot.marked,
        invalid_form=slot.invalid_form_at is not None,
        proven=True, notice_kept=True,
        answer=invitation.answer, present=present, closed_at=closed, due_at=slot.due_at,
        provisional=slot.provisional, given_at=given_at, dismissed_at=slot.dismissed_at,
        confirmed_at=slot.confirmed_at, candidate_from=None, settles_at=None, escalation_ends=None,
        suspended=slot.suspended,
        withdrawn_at=slot.withdrawn_at,
        roll="",
    )  # fmt: skip
    ends = expiry(bare) if closed is not None else None
    if given_at is not None and (ends is None or given_at <= ends):
        return bare  # a word in time: what its silence would have come to is not asked
    if closed is not None and not present:  # how somebody was served bears on the absent alone
        proven, notice_kept = service_of(slot, invitation)
        bare = replace(bare, proven=proven, notice_kept=notice_kept, roll=contested(invitation))
    return bare if ends is None else _with_instants(bare, ends, slot.filing, at)


def service_of(slot: Slot, invitation: Invitation) -> tuple[bool, bool]:
    """Whether service is proven, and whether it left the minimum notice."""
    with_service(invitation)
    word = service_word(slot.filing.pinned_rulebook)
    return shared(
        ("service", invitation.pk, word),
        lambda: (served_before(invitation, word), served_in_time(invitation, word)),
    )


def with_service(invitation: Invitation) -> None:
    """Read beside a summons what its service rests on, unless it is there."""
    if "attempts" not in vars(invitation).get("_prefetched_objects_cache", ()):
        prefetch_related_objects([invitation], "attempts", "acknowledged_by__user", "roll_contest")


def _with_instants(facts: Facts, ends: datetime, filing: Filing, at: datetime) -> Facts:
    rulebook = filing.pinned_rulebook
    known = shared(("instants", rulebook.pk, ends, at), lambda: _instants(rulebook, ends, at))
    return replace(facts, **known)


def _instants(rulebook: RulebookEdition, ends: datetime, at: datetime) -> dict[str, Any]:
    day, calendar = last_day_of(ends), calendar_at(max(at, ends))
    last = working_morning(calendar, day, value_of(rulebook, rules.ESCALATION).number)
    return {
        "candidate_from": working_morning(calendar, day, 1),
        "settles_at": working_morning(
            calendar, day, value_of(rulebook, rules.CONFIRMS_ITSELF).number
        ),
        # The supervisor's limit ends at 24:00 of its last day: the midnight that begins the day after it.
        "escalation_ends": last + timedelta(days=1) if last else None,
    }


def takes_opinion(slot: Slot, at: datetime) -> bool:
    """Whether an opinion received at an instant would be the slot's outcome; else it is a late one."""
    if slot.filing.ended or slot.asked_no_more or slot.state == SlotState.SETTLED:
        return False
    return verdict(facts_of(slot, at, given_at=at), at).position == "given"


# 00:00 of a morning begins that day; told apart from 24:00, which ends the day before, when limits are counted from it.
FIRST_INSTANT = timedelta(microseconds=1)


def stands_since(slot: Slot, found: Verdict, facts: Facts) -> datetime:
    """Return since when an outcome drawn from silence stands, whenever the sweep came.

    未表态: from the end of the supervisor's limit. A default: from the lead unit's word, or from the morning on
    which it confirms itself. Neither before an excuse, or a contest of the roll, was decided.
    """
    since: datetime = found.effective_at or facts.closed_at or slot.agenda.session.opens_at
    if found.position != Position.NO_OPINION and facts.settles_at is not None:
        by_itself = facts.settles_at + FIRST_INSTANT
        since = min(facts.confirmed_at or by_itself, by_itself)
    roll = getattr(slot.invitation, "roll_contest", None)
    decided = doubts_decided(facts, slot.invitation.decided_at, roll and roll.decided_at)
    return max([since, *decided])
