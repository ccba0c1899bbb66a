"""Who stands in for whom in a department, who stays out, and who decides on the roll."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.stages import Role
from core import clock
from core.steps.reasons import because
from prereview.stages import ContestResult, SessionStage, SignState, SlotState

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Membership, Organisation
    from approvals.models import Filing
    from prereview.models import Away, Invitation, Mandate, PartRequest, Recusal, Slot, Withdrawal


def heads_department(department: "Organisation", by: "Membership") -> bool:
    """The head of a department itself: who acts for the head does not prolong their own authority."""
    return by.role == Role.HEAD and by.organisation_id == department.pk


def enters_away(person: "Membership", by: "Membership") -> bool:
    """Who is going to be away, or the head of their department."""
    if person.role not in (Role.CLERK, Role.HEAD):
        return False
    own = by.user_id == person.user_id and by.organisation_id == person.organisation_id
    return own or (by.role == Role.HEAD and by.organisation_id == person.organisation_id)


def ends_mandate(mandate: "Mandate", by: "Membership") -> bool:
    """The head of the department."""
    return by.role == Role.HEAD and by.organisation_id == mandate.department_id


def ends_away(away: "Away", by: "Membership") -> bool:
    """Who was away, or the head."""
    return enters_away(away.person, by)


def lifts_recusal(recusal: "Recusal", by: "Membership") -> bool:
    """The head of the department, but nobody for themselves: they stay out until another lets them in."""
    own = by.role == Role.HEAD and by.organisation_id == recusal.department_id
    return own and by.user_id != recusal.user_id


def answers_part(part: "PartRequest", by: "Membership") -> bool:
    """Who was asked inside the department."""
    return by.user_id == part.asked.user_id and by.organisation_id == part.asked.organisation_id


@because(_("申报件已经办结或者终结。"))
def goes_on(filing: "Filing") -> bool:
    """The case goes on."""
    return not filing.ended


@because(_("会议（勘察）已经结束或者取消。"))
def session_not_over(invitation: "Invitation") -> bool:
    """The session is still to be held, or is being held."""
    return invitation.session.stage in (SessionStage.CALLED, SessionStage.OPEN)


@because(_("没有等待会签的意见。"))
def countersign_waits(slot: "Slot") -> bool:
    """An opinion waits inside the department for its head."""
    return slot.countersigns.filter(state=SignState.WAITING).exists()


@because(_("对这份到会记录已经提出过异议：每个部门只能提出一次。"))
def roll_not_contested(invitation: "Invitation") -> bool:
    """The department has not contested its row of the roll yet."""
    return getattr(invitation, "roll_contest", None) is None


@because(_("没有待决定的对到会记录的异议。"))
def roll_contest_is_open(invitation: "Invitation") -> bool:
    """The row of the roll is contested, and nobody has decided it."""
    contest = getattr(invitation, "roll_contest", None)
    return contest is not None and contest.result == ContestResult.OPEN


@because(
    _("该部门对到会记录的异议还没有决定：请等效能监督决定以后再重新送达，以免部门此间的意见落空。")
)
def roll_is_decided(slot: "Slot") -> bool:
    """What the department says while its contest of the roll waits counts with it: no new limit cuts it off."""
    contest = getattr(slot.invitation, "roll_contest", None)
    waits = contest is not None and contest.result == ContestResult.OPEN
    taken_off = slot.served_again_at or slot.dismissed_at or slot.withdrawn_at
    return not waits or slot.state != SlotState.HELD or bool(taken_off)


def not_the_convenor(by: "Membership") -> "Callable[[Invitation], bool]":
    """Return the condition that a contest of the roll is decided by a person who did not convene the session."""

    @because(
        _(
            "召集本次会议（勘察）的人不能决定对其到会记录的异议，换一个任职也不行：须由另一个人决定。"
        )
    )
    def another(invitation: "Invitation") -> bool:
        return bool(invitation.session.convenor.user_id != by.user_id)

    return another


def offices_in_departments(by: "Membership") -> frozenset[int]:
    """Return the departments for which a natural person holds an office now, as a clerk or as the head."""
    day = timezone.localdate(clock.judged())
    held = by.user.memberships.filter(role__in=(Role.CLERK, Role.HEAD), valid_from__lte=day)
    return frozenset(held.exclude(valid_to__lt=day).values_list("organisation", flat=True))


def not_of_the_department(by: "Membership") -> "Callable[[Invitation], bool]":
    """Return the condition that a contest of the roll is decided by nobody of its department: persons, not offices."""
    own = offices_in_departments(by)

    @because(
        _(
            "提出异议的人和该部门的任职人员不能决定这件异议，换一个任职也不行：须由部门以外的人决定。"
        )
    )
    def outside(invitation: "Invitation") -> bool:
        contest = getattr(invitation, "roll_contest", None)
        lodged = contest is not None and contest.lodged_by.user_id == by.user_id
        return not lodged and invitation.department_id not in own

    return outside


def contest_from_outside(by: "Membership") -> "Callable[[Slot], bool]":
    """Return the condition that a contest of a default is decided by nobody of its department: persons, not offices."""
    own = offices_in_departments(by)

    @because(
        _(
            "提出异议的人和该部门的任职人员不能决定这件异议，换一个任职也不行：须由部门以外的人决定。"
        )
    )
    def outside(slot: "Slot") -> bool:
        contest = getattr(getattr(slot, "opinion", None), "contest", None)
        lodged = contest is not None and contest.lodged_by.user_id == by.user_id
        return not lodged and slot.department_id not in own

    return outside


def withdrawn_from_outside(by: "Membership") -> "Callable[[Withdrawal], bool]":
    """Return the condition that a withdrawal is decided by nobody of the department that gains by it.

    Who lodged a contest of the default, or of the roll it rests on, is of it still, even out of office.
    """

    @because(
        _(
            "该部门的任职人员和提出异议的人不能决定撤回该部门的默认，换一个任职也不行：须由部门以外的人决定。"
        )
    )
    def outside(withdrawal: "Withdrawal") -> bool:
        slot = withdrawal.opinion.slot
        contests = (
            getattr(withdrawal.opinion, "contest", None),
            getattr(slot.invitation, "roll_contest", None),
        )
        lodged = any(one is not None and one.lodged_by.user_id == by.user_id for one in contests)
        return not lodged and slot.department_id not in offices_in_departments(by)

    return outside
