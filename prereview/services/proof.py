"""The proof pack of an outcome drawn from silence: the facts from which a stranger recomputes it, frozen with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.once import shared
from approvals.queries.edition_rows import bound
from approvals.services import words
from approvals.stages import OpinionDefault
from core.composed import Composed, Piece, joined, piece, put_together
from core.deadlines.counting import last_day_of
from core.deadlines.models import Timed
from core.deadlines.queries import value_of
from core.sets import made
from prereview import rules
from prereview.models import AgendaItem, Dispatch, Invitation, Slot
from prereview.queries import noticed_at, service_word
from prereview.queries.absence import contested
from prereview.queries.defaults import extensions_of, iso, stops_of
from prereview.rules.outcome import Verdict
from prereview.services.alike import alike
from prereview.services.facts import service_of, with_service
from prereview.stages import Answer, ContestResult, Position, SessionKind


def printed_limit(slot: Slot, at: datetime, length: int) -> Timed:
    """Return an unsaved limit counted with the slot's calendar, for printing only."""
    return made(Slot, rule=slot.rule, started_at=at, length=length, calendar=slot.calendar)


def notice_began(slot: Slot, invitation: Invitation) -> datetime:
    """Return the instant from which the minimum notice was counted; of who was never served, that of the first try."""
    word = service_word(slot.filing.pinned_rulebook)
    return noticed_at(invitation, word) or invitation.served_at


def proof_of(slot: Slot, found: Verdict, stands: datetime) -> Composed:
    """Return what was served, when, to whom and how; how each day counted; the editions; what was checked.

    What several slots of a batch share (the sitting, a summons, a limit) is written out once.
    """
    item = slot.item.code if slot.item else None
    return put_together(
        *alike(slot, "proof", lambda: _alike(slot, found, stands)), piece({"item": item})
    )


def _alike(slot: Slot, found: Verdict, stands: datetime) -> tuple[Piece, Piece]:
    """Return what the proofs of a sitting say, and what those of slots that are alike say, whatever their items."""
    invitation, filing = slot.invitation, slot.filing
    with_service(invitation)
    notice = _notice(slot, notice_began(slot, invitation))
    return shared(
        ("sitting", slot.agenda_id, slot.calendar_id, id(notice)),
        lambda: joined(_sitting(slot.agenda), _editions(slot), notice),
    ), joined(
        _outcome(slot, found, stands),
        shared(("summons", invitation.pk), lambda: _summons(invitation)),
        shared(("dispatch", filing.pk, slot.department_id), lambda: _dispatch(slot)),
        run_shared("limit", slot, lambda: _limit(slot)),
        _checked(slot, invitation, found),
    )


def run_shared(kind: str, slot: Slot, make: Callable[[], Piece]) -> Piece:
    """Return what is said of a run of a limit: alike of all that began together and were never stopped."""
    if slot.interrupted:
        return make()
    run = (slot.rule, slot.started_at, slot.due_at, slot.length, slot.unit, slot.calendar_id)
    return shared((kind, slot.provisional, *run), make)


def _outcome(slot: Slot, found: Verdict, stands: datetime) -> Piece:
    return piece({
        "position": found.position,
        "effective_at": iso(found.effective_at),
        "stands_since": iso(stands),
        "department": slot.department.code,
        "mark": {"basis": slot.mark_basis, "approver": slot.mark_approver},
        "served_again_at": iso(slot.served_again_at),
        "red_line": slot.default == OpinionDefault.ESCALATE,
    })  # fmt: skip


def _sitting(agenda: AgendaItem) -> Piece:
    """Return which session it was, and when the item was closed."""
    session = agenda.session
    return piece({
        "session": session.number,
        "session_kind": session.kind,
        "opens_at": iso(session.opens_at),
        "opened_at": iso(session.opened_at),
        "closed_at": iso(agenda.closed_at),
        "session_opened_in_time": session.notice_kept,
    })  # fmt: skip


def _editions(slot: Slot) -> Piece:
    filing = slot.filing
    return piece({
        "editions_sha256": bound(slot.calendar, filing.pinned_rulebook, filing.pinned_catalogue),
        "counts_as_service": service_word(filing.pinned_rulebook),
        "rulebook": filing.pinned_rulebook.number,
        "catalogue": filing.pinned_catalogue.number,
    })  # fmt: skip


def _summons(invitation: Invitation) -> Piece:
    """Return what was served on whom, when, by which channel, who signed for it, and who came."""
    signer = invitation.acknowledged_by
    return piece({
        "served_at": iso(invitation.reached_at),
        "channel": invitation.channel,
        "acknowledged_at": iso(invitation.acknowledged_at),
        "acknowledged_by": invitation.received_by or (signer.user.name if signer else None),
        "attempts": _attempts(invitation),
        "service_file": invitation.proof.sha256 if invitation.proof else None,
        "answer": invitation.answer,
        "excuse_decided_at": iso(invitation.decided_at),
        "checked_in_at": iso(invitation.checked_in_at),
        "left_at": iso(invitation.left_at),
        "sign_by": iso(invitation.due_at),
    })  # fmt: skip


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


def _dispatch(slot: Slot) -> Piece:
    """Return how the file itself was sent to the department; None where there was no dispatch.

    It adds to the facts and decides nothing: the summons carries the same file.
    """
    if (one := slot.dispatch) is None:
        return piece({"dispatch": None})
    signer = one.acknowledged_by
    return piece({"dispatch": {
        "sent_at": iso(one.sent_at),
        "channel": one.channel,
        "due_at": iso(one.due_at),
        "acknowledged_at": iso(one.acknowledged_at),
        "acknowledged_by": one.received_by or (signer.user.name if signer else None),
        "attempts": _attempts(one),
        "service_file": one.proof.sha256 if one.proof else None,
    }})  # fmt: skip


def _limit(slot: Slot) -> Piece:
    """Return the limit with each of its days, and what stopped and lengthened it."""
    return piece({
        "rule": slot.rule,
        "started_at": iso(slot.started_at),
        "due_at": iso(slot.due_at),
        "length": slot.length,
        "unit": slot.unit,
        "days": days_of(slot),
        "suspensions": stops_of(slot),
        "extensions": extensions_of(slot),
        "calendar": slot.calendar.number if slot.calendar else None,
    })  # fmt: skip


def days_of(slot: Slot) -> list[dict[str, str]]:
    """Return the day table of a slot's limit: its proof shows it, and its notice."""
    return shared(("days", slot.pk, slot.round), lambda: words.day_table(slot))


def notice_rule(slot: Slot) -> str:
    """Return the rule of the minimum notice ahead of a slot's session."""
    return rules.SURVEY_NOTICE if slot.kind == SessionKind.SURVEY else rules.MEETING_NOTICE


def _notice(slot: Slot, began: datetime) -> Piece:
    """Return the notice ahead with each of its days."""
    ahead, rulebook = notice_rule(slot), slot.filing.pinned_rulebook
    days = value_of(rulebook, ahead).number
    run = (slot.rule, last_day_of(began), slot.calendar_id)

    def make() -> Piece:
        table = words.day_table(printed_limit(slot, began, days))
        return piece({"notice_rule": ahead, "notice_length": days, "notice_days": table})

    return shared(("notice", ahead, days, *run), make)


def _checked(slot: Slot, invitation: Invitation, found: Verdict) -> Piece:
    """Return each thing that would have stood against a default, and whether it was looked at and found in order."""
    again = slot.served_again_at is not None
    came = slot.agenda.closed_at is not None and invitation.present_at(slot.agenda.closed_at)
    proven, in_time = (True, True) if again or came else service_of(slot, invitation)
    checks = {
        "marked": slot.marked,
        "no_red_line": not slot.bites,
        "service_proven": proven,
        "notice_kept": in_time,
        "excuse_decided": again or came or invitation.answer != Answer.EXCUSE,
        "roll_stands": found.position != Position.DEEMED_ABSENCE
        or contested(invitation) in ("", ContestResult.REJECTED),
        "calendar_published": not slot.provisional or found.position == Position.DEEMED_ABSENCE,
        "not_dismissed": slot.dismissed_at is None,
        "not_given": True,
    }
    hold = tuple(map(bool, checks.values()))
    listed = zip(checks, hold, strict=True)
    return shared(
        ("checks", hold),
        lambda: piece({"exclusions": [{"check": name, "holds": holds} for name, holds in listed]}),
    )
