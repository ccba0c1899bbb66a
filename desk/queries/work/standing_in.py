"""What waits inside departments for a person — to sign, to answer, what was handed to them — and contests of rolls."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.stages import Role
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at, end_of, rulebook_at, start_of, value_of
from core.steps.templatetags.look import date_long
from desk.queries.work.rows import Row, Seen, dated
from desk.rules.ladder import ROSTER
from prereview import policies
from prereview.models import Countersign, Mandate, Opinion, PartRequest, RollContest
from prereview.stages import ContestResult, Duty, Position, SignState, SlotState

# the defaults by absence that rest on a contested row
RESTING = Opinion.objects.filter(
    position=Position.DEEMED_ABSENCE, withdrawn_at=None, slot__served_again_at=None,
    slot__agenda__session=OuterRef("invitation__session"), slot__department=OuterRef("invitation__department"),
)  # fmt: skip


def to_countersign(seen: Seen) -> Iterator[Row]:
    """Yield the opinions that wait for the head's signature, each with the department's own limit."""
    found = Countersign.objects.filter(
        state=SignState.WAITING, slot__ended_at=None, slot__department=seen.by.organisation_id
    ).exclude(slot__state=SlotState.SETTLED)
    for one in found.exclude(drafter=seen.by.user_id).select_related(
        "slot__filing", "slot__item__item", "drafted_by__user"
    ):
        if not policies.head_of_department(one.slot, seen.by):
            continue
        slot = one.slot
        what = slot.item.label if slot.item else slot.get_kind_display()
        url = reverse("prereview:countersign", args=[slot.pk])
        row = dated(
            Row(
                _("会签意见：%(what)s") % {"what": what},
                url,
                str(slot.filing),
                str(one.drafted_by.user),
            ),
            slot,
            seen,
        )
        row.silence = _("期限届满没有会签的，按没有提出处理。")
        yield row


def parts_to_answer(seen: Seen) -> Iterator[Row]:
    """Yield what a person was asked inside the department and has not answered."""
    found = PartRequest.objects.filter(asked=seen.by, answered_at=None, slot__ended_at=None)
    for part in found.exclude(slot__state=SlotState.SETTLED).select_related("slot__filing"):
        late = part.due_on < timezone.localdate(seen.at)
        yield Row(
            _("内部答复（%(unit)s）") % {"unit": part.unit},
            reverse("prereview:answer_part", args=[part.pk]),
            str(part.slot.filing),
            silence=_("没有答复的，经办人可以直接提出本单位的意见。"),
            due_at=start_of(part.due_on),
            due={"light": "red" if late else "green", "text": date_long(part.due_on)},
        )


def roster_to_renew(seen: Seen) -> Iterator[Row]:
    """Yield the entries of the roster that end soon (P77), to the head and to whom they name: in time to renew."""
    today = timezone.localdate(seen.at)
    try:
        days = value_of(rulebook_at(seen.at), ROSTER).number
        until = calendar_at(seen.at).add_working(today, days)
    except (KeyError, CalendarGap):  # an edition from before the rule, or the end of the calendar
        return
    entries = Mandate.objects.ending(today, until).filter(department=seen.by.organisation_id)
    own = entries if seen.by.role == Role.HEAD else entries.filter(person__user=seen.by.user_id)
    for one in own.select_related("person__user").order_by("valid_to", "pk"):
        yield Row(
            _("授权即将到期：%(who)s（%(grade)s）")
            % {"who": one.person.user, "grade": one.get_grade_display()},
            reverse("prereview:stand_ins"),
            "、".join(str(Duty(duty).label) for duty in Duty.values if getattr(one, f"may_{duty}")),
            silence=_("到期后名册上没有的，不能再按名册办理；已经办理的不受影响。"),
            due_at=end_of(one.valid_to),
            due={"light": "yellow", "text": _("%(until)s止") % {"until": date_long(one.valid_to)}},
        )


def rolls_to_decide(seen: Seen) -> Iterator[Row]:
    """Yield the contests of rolls that wait for somebody else than who convened."""
    found = RollContest.objects.filter(result=ContestResult.OPEN).exclude(convened=seen.by.user_id)
    found = (
        found.annotate(stands=Exists(RESTING))
        .exclude(invitation__department__in=policies.offices_in_departments(seen.by))
        .exclude(lodged_by__user=seen.by.user_id)
    )
    for contest in found.select_related("invitation__department", "invitation__session"):
        summons = contest.invitation
        row = Row(
            _("决定%(department)s对到会记录的异议") % {"department": summons.department},
            reverse("prereview:decide_roll", args=[summons.pk]),
            str(summons.session),
        )
        row = dated(row, contest, seen)
        row.silence = _("决定以前不认定缺席，该部门的默认一直暂停。")
        if contest.stands:
            row.silence = _("已认定的默认在撤回以前有效。")
        yield row


DEPARTMENT = (to_countersign, parts_to_answer, roster_to_renew)
SUPERVISOR = (rolls_to_decide,)
