"""Opinions: given in time, given late, claimed to be somebody else's; and the lead unit's word on a default."""

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from approvals.models import CorrectionCase
from approvals.stages import OpinionDefault
from core.deadlines.services import grace
from core.ledger.services import Overtaken, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.papers import time_text
from core.steps.reasons import NotNow
from prereview import policies
from prereview.models import LateOpinion, Opinion, Slot
from prereview.policies.standing import roll_is_decided
from prereview.queries import served_at, service_word
from prereview.queries.standing import Standing, standing_of
from prereview.rules.outcome import expiry
from prereview.services.countersigning import keep_for_the_head, waiting_for_the_head
from prereview.services.facts import facts_of, takes_opinion
from prereview.services.giving import Words, fresh, give, is_plain, seen, still_asked
from prereview.services.make_up import made_up
from prereview.services.outcome import advance, follow_up, named, settle, start_clock
from prereview.services.standing import stands
from prereview.stages import GIVEN, Duty, Position, SlotState


def _standing(slot: Slot, at: datetime) -> Slot:
    """Lock a slot and bring it to where the rules say it stands: whoever decides on it meets that, swept or not."""
    return advance(fresh(slot), at)


def check_form(position: str, reason: str, clause: str, conditions: list[str]) -> None:
    """Refuse an opinion whose form is wrong: disagreement needs reason and clause, conditions need their text."""
    if position not in GIVEN:
        raise ValidationError({"position": _("请选择一种意见。")})
    if position == Position.DISAGREE and not (reason.strip() and clause.strip()):
        raise ValidationError({"reason": _("不同意必须写明理由和法律条款，否则不是有效的意见。")})
    if position == Position.CONDITIONS and not [c for c in conditions if c.strip()]:
        raise ValidationError({"conditions": _("附条件同意必须逐条写明条件。")})
    if position == Position.NOT_OURS and not reason.strip():
        raise ValidationError({"reason": _("请写明为什么不属本部门，以及应由哪个部门提出。")})


def give_opinion(
    slot: Slot,
    *,
    position: str,
    by: Membership,
    at: datetime,
    reason: str = "",
    clause: str = "",
    conditions: list[str] | None = None,
) -> Slot:
    """提出意见: in time it is the slot's one outcome; what comes after the limit is refused here and kept as late.

    Where the department wants its head's signature, what a clerk says waits inside the department until it is signed.
    """
    wanted = [c.strip() for c in conditions or [] if c.strip()]
    check_form(position, reason, clause, wanted)
    words = Words(position, reason, clause, wanted)
    return _at_one_go(slot, words, by=by, at=at) or _under_the_lock(slot, words, by=by, at=at)


def _at_one_go(slot: Slot, words: Words, *, by: Membership, at: datetime) -> Slot | None:
    """Give a plain opinion by one statement; None where more hangs on it, or where somebody came between."""
    found = seen(slot, by)
    if found is None:
        return None
    standing = _may_say(found, by=by, at=at)
    if standing.countersigned or not is_plain(found, words):
        return None
    with suppress(Overtaken):
        return give(found, words, by=by, at=at, evidence=standing.evidence)
    return None


@transaction.atomic
def _under_the_lock(slot: Slot, words: Words, *, by: Membership, at: datetime) -> Slot:
    slot = fresh(slot)
    return _say(slot, words, _may_say(slot, by=by, at=at), by=by, at=at)


def _may_say(slot: Slot, *, by: Membership, at: datetime) -> Standing:
    """Return how a person stands to an opinion; refuse who may not give one, and what comes too late."""
    permit(slot, policies.own_department, by=by, at=at)
    standing = stands(slot, Duty.OPINE, by=by, at=at)
    still_asked(slot)
    if not takes_opinion(slot, at):
        raise NotNow(
            [_("期限已过，这份意见是迟到意见：请按“迟到意见”提出，它会被保存，但不改变已有结果。")]
        )
    return standing


def _say(slot: Slot, words: Words, standing: Standing, *, by: Membership, at: datetime) -> Slot:
    """Write what may be said: the outcome, or what waits for the head."""
    if standing.countersigned:
        return keep_for_the_head(slot, words, by=by, at=at)
    return give(slot, words, by=by, at=at, evidence=standing.evidence)


@transaction.atomic
def agree_to_all(agenda_slots: list[Slot], *, by: Membership, at: datetime) -> int:
    """同意全部本单位事项: one move for all that still takes an opinion.

    Late or claimed ones are left out, and those on which something waits for the head: nobody's words are written over.
    Left out too is what the person themselves may not speak to; PermissionDenied where nothing else was asked. All is
    decided under all the locks, taken in one order: what a colleague said a moment ago is left as it is.
    """
    lock(*{slot.book_id for slot in agenda_slots})
    done, barred, waits = 0, "", waiting_for_the_head(agenda_slots)
    for slot in map(fresh, agenda_slots):
        if slot.pk in waits or slot.not_ours_reason or not takes_opinion(slot, at):
            continue
        permit(slot, policies.own_department, by=by, at=at)
        standing = standing_of(slot, Duty.OPINE, by, at)
        barred = barred or standing.refusal
        if not standing.refusal:
            _say(slot, Words(Position.AGREE, "", "", []), standing, by=by, at=at)
            done += 1
    if barred and not done:
        raise PermissionDenied(barred)
    return done


@transaction.atomic
def decide_not_ours(
    slot: Slot, *, accepted: bool, reason: str, by: Membership, at: datetime
) -> Slot:
    """决定是否不属本部门: accepted, the slot is settled; not, the limit has run on all the time."""
    slot = _standing(slot, at)
    if not slot.not_ours_reason:
        raise NotNow([_("该部门没有提出不属本部门。")])
    act(
        slot, "decide_not_ours", policy=policies.convenor, by=by, at=at, conditions=(policies.slot_is_open,),
        department=slot.department.code, accepted=accepted, reason=reason,
    )  # fmt: skip
    if accepted:
        opinion = Opinion(position=Position.NOT_OURS, reason=slot.not_ours_reason, given_by=by)
        opinion.effective_at = opinion.recorded_at = at
        settle(slot, opinion)
        follow_up(slot, at)
    else:
        slot.not_ours_reason = ""
        slot.save()
    return slot


@transaction.atomic
def give_late_opinion(
    slot: Slot, *, position: str, reason: str, clause: str, by: Membership, at: datetime
) -> LateOpinion:
    """迟到意见: kept as such; a disagreement opens a correction case; nothing settled is changed."""
    slot = fresh(slot)
    permit(slot, policies.own_department, by=by, at=at)
    standing = stands(slot, Duty.OPINE, by=by, at=at)
    if standing.countersigned:
        raise PermissionDenied(_("本单位规定意见须由负责人会签：迟到意见请由负责人提出。"))
    still_asked(slot)
    if takes_opinion(slot, at):
        raise NotNow([_("期限未过，请直接提出意见。")])
    if position not in (Position.AGREE, Position.CONDITIONS, Position.DISAGREE):
        raise ValidationError({"position": _("请选择一种意见。")})
    if position != Position.AGREE and not (reason.strip() and clause.strip()):
        raise ValidationError({"reason": _("迟到的反对或附条件意见必须写明理由和法律条款。")})
    case = None
    if position != Position.AGREE:
        case = CorrectionCase.objects.create(
            filing=slot.filing, opened_at=at, opened_by=by, text=reason, legal_basis=clause,
            subject=f"{slot.department.name}：{slot.item.item.name if slot.item else slot.get_kind_display()}"[:200],
        )  # fmt: skip
    late = LateOpinion.objects.create(
        slot=slot,
        position=position,
        reason=reason,
        clause=clause,
        given_by=by,
        received_at=at,
        case=case,
    )
    record(
        slot.book, "late_opinion", by=by, at=at, department=slot.department.code,
        item=slot.item.code if slot.item else "", position=position, **standing.evidence,
    )  # fmt: skip
    made_up(slot, at)
    return late


def _nothing_under_way(slot: Slot, at: datetime) -> None:
    """Refuse a word on a default while a reply that arrived in time may still be under way (P24), as the sweep does."""
    ends = expiry(facts_of(slot, at))
    if ends is not None and at <= ends + grace(slot.filing.pinned_rulebook):
        raise NotNow([_("期限刚刚届满，届满前发出的答复可能还在途中：请几分钟后再确认。")])


@transaction.atomic
def confirm_default(slot: Slot, *, by: Membership, at: datetime) -> Slot:
    """确认默认: the lead unit need not wait until it confirms itself; whether it has is not the sweep's to say."""
    slot = _standing(slot, at)
    act(
        slot, "confirm_default", policy=policies.convenor, by=by, at=at,
        conditions=(policies.slot_is_candidate,), **named(slot),
    )  # fmt: skip
    _nothing_under_way(slot, at)
    slot.confirmed_at = at
    return advance(slot, at)


@transaction.atomic
def dismiss_default(slot: Slot, *, reason: str, by: Membership, at: datetime) -> Slot:
    """驳回默认: with reasons, before it confirms itself; the slot is held until it is served again with a new limit."""
    slot = _standing(slot, at)
    if not reason.strip():
        raise ValidationError({"reason": _("驳回默认必须写明理由。")})
    act(
        slot, "dismiss_default", policy=policies.convenor, by=by, at=at,
        conditions=(policies.slot_is_candidate,), department=slot.department.code,
        item=slot.item.code if slot.item else "", reason=reason,
    )  # fmt: skip
    slot.dismissed_at, slot.dismissed_because = at, reason
    return advance(slot, at)


@transaction.atomic
def serve_slot_again(slot: Slot, *, by: Membership, at: datetime) -> Slot:
    """重新送达: the way out of a held slot; from this service a new limit runs and its proof is this act."""
    slot = _standing(slot, at)
    if served_at(slot.invitation, service_word(slot.filing.pinned_rulebook)) is None:
        raise NotNow(
            [_("没有送达凭证：请先在会次页面用第二种方式送达并上传凭证，或由该部门签收。")]
        )
    act(
        slot, "serve_slot_again", policy=policies.convenor, by=by, at=at,
        conditions=(policies.slot_is_held, roll_is_decided), department=slot.department.code,
        item=slot.item.code if slot.item else "",
    )  # fmt: skip
    slot.served_again_at, slot.dismissed_at, slot.dismissed_because = at, None, ""
    slot.withdrawn_at = slot.invalid_form_at = None
    slot.state, slot.held_because = SlotState.AWAITED, ""
    if not slot.marked:  # nobody's silence is deemed here: served anew, it goes to the supervisor
        slot.default = OpinionDefault.ESCALATE
    start_clock(slot, at)
    advance(slot, at)  # where the calendar does not reach, it is held anew and somebody is told
    tell(
        people_of([slot.department_id], timezone.localdate(at)),
        _("重新送达：请提出意见，%(until)s前有效") % {"until": time_text(slot.due_at)}
        if slot.due_at
        else _("重新送达：请提出意见"),
        about=f"again:{slot.pk}:{int(at.timestamp())}",
        at=at,
        link=f"/cases/{slot.filing.public_id}/opinions/",
        service=True,
    )
    return slot
