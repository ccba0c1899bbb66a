"""对到会记录的异议: a department contests its row of the roll, in time and once; another than the convenor decides.

While it waits nothing is drawn from the absence that the roll shows (in doubt, no default), and what is said meanwhile
is kept as late. Upheld, what is not settled cannot settle as an absence, what was said meanwhile counts, and a default
that stands already is withdrawn by two persons.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from core.deadlines.queries import rulebook_at
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.documents.services import keep
from core.ledger.services import lock, record
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.papers import time_text
from core.steps.reasons import NotNow, need_words, require
from prereview import policies, rules
from prereview.models import Invitation, RollContest, Slot
from prereview.queries.defaults import proposed
from prereview.queries.roll import contest_days, resting_on, roll_contest_until
from prereview.rules.outcome import ROLL_WRONG, in_words
from prereview.services.outcome import advance, named
from prereview.services.standing import stands
from prereview.services.telling_rolls import tell_contest, tell_decided, tell_overdue
from prereview.services.withdrawal import fresh_default, late_word, propose, take_late
from prereview.stages import ContestResult, Duty, SlotState


def _fresh(invitation: Invitation) -> Invitation:
    lock(invitation.book_id)
    found: Invitation = Invitation.objects.select_related(
        "department",
        "session__convenor__user",
        "session__roll_copy",
        "book",
        "roll_contest__lodged_by",
    ).get(pk=invitation.pk)
    return found


def why_not_contested(invitation: Invitation, at: datetime) -> str:
    """Return the sentence that refuses a contest of the roll for its time; empty where it may be lodged."""
    session = invitation.session
    if session.closed_at is None:
        return _("会议（勘察）还没有宣布结束，到会记录还没有送达。")
    until = roll_contest_until(session, at)
    if until is None or at <= until:
        return ""
    return _(
        "对到会记录的异议期限（收到到会记录后%(days)s个工作日）已于%(until)s届满；"
        "对据此认定的默认，仍可以在默认的异议期限内提出异议。"
    ) % {"days": contest_days(session.closed_at).number, "until": time_text(until)}


def _bring_up(invitation: Invitation, at: datetime) -> list[Slot]:
    """Bring the department's slots of the session to where they stand; after the session's book, theirs by id."""
    slots = Slot.objects.filter(
        agenda__session=invitation.session_id, department=invitation.department_id
    )
    if books := sorted(set(slots.values_list("book_id", flat=True))):
        lock(*books)
    found = slots.select_related(
        "agenda__session", "filing__rulebook", "department", "item__item"
    ).order_by("pk")
    return [advance(slot, at) for slot in found]


@transaction.atomic
def contest_roll(
    invitation: Invitation,
    *,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> RollContest:
    """对到会记录提出异议: by the head of the department, within P17 of its copy, once.

    What silence had come to by then stays; from here on no absence is drawn from the row that is contested.
    """
    invitation = _fresh(invitation)
    permit(invitation, policies.head_of_department, by=by, at=at)
    standing = stands(invitation, Duty.HEAD, by=by, at=at)
    require(invitation, policies.roll_not_contested)
    if why := why_not_contested(invitation, at):
        raise NotNow([why])
    if not text.strip():
        raise ValidationError({"text": _("请写明对到会记录的哪一项有异议，以及理由。")})
    _bring_up(invitation, at)
    proof = keep(upload, book=invitation.book, by=by, at=at) if upload else None
    contest = RollContest(
        invitation=invitation, book=invitation.book, text=text, proof=proof, lodged_by=by, lodged_at=at,
        convened=invitation.session.convenor.user,
    )  # fmt: skip
    start(contest, rules.ROLL_DECISION, at=at, rulebook=rulebook_at(at))
    record(
        invitation.book, "contest_roll", by=by, at=at, department=invitation.department.code, text=text,
        **({"sha256": proof.sha256} if proof else {}), **standing.evidence,
    )  # fmt: skip
    _bring_up(invitation, at)
    tell_contest(contest, at)
    return contest


@transaction.atomic
def decide_roll_contest(
    invitation: Invitation, *, upheld: bool, reason: str, by: Membership, at: datetime
) -> RollContest:
    """决定对到会记录的异议: by the supervisor, who under no office convened the session or is of the department.

    Upheld, each default by absence that rests on the roll goes to its withdrawal, which a second person approves.
    """
    invitation = _fresh(invitation)
    permit(invitation, policies.supervisor, by=by, at=at)
    require(
        invitation, policies.roll_contest_is_open, policies.not_the_convenor(by), policies.not_of_the_department(by)
    )  # fmt: skip
    need_words(reason)
    contest: RollContest = invitation.roll_contest
    contest.result = ContestResult.UPHELD if upheld else ContestResult.REJECTED
    contest.reason, contest.decided_by, contest.decider, contest.decided_at = (
        reason,
        by,
        by.user,
        at,
    )
    record(
        invitation.book, "decide_roll_contest", by=by, at=at, department=invitation.department.code,
        upheld=upheld, reason=reason,
    )  # fmt: skip
    end(contest, at=at)
    for slot in _bring_up(invitation, at):
        if upheld and slot.state == SlotState.SETTLED:
            _to_be_withdrawn(slot, contest, by, at)
        elif upheld and slot.held_because == in_words(ROLL_WRONG):
            _hear(slot, by, at)
    tell_decided(contest, at)
    return contest


def _hear(slot: Slot, by: Membership, at: datetime) -> None:
    """Let what the department said meanwhile be its outcome: no absence stands before it any more."""
    if late := late_word(slot):
        record(
            slot.book, "late_opinion_counts", by=by, at=at, **named(slot), position=late.position
        )
        take_late(slot, late, at)


def _to_be_withdrawn(slot: Slot, contest: RollContest, by: Membership, at: datetime) -> None:
    """Put the withdrawal of a default that rests on a wrong roll before a second person, with the decision's reason."""
    default = resting_on(contest.invitation).filter(stands_in=slot).first()
    if default is None or proposed(default) is not None:
        return
    basis = _("对到会记录的异议成立（%(session)s）") % {
        "session": contest.invitation.session.number
    }
    propose(
        fresh_default(slot), None, reason=contest.reason, legal_basis=str(basis), by=by, at=at,
        policy=policies.supervisor,
    )  # fmt: skip


@on_silence(rules.ROLL_DECISION)
def roll_contest_overdue(contest: RollContest, now: datetime) -> None:
    """Nobody decided in time: it stays to be decided, red; nothing is deemed upheld, and nothing is deemed absent."""
    contest.escalated_at, contest.act_at = contest.expires_at, None
    contest.save()
    record(
        contest.book, "roll_contest_overdue", by=system_actor(), at=contest.expires_at,
        department=contest.invitation.department.code,
    )  # fmt: skip
    tell_overdue(contest, now)
