"""会签: where a department wants it, a clerk's opinion waits inside the department for its head; the limit runs on.

Until it is signed it is no opinion: when the time ends without a signature, silence has what silence has. Signed in
time, the opinion is given at the instant of the signature.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from accounts.stages import Role
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.papers import time_text
from core.steps.reasons import NotNow, need_words, require
from prereview import policies
from prereview.models import Countersign, Mandate, Recusal, Slot
from prereview.queries.standing import standing_of
from prereview.services.facts import takes_opinion
from prereview.services.giving import Words, fresh, give
from prereview.services.outcome import named
from prereview.services.standing import stands
from prereview.stages import Duty, SignState


@transaction.atomic
def countersign(slot: Slot, *, signed: bool, by: Membership, at: datetime, note: str = "") -> Slot:
    """会签: by the head, or who exercises the head's powers, never by who wrote it; or sent back with a note."""
    slot = fresh(slot)
    permit(slot, policies.head_of_department, by=by, at=at)
    standing = stands(slot, Duty.HEAD, by=by, at=at)
    require(slot, policies.countersign_waits)
    waiting = slot.countersigns.select_related("drafted_by__user").get(state=SignState.WAITING)
    if waiting.drafter_id == by.user_id:
        raise NotNow([_("自己提出的意见不能自己会签：须由另一个人会签。")])
    if not signed:
        need_words(note)
    elif standing_of(slot, Duty.OPINE, waiting.drafted_by, at).refusal:
        raise NotNow([_("起草人已回避或者不再有授权：请退回，由其他人员重新提出。")])
    elif not takes_opinion(slot, at):
        raise NotNow(
            [
                _(
                    "期限已过，待会签的意见不再作数：请按“迟到意见”提出，它会被保存，但不改变已有结果。"
                )
            ]
        )
    waiting.state = SignState.SIGNED if signed else SignState.RETURNED
    waiting.note, waiting.decided_by, waiting.decider, waiting.decided_at = note, by, by.user, at
    record(
        slot.book, "countersign" if signed else "return_countersign", by=by, at=at, **named(slot),
        agent=waiting.drafted_by, **standing.evidence,
    )  # fmt: skip
    if signed:
        give(slot, waiting, by=waiting.drafted_by, at=at, evidence={"countersigned_by": by})
        waiting.opinion = getattr(slot, "opinion", None)
    waiting.save()
    _tell_decided(waiting, at)
    return slot


def _tell_decided(waiting: Countersign, at: datetime) -> None:
    words = (
        _("%(project)s：您的意见已会签，已提出")
        if waiting.state == SignState.SIGNED
        else _("%(project)s：您的意见被退回修改，期限照常计算")
    )
    slot = waiting.slot
    tell(
        [waiting.drafted_by], words % {"project": slot.filing.project_name},
        about=f"countersign:{waiting.pk}:{waiting.state}", at=at, link=f"/opinions/{slot.pk}/",
    )  # fmt: skip


def waiting_for_the_head(slots: Iterable[Slot]) -> set[int]:
    """Return the keys of those slots on which an opinion waits inside the department."""
    waiting = Countersign.objects.filter(slot__in=slots, state=SignState.WAITING)
    return set(waiting.values_list("slot", flat=True))


def heads_of(slot: Slot, at: datetime) -> list[Membership]:
    """Return who may sign for the head of a department on a day and does not stay out of the case."""
    day = timezone.localdate(at)
    heads = list(people_of([slot.department_id], day, (Role.HEAD,)))
    held = Mandate.objects.for_duty(Duty.HEAD, day, slot.filing_id)
    deputies = held.filter(department=slot.department_id).select_related("person__user")
    out = Recusal.objects.filter(filing=slot.filing_id, lifted_at=None)
    barred = set(out.values_list("user", flat=True))
    found = {one.pk: one for one in [*heads, *(m.person for m in deputies)]}
    return [one for one in found.values() if one.user_id not in barred]


def keep_for_the_head(slot: Slot, words: Words, *, by: Membership, at: datetime) -> Slot:
    """Keep an opinion for the head's signature; one that waited is replaced. The caller holds the book."""
    slot.countersigns.filter(state=SignState.WAITING).update(state=SignState.REPLACED)
    waiting = Countersign.objects.create(
        slot=slot, position=words.position, reason=words.reason, clause=words.clause,
        conditions=words.conditions, drafted_by=by, drafter=by.user, drafted_at=at,
    )  # fmt: skip
    record(slot.book, "ask_countersign", by=by, at=at, **named(slot))
    names = {
        "project": slot.filing.project_name,
        "who": str(by.user),
        "until": time_text(slot.due_at) if slot.due_at else "—",
    }
    tell(
        [one for one in heads_of(slot, at) if one.user_id != by.user_id],
        _("%(project)s：%(who)s的意见等您会签；%(until)s前未会签的，视为没有提出") % names,
        about=f"countersign:{waiting.pk}", at=at, link=f"/opinions/{slot.pk}/countersign/",
    )  # fmt: skip
    return slot
