"""对默认的异议: a department contests a default in time and once; the lead unit decides, and the procedure goes on."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from core.deadlines.queries import value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.papers import time_text
from core.steps.reasons import NotNow, need_words, require
from prereview import policies, rules
from prereview.models import Contest, Opinion, Slot
from prereview.queries.defaults import contest_until
from prereview.services.default_decision import contest_rejected
from prereview.services.outcome import named
from prereview.services.standing import stands
from prereview.services.telling_defaults import (
    tell_contest,
    tell_contest_decided,
    tell_contest_overdue,
)
from prereview.services.withdrawal import fresh_default, propose
from prereview.stages import ContestResult, Duty


def too_late(opinion: Opinion, at: datetime) -> str:
    """Return the sentence that refuses a late contest, with its limit and what is left; empty while it is in time."""
    until = contest_until(opinion, at)
    if until is None or at <= until:
        return ""
    days = value_of(opinion.slot.filing.pinned_rulebook, rules.CONTEST).number
    return _(
        "异议期限（默认通知书送达后%(days)s个工作日）已于%(until)s届满，不能再提出异议；"
        "您仍可提出迟到意见，召集人和效能监督也仍可依职权撤回默认。"
    ) % {"days": days, "until": time_text(until)}


@transaction.atomic
def contest_default(slot: Slot, *, text: str, by: Membership, at: datetime) -> Contest:
    """对默认提出异议: by the head of the department, within P17 of the notice, once; nothing waits for it."""
    slot = fresh_default(slot)
    permit(slot, policies.head_of_department, by=by, at=at)
    standing = stands(slot, Duty.HEAD, by=by, at=at)
    require(slot, policies.slot_is_defaulted, policies.not_yet_contested)
    if late := too_late(slot.opinion, at):
        raise NotNow([late])
    if not text.strip():
        raise ValidationError({"text": _("请写明对哪一项认定的事实有异议，以及理由。")})
    contest = Contest(opinion=slot.opinion, book=slot.book, text=text, lodged_by=by, lodged_at=at)
    start(contest, rules.CONTEST_DECISION, at=at, rulebook=slot.filing.rulebook)
    record(
        slot.book, "contest_default", by=by, at=at, **named(slot), text=text, **standing.evidence
    )
    tell_contest(contest, at)
    return contest


@transaction.atomic
def decide_contest(
    slot: Slot, *, upheld: bool, reason: str, by: Membership, at: datetime, legal_basis: str = ""
) -> Contest:
    """决定异议: rejected with reasons the default stands; upheld, its withdrawal goes to a second person.

    Nobody decides who lodged it or is of the department that would gain, under whatever office.
    """
    slot = fresh_default(slot)
    permit(slot, policies.convenor, by=by, at=at)
    require(slot, policies.contest_is_open, policies.contest_from_outside(by))
    need_words(reason)
    contest: Contest = slot.opinion.contest
    contest.result = ContestResult.UPHELD if upheld else ContestResult.REJECTED
    contest.reason, contest.decided_by, contest.decided_at = reason, by, at
    act(
        slot, "decide_contest", policy=policies.convenor, by=by, at=at, **named(slot), upheld=upheld,
        reason=reason,
    )  # fmt: skip
    if not upheld:
        contest.paper = contest_rejected(contest, by=by, at=at)
    end(contest, at=at)
    tell_contest_decided(contest, at)
    if upheld:
        propose(slot, contest, reason=reason, legal_basis=legal_basis, by=by, at=at)
    return contest


@on_silence(rules.CONTEST_DECISION)
def contest_overdue(contest: Contest, now: datetime) -> None:
    """Nobody decided in time: the supervisor learns of it; nothing is deemed upheld, and it stays to be decided."""
    contest.escalated_at, contest.act_at = contest.expires_at, None
    contest.save()
    record(
        contest.book, "contest_overdue", by=system_actor(), at=contest.expires_at,
        **named(contest.opinion.slot),
    )  # fmt: skip
    tell_contest_overdue(contest, now)
