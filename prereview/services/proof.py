"""The proof pack of an outcome drawn from silence: the facts from which a stranger recomputes it, frozen with it."""

from datetime import datetime
from typing import Any

from accounts.once import once
from approvals.queries.edition_rows import bound
from approvals.services import words
from approvals.stages import OpinionDefault
from core.composed import composed
from core.deadlines.models import Timed
from core.deadlines.queries import value_of
from core.sets import made
from prereview import rules
from prereview.models import Dispatch, Invitation, Slot
from prereview.queries import noticed_at, served_before, served_in_time, service_word
from prereview.queries.absence import contested
from prereview.queries.defaults import extensions_of, iso, stops_of
from prereview.rules.outcome import Verdict
from prereview.services.facts import with_service
from prereview.stages import Answer, ContestResult, Position, SessionKind


def printed_limit(slot: Slot, at: datetime, length: int) -> Timed:
    """Return an unsaved limit counted with the slot's calendar, for printing only."""
    return made(Slot, rule=slot.rule, started_at=at, length=length, calendar=slot.calendar)


def notice_began(slot: Slot, invitation: Invitation) -> datetime:
    """Return the instant from which the minimum notice was counted; of who was never served, that of the first try."""
    word = service_word(slot.filing.pinned_rulebook)
    return noticed_at(invitation, word) or invitation.served_at


def proof_of(slot: Slot, found: Verdict, stands: datetime) -> dict[str, Any]:
    """Return what was served, when, to whom and how; how each day counted; the editions; what was checked."""
    invitation = slot.invitation
    with_service(invitation)
    return composed({
        "position": found.position,
        "effective_at": iso(found.effective_at),
        "stands_since": iso(stands),
        **_service(slot, invitation),
        "dispatch": _dispatch(slot),
        **_limit(slot),
        "suspensions": stops_of(slot),
        "extensions": extensions_of(slot),
        "exclusions": _checked(slot, invitation, found),
        "calendar": slot.calendar.number if slot.calendar else None,
        "rulebook": slot.filing.pinned_rulebook.number,
        "catalogue": slot.filing.pinned_catalogue.number,
        "editions_sha256": bound(
            slot.calendar, slot.filing.pinned_rulebook, slot.filing.pinned_catalogue
        ),
        "session_opened_in_time": slot.agenda.session.notice_kept,
        "sign_by": iso(invitation.due_at),
        "red_line": slot.default == OpinionDefault.ESCALATE,
    })  # fmt: skip


def _service(slot: Slot, invitation: Invitation) -> dict[str, Any]:
    """Return what was served on whom, when, by which channel, who signed for it, and who came."""
    session, agenda, signer = slot.agenda.session, slot.agenda, invitation.acknowledged_by
    return {
        "session": session.number,
        "session_kind": session.kind,
        "opens_at": iso(session.opens_at),
        "opened_at": iso(session.opened_at),
        "department": slot.department.code,
        "item": slot.item.code if slot.item else None,
        "served_at": iso(invitation.reached_at),
        "channel": invitation.channel,
        "acknowledged_at": iso(invitation.acknowledged_at),
        "acknowledged_by": invitation.received_by or (signer.user.name if signer else None),
        "counts_as_service": service_word(slot.filing.pinned_rulebook),
        "attempts": _attempts(invitation),
        "mark": _mark(slot.mark_basis, slot.mark_approver),
        "service_file": invitation.proof.sha256 if invitation.proof else None,
        "served_again_at": iso(slot.served_again_at),
        "answer": invitation.answer,
        "excuse_decided_at": iso(invitation.decided_at),
        "checked_in_at": iso(invitation.checked_in_at),
        "left_at": iso(invitation.left_at),
        "closed_at": iso(agenda.closed_at),
    }


@once
def _mark(basis: str, approver: str) -> dict[str, str]:
    return {"basis": basis, "approver": approver}


def _attempts(thing: Invitation | Dispatch) -> list[dict[str, Any]]:
    """Return every attempt to serve, and every receipt."""
    return [
        {
            "channel": one.channel,
            "received": one.received,
            "moment": iso(one.moment),
            "receiver": one.receiver or None,
            "witness": one.witness or None,
        }
        for one in thing.attempts.all()
    ]


def _dispatch(slot: Slot) -> dict[str, Any] | None:
    """Return how the file itself was sent to the department; None where there was no dispatch.

    It adds to the facts and decides nothing: the summons carries the same file.
    """
    if (one := slot.dispatch) is None:
        return None
    return {
        "sent_at": iso(one.sent_at),
        "channel": one.channel,
        "due_at": iso(one.due_at),
        "acknowledged_at": iso(one.acknowledged_at),
        "acknowledged_by": one.received_by
        or (one.acknowledged_by.user.name if one.acknowledged_by else None),
        "attempts": _attempts(one),
        "service_file": one.proof.sha256 if one.proof else None,
    }


def _limit(slot: Slot) -> dict[str, Any]:
    """Return the limit with each of its days, and the notice ahead with each of its own."""
    survey = slot.kind == SessionKind.SURVEY
    ahead = rules.SURVEY_NOTICE if survey else rules.MEETING_NOTICE
    days = value_of(slot.filing.pinned_rulebook, ahead).number
    notice = printed_limit(slot, notice_began(slot, slot.invitation), days)
    return {
        "rule": slot.rule,
        "started_at": iso(slot.started_at),
        "due_at": iso(slot.due_at),
        "length": slot.length,
        "unit": slot.unit,
        "days": words.day_table(slot),
        "notice_rule": ahead,
        "notice_length": days,
        "notice_days": words.day_table(notice),
    }


def _checked(slot: Slot, invitation: Invitation, found: Verdict) -> list[dict[str, Any]]:
    """Return each thing that would have stood against a default, and whether it was looked at and found in order."""
    again = slot.served_again_at is not None
    came = slot.agenda.closed_at is not None and invitation.present_at(slot.agenda.closed_at)
    reached, word = again or came, service_word(slot.filing.pinned_rulebook)
    checks = {
        "marked": slot.marked,
        "no_red_line": not slot.bites,
        "service_proven": reached or served_before(invitation, word),
        "notice_kept": reached or served_in_time(invitation, word),
        "excuse_decided": reached or invitation.answer != Answer.EXCUSE,
        "roll_stands": found.position != Position.DEEMED_ABSENCE
        or contested(invitation) in ("", ContestResult.REJECTED),
        "calendar_published": not slot.provisional or found.position == Position.DEEMED_ABSENCE,
        "not_dismissed": slot.dismissed_at is None,
        "not_given": True,
    }
    return _listed(tuple(checks), tuple(map(bool, checks.values())))


@once
def _listed(checks: tuple[str, ...], hold: tuple[bool, ...]) -> list[dict[str, Any]]:
    return [{"check": name, "holds": holds} for name, holds in zip(checks, hold, strict=True)]
