"""内部征求意见: a department asks a part of itself, with a day before its own; the answer stays inside."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core.deadlines.counting import last_day_of
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import PartRequest, Slot
from prereview.queries.standing import colleagues
from prereview.services.giving import fresh
from prereview.services.outcome import named
from prereview.services.standing import stands
from prereview.stages import Duty


def last_day_for_a_part(slot: Slot) -> date | None:
    """Return the department's own last day, before which a part must answer; None while its limit has not begun."""
    if slot.due_at is not None:
        return last_day_of(slot.due_at)
    if slot.agenda.closed_at is None:
        return timezone.localdate(slot.agenda.session.opens_at)
    return None


@transaction.atomic
def ask_part(
    slot: Slot,
    *,
    unit: str,
    asked: Membership,
    question: str,
    due_on: date,
    by: Membership,
    at: datetime,
) -> PartRequest:
    """请股室、站所提供意见: to a colleague, due before the department's own day; the department's limit runs on."""
    slot = fresh(slot)
    permit(slot, policies.own_department, by=by, at=at)
    stands(slot, Duty.OPINE, by=by, at=at)
    require(slot, policies.slot_is_open)
    today, last = timezone.localdate(at), last_day_for_a_part(slot)
    if not question.strip() or not unit.strip():
        raise ValidationError({"question": _("请写明请哪个股室、站所答复什么。")})
    if not colleagues(by, today, filing=slot.filing_id).filter(pk=asked.pk).exists():
        raise ValidationError({"asked": _("只能请本单位在任、没有对本件回避的人员答复。")})
    if due_on < today or (last is not None and due_on >= last):
        raise ValidationError({"due_on": _("答复期限须不早于今天，并早于本单位自己的期限。")})
    made = PartRequest.objects.create(
        slot=slot, unit=unit.strip(), asked=asked, question=question.strip(), due_on=due_on,
        asked_by=by, asked_at=at,
    )  # fmt: skip
    # The words stay inside the department; the book says that somebody was asked, and until when.
    record(slot.book, "ask_part", by=by, at=at, **named(slot), agent=asked, due_on=due_on)
    tell(
        [asked],
        _("%(project)s：请%(unit)s在%(until)s前答复；答复只供本单位内部参考")
        % {"project": slot.filing.project_name, "unit": made.unit, "until": due_on.isoformat()},
        about=f"part:{made.pk}", at=at, link=f"/parts/{made.pk}/answer/",
    )  # fmt: skip
    return made


@transaction.atomic
def answer_part(part: PartRequest, *, answer: str, by: Membership, at: datetime) -> PartRequest:
    """答复: by whom was asked, once, also late; it is never an opinion of the department."""
    slot = part.slot
    (book,) = lock(slot.book_id)
    part = PartRequest.objects.select_related("slot__filing", "asked", "asked_by__user").get(
        pk=part.pk
    )
    permit(part, policies.answers_part, by=by, at=at)
    if part.answered_at is not None:
        raise NotNow([_("已经答复过。")])
    if not answer.strip():
        raise ValidationError({"answer": _("请写明答复。")})
    part.answer, part.answered_by, part.answered_at = answer.strip(), by, at
    part.save(update_fields=["answer", "answered_by", "answered_at"])
    record(book, "answer_part", by=by, at=at, **named(slot))
    tell(
        [part.asked_by],
        _("%(project)s：%(unit)s已答复，请提出本单位的意见")
        % {"project": slot.filing.project_name, "unit": part.unit},
        about=f"part:{part.pk}:answered", at=at, link=f"/opinions/{slot.pk}/",
    )  # fmt: skip
    return part
