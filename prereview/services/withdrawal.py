"""撤回默认: by a reasoned decision of two persons; nothing is deleted, and the procedure is not turned back.

The default stays on record as withdrawn. Before its item was concluded the slot is free again: what the department has
said meanwhile counts, and where it has said nothing the slot is held until it is served again. After that the slot
reads 未表态, and a correction case asks what must be done.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership
from accounts.policies import Policy
from accounts.services import system_actor
from approvals.models import CorrectionCase
from approvals.stages import Stage
from core.deadlines.services import end
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import need_words, require
from prereview import policies, rules
from prereview.models import Contest, LateOpinion, Opinion, Slot, Withdrawal
from prereview.queries.defaults import proposed
from prereview.services.default_decision import withdrawal_decision
from prereview.services.outcome import advance, follow_up, named, settle
from prereview.services.telling_defaults import tell_proposed, tell_refused, tell_withdrawn
from prereview.stages import ContestResult, Position, SessionKind, SlotState, WithdrawalState


def fresh_default(slot: Slot) -> Slot:
    """Lock the case and return the slot as it now is, with the outcome that stands in it."""
    lock(slot.book_id)
    return Slot.objects.select_related(
        "agenda__session__convenor__user", "filing__rulebook", "filing__catalogue", "filing__enterprise",
        "department", "item__item", "calendar", "opinion__paper",
    ).get(pk=slot.pk)  # fmt: skip


def propose(
    slot: Slot,
    contest: Contest | None,
    *,
    reason: str,
    legal_basis: str,
    by: Membership,
    at: datetime,
    policy: Policy = policies.convenor,
) -> Withdrawal:
    """Put a withdrawal before the second person; one that is there already is kept, and the contest joined to it."""
    waiting = proposed(slot.opinion)
    if waiting is not None:
        waiting.contest = contest
        waiting.save(update_fields=["contest"])
        return waiting
    if not legal_basis.strip():
        raise ValidationError({"legal_basis": _("撤回默认必须写明依据。")})
    withdrawal = Withdrawal.objects.create(
        opinion=slot.opinion, contest=contest, reason=reason, legal_basis=legal_basis, proposed_by=by,
        proposer=by.user, proposed_at=at,
    )  # fmt: skip
    act(
        slot, "propose_withdrawal", policy=policy, by=by, at=at, **named(slot), reason=reason,
        basis=legal_basis,
    )  # fmt: skip
    tell_proposed(withdrawal, at)
    return withdrawal


@transaction.atomic
def propose_withdrawal(
    slot: Slot, *, reason: str, legal_basis: str, by: Membership, at: datetime
) -> Withdrawal:
    """提出撤回默认: by the convenor, at any time, with reasons and basis; until it is approved the default stands."""
    slot = fresh_default(slot)
    permit(slot, policies.convenor, by=by, at=at)
    require(slot, policies.slot_is_defaulted, policies.no_withdrawal_waits)
    need_words(reason)
    return propose(slot, None, reason=reason, legal_basis=legal_basis, by=by, at=at)


@transaction.atomic
def decide_withdrawal(
    slot: Slot, *, approved: bool, decision: str, by: Membership, at: datetime
) -> Withdrawal:
    """批准或者不批准撤回默认: by the supervisor (the lead unit, where one proposed it), never by who proposed it."""
    slot = fresh_default(slot)
    permit(slot, policies.decides_withdrawal, by=by, at=at)
    require(slot, policies.withdrawal_waits)
    waiting = proposed(slot.opinion)
    assert waiting is not None  # required above
    require(waiting, policies.decided_by_another(by), policies.withdrawn_from_outside(by))
    if not decision.strip():
        raise ValidationError({"decision": _("请写明批准或者不批准的理由。")})
    waiting.state = WithdrawalState.APPROVED if approved else WithdrawalState.REFUSED
    waiting.decided_by, waiting.decider, waiting.decided_at = by, by.user, at
    waiting.decision = decision
    act(
        slot, "approve_withdrawal" if approved else "refuse_withdrawal", policy=policies.decides_withdrawal, by=by,
        at=at, **named(slot), decision=decision,
    )  # fmt: skip
    if approved:
        _take_back(slot, waiting, by, at)
    waiting.save()
    (tell_withdrawn if approved else tell_refused)(waiting, at)
    return waiting


def has_moved_on(slot: Slot) -> bool:
    """Whether the procedure has gone on from a slot's item: then it is not turned back."""
    filing = slot.filing
    if slot.kind == SessionKind.SURVEY:
        return bool(filing.stage != Stage.SURVEYING)
    here = filing.stage == Stage.PREREVIEWING and slot.round == filing.round
    return bool(slot.agenda.conclusion) or not here


def _take_back(slot: Slot, withdrawal: Withdrawal, by: Membership, at: datetime) -> None:
    """Let the default stand nowhere and bring its slot to where it then stands."""
    default = withdrawal.opinion
    moved_on = has_moved_on(slot)
    late = late_word(slot)
    withdrawal.paper = withdrawal_decision(
        withdrawal, by=by, at=at, moved_on=moved_on, spoken=late is not None
    )
    default.withdrawn_at, default.stands_in = at, None
    default.save(update_fields=["withdrawn_at", "stands_in"])
    if default.make_up.ended_at is None:
        end(default.make_up, at=at)
    _answer_contest(default, by, at)
    slot = Slot.objects.select_related(
        "agenda__session__convenor__user", "filing__rulebook", "department", "item__item", "calendar"
    ).get(pk=slot.pk)  # fmt: skip
    slot.confirmed_at = None
    if moved_on:
        _leave_open_to_correction(slot, withdrawal, by, at)
    elif late is not None:
        take_late(slot, late, at)
    else:
        _hold(slot, at)


def late_word(slot: Slot) -> LateOpinion | None:
    """Return what the department has last said too late."""
    return slot.late_opinions.order_by("-pk").first()


def take_late(slot: Slot, late: LateOpinion, at: datetime) -> None:
    """Make a word that came too late the outcome, since nothing may be drawn from the silence before it."""
    conditions = [late.reason] if late.position == Position.CONDITIONS else []
    said = Opinion(
        position=late.position, reason=late.reason, clause=late.clause, conditions=conditions,
        given_by=late.given_by, effective_at=late.received_at, recorded_at=at,
    )  # fmt: skip
    settle(slot, said)
    follow_up(slot, at)


def _answer_contest(default: Opinion, by: Membership, at: datetime) -> None:
    """A contest that nobody has decided yet is answered by the withdrawal itself."""
    contest = getattr(default, "contest", None)
    if contest is not None and contest.result == ContestResult.OPEN:
        contest.result, contest.reason = ContestResult.UPHELD, "默认已依职权撤回。"
        contest.decided_by, contest.decided_at = by, at
        end(contest, at=at)


def _leave_open_to_correction(
    slot: Slot, withdrawal: Withdrawal, by: Membership, at: datetime
) -> None:
    """The procedure stands as it went on: no opinion was given, and what that asks for is a correction case."""
    settle(
        slot,
        Opinion(
            position=Position.NO_OPINION, given_by=system_actor(), effective_at=at, recorded_at=at,
            reason="默认已撤回；程序在撤回以前已经继续，转纠错事项处理。",
        ),
    )  # fmt: skip
    what = slot.item.item.name if slot.item else slot.get_kind_display()
    withdrawal.case = CorrectionCase.objects.create(
        filing=slot.filing, opened_at=at, opened_by=by, text=withdrawal.reason,
        legal_basis=withdrawal.legal_basis,
        subject=f"撤回默认：{slot.department.name}：{what}"[:200],
    )  # fmt: skip


def _hold(slot: Slot, at: datetime) -> None:
    """Hold the slot until it is served again; the limit of minutes and conclusion waits with it."""
    slot.withdrawn_at, slot.state, slot.ended_at = at, SlotState.AWAITED, None
    slot.save()
    for limit in slot.filing.limits.filter(rule=rules.MINUTES.code, ended_at=None):
        end(limit, at=at)
    advance(slot, at)
