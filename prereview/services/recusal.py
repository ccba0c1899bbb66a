"""回避: whoever has an interest in a case stays out of it, as a natural person, and a colleague takes over."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.stages import Role
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words, require
from prereview import policies
from prereview.models import DepartmentRule, Recusal, Slot
from prereview.queries.standing import colleagues
from prereview.services.countersigning import heads_of
from prereview.services.giving import fresh
from prereview.services.reassigning import hand_slots_to
from prereview.stages import SlotState


@transaction.atomic
def declare_recusal(
    slot: Slot,
    *,
    reason: str,
    by: Membership,
    at: datetime,
    person: Membership | None = None,
    successor: Membership | None = None,
) -> Recusal:
    """申请回避: by the person themselves, or by the head for somebody; from now on that person is barred from the case.

    The colleague who takes over is named with it; where nobody is left, the supervisor learns of it. The limit runs on.
    """
    need_words(reason)
    slot = fresh(slot)
    permit(slot, policies.own_department, by=by, at=at)
    require(slot.filing, policies.goes_on)
    out = person or by
    _check(slot, out, successor, by=by, at=at)
    made = Recusal.objects.create(
        filing=slot.filing, department=slot.department, person=out, user=out.user, reason=reason.strip(),
        declared_by=by, declared_at=at,
    )  # fmt: skip
    record(
        slot.book, "declare_recusal", by=by, at=at, department=slot.department.code, agent=out,
        **({"receiver": successor} if successor else {}),
    )  # fmt: skip
    own = slot.filing.slots.filter(department=slot.department_id).exclude(state=SlotState.SETTLED)
    if successor is not None:
        hand_slots_to(list(own), successor, reason=str(_("回避")), by=by, at=at)
    _tell(made, successor, at)
    _tell_where_nobody_signs(slot, made, at)
    return made


def _check(
    slot: Slot, out: Membership, successor: Membership | None, *, by: Membership, at: datetime
) -> None:
    day = timezone.localdate(at)
    left = colleagues(by, day, filing=slot.filing_id).exclude(user=out.user_id)
    if out.pk != by.pk and not policies.head_of_department(slot, by):
        raise ValidationError({"person": _("只有本单位负责人可以决定他人回避。")})
    if out.organisation_id != slot.department_id:
        raise ValidationError({"person": _("只能选本单位在任的人员。")})
    if Recusal.objects.filter(filing=slot.filing_id, user=out.user_id, lifted_at=None).exists():
        raise NotNow([_("他已对本件回避。")])
    if successor is None and left.exists():
        raise ValidationError({"successor": _("请写明由谁接手。")})
    if successor is not None and not left.filter(pk=successor.pk).exists():
        raise ValidationError({"successor": _("接手人须是本单位在任、没有回避的另一个人。")})


def _tell(made: Recusal, successor: Membership | None, at: datetime) -> None:
    """Tell the department; where nobody is left who may act, the supervisor too."""
    day = timezone.localdate(at)
    people = list(people_of([made.department_id], day))
    words = _("%(project)s：%(who)s回避，由%(successor)s接手")
    if successor is None:
        people += holders(Role.SUPERVISOR, day)
        words = _("%(project)s：%(department)s的%(who)s回避，该部门已没有可以办理的人员")
    names = {
        "project": made.filing.project_name,
        "who": str(made.person.user),
        "department": made.department,
        "successor": str(successor.user) if successor else "",
    }
    tell(
        people, words % names, about=f"recusal:{made.pk}", at=at,
        link=f"/cases/{made.filing.public_id}/opinions/",
    )  # fmt: skip


def _tell_where_nobody_signs(slot: Slot, made: Recusal, at: datetime) -> None:
    """Tell the department and the supervisor where what its clerks say would wait for a signature nobody may give."""
    rule = DepartmentRule.objects.filter(department=made.department_id, countersigns=True)
    if not rule.exists() or heads_of(slot, at):
        return
    day = timezone.localdate(at)
    words = _(
        "%(project)s：%(department)s规定意见须会签，负责人已回避，没有人可以会签：请解除回避或者另行授权代行负责人职权；期限照常计算"
    ) % {"project": made.filing.project_name, "department": made.department}
    tell(
        [*people_of([made.department_id], day), *holders(Role.SUPERVISOR, day)], words,
        about=f"unsigned:{made.pk}", at=at, link=f"/cases/{made.filing.public_id}/opinions/",
    )  # fmt: skip


@transaction.atomic
def lift_recusal(recusal: Recusal, *, reason: str, by: Membership, at: datetime) -> Recusal:
    """解除回避: by the head of the department with a reason, never by the person for themselves."""
    need_words(reason)
    (book,) = lock(recusal.filing.book_id)
    permit(recusal, policies.lifts_recusal, by=by, at=at)
    recusal = Recusal.objects.select_related("person", "department", "filing").get(pk=recusal.pk)
    if recusal.lifted_at is not None:
        raise NotNow([_("这次回避已经解除。")])
    recusal.lifted_at, recusal.lifted_by, recusal.lifted_because = at, by, reason.strip()
    recusal.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record(
        book, "lift_recusal", by=by, at=at, department=recusal.department.code, agent=recusal.person
    )
    return recusal
