"""Who may do what with a session and its slots, and what must be true first."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.policies import (
    administrator,
    convenor,
    department,
    holds_office,
    staff,
    supervisor,
    system,
    window,
)
from accounts.stages import Role
from core import clock
from core.steps.reasons import because
from prereview.policies.session import (
    action_is_open,
    agenda_is_closed,
    before_opening,
    conflicts_are_settled,
    excuse_is_open,
    has_a_recorder,
    has_no_recorder,
    is_a_meeting,
    is_a_visit,
    is_no_second_visit,
    item_is_closed,
    not_answered,
    not_concluded,
    opinions_are_settled,
    questions_are_taken,
    recorder_can_be_replaced,
    session_is_called,
    session_is_closed,
    session_is_open,
    site_is_open,
    summons_holds,
    takes_departments,
)
from prereview.policies.standing import (
    answers_part,
    contest_from_outside,
    countersign_waits,
    ends_away,
    ends_mandate,
    enters_away,
    goes_on,
    heads_department,
    lifts_recusal,
    not_of_the_department,
    not_the_convenor,
    offices_in_departments,
    roll_contest_is_open,
    roll_not_contested,
    session_not_over,
    withdrawn_from_outside,
)
from prereview.stages import (
    ContestResult,
    Duty,
    SessionStage,
    SlotState,
    WithdrawalState,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Membership
    from approvals.models import Filing
    from prereview.models import (
        ActionPoint,
        AgendaItem,
        Dispatch,
        Invitation,
        Opinion,
        Session,
        Slot,
        ToSign,
        Withdrawal,
    )

__all__ = [
    "action_is_open",
    "agenda_is_closed",
    "answers_part",
    "before_opening",
    "conflicts_are_settled",
    "contest_from_outside",
    "convenor",
    "countersign_waits",
    "department",
    "ends_away",
    "ends_mandate",
    "enters_away",
    "excuse_is_open",
    "goes_on",
    "has_a_recorder",
    "has_no_recorder",
    "heads_department",
    "holds_office",
    "is_a_meeting",
    "is_a_visit",
    "is_no_second_visit",
    "item_is_closed",
    "lifts_recusal",
    "not_answered",
    "not_concluded",
    "not_of_the_department",
    "not_the_convenor",
    "offices_in_departments",
    "opinions_are_settled",
    "questions_are_taken",
    "recorder_can_be_replaced",
    "roll_contest_is_open",
    "roll_not_contested",
    "session_is_called",
    "session_is_closed",
    "session_is_open",
    "session_not_over",
    "site_is_open",
    "staff",
    "summons_holds",
    "supervisor",
    "system",
    "takes_departments",
    "window",
    "withdrawn_from_outside",
]

# Nobody is absent before the hour of the summons; the instant of the act decides, so services and pages ask.
TOO_EARLY = _("还没有到通知的开始时间：提前开始会使按时到会的部门缺席。")

DAY_PAST = _(
    "通知的日子已经过去：改日召开的，请改期，各部门重新接到通知；没有接到通知的部门不算缺席。"
)
DAY_OFF = _("这一天不上班（节假日或县里停办）：不上班的日子不开会、不勘察，请改期。")


def watches(_thing: object, by: "Membership") -> bool:
    """Those who watch time and defaults: the supervisor, the convenor, the administrator."""
    return any(may(None, by) for may in (supervisor, convenor, administrator))


def own_department(thing: "ToSign | Slot", by: "Membership") -> bool:
    """A person of the department that was invited or asked."""
    return by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == thing.department_id


def head_of_department(thing: "Invitation | Slot", by: "Membership") -> bool:
    """The head of the department that was invited, or who exercises the head's powers by the roster on that day."""
    if by.organisation_id != thing.department_id:
        return False
    return by.role == Role.HEAD or (by.role == Role.CLERK and _for_the_head(thing, by))


def _for_the_head(thing: Any, by: "Membership") -> bool:
    day = timezone.localdate(clock.judged())
    held = by.mandates.for_duty(Duty.HEAD, day, getattr(thing, "filing_id", None))
    return bool(held.exists())


def convenor_or_department(thing: "Invitation | Slot", by: "Membership") -> bool:
    """The convenor at the door, or the department's own person."""
    return convenor(thing, by) or own_department(thing, by)


def recorder(thing: "Session | AgendaItem", by: "Membership") -> bool:
    """Who was named recorder when the session opened."""
    session: Any = getattr(thing, "session", thing)
    return bool(by.pk == session.recorder_id)


def keeps_the_room(thing: "Session | AgendaItem", by: "Membership") -> bool:
    """Who holds the meeting: a convenor, or its recorder."""
    return convenor(thing, by) or recorder(thing, by)


def owes_the_action(action: "ActionPoint", by: "Membership") -> bool:
    """A person of the organisation that has to do it."""
    return by.organisation_id == action.owner_id


def summoned(item: "AgendaItem", by: "Membership") -> bool:
    """A person of a department that was summoned to the session: on a site each enters its own."""
    if by is None or by.role not in (Role.CLERK, Role.HEAD):
        return False
    return item.session.invitations.filter(department_id=by.organisation_id).exists()


@because(_("这项意见已有结果；迟到的意见请按“迟到意见”提出，不改变结果。"))
def slot_is_open(slot: "Slot") -> bool:
    """No outcome stands in the slot."""
    return slot.state != SlotState.SETTLED


@because(_("只有拟视同无异议的事项可以确认或驳回。"))
def slot_is_candidate(slot: "Slot") -> bool:
    """The default has been drawn up and waits for the lead unit."""
    return slot.state == SlotState.CANDIDATE


@because(_("这项意见没有暂停，不需要重新送达。"))
def slot_is_held(slot: "Slot") -> bool:
    """The slot is held for a reason that serving again mends."""
    return slot.state == SlotState.HELD


@because(_("申报件因容缺材料逾期未补而中止：补齐并核验后恢复办理。"))
def filing_not_suspended(filing: "Filing") -> bool:
    """The overlay of suspension is off."""
    return filing.suspended_at is None


@because(_("申报件已经办结或者终结，不需要再签收、送达。"))
def dispatch_goes_on(dispatch: "Dispatch") -> bool:
    """The case goes on: of one that has ended nobody needs the file any more."""
    return not dispatch.filing.ended


@because(_("会议还没有结束本议程。"))
def filing_was_heard(filing: "Filing") -> bool:
    """No running session still has the filing before it; a second visit to its site holds nothing up."""
    running = filing.agenda_items.filter(
        session__stage__in=(SessionStage.CALLED, SessionStage.OPEN), closed_at=None
    )
    return not running.exclude(session__second_visits__isnull=False).exists()


@because(_("意见未齐：还有部门的意见待提出、待确认或待处理。"))
def filing_opinions_are_settled(filing: "Filing") -> bool:
    """No slot of the filing is still open; of a session that was called off, none is."""
    return not filing.slots.unsettled().asked().exists()


@because(_("这项意见没有视同无异议，不能对它提出异议或者撤回。"))
def slot_is_defaulted(slot: "Slot") -> bool:
    """A default stands in the slot."""
    return slot.state == SlotState.SETTLED and slot.opinion.deemed


@because(_("对这件默认已经提出过异议：每件默认只能提出一次。"))
def not_yet_contested(slot: "Slot") -> bool:
    """Nobody has contested the default that stands."""
    return not hasattr(_standing(slot), "contest")


@because(_("没有待决定的异议。"))
def contest_is_open(slot: "Slot") -> bool:
    """The default that stands is contested, and nobody has decided it."""
    contest = getattr(_standing(slot), "contest", None)
    return contest is not None and contest.result == ContestResult.OPEN


@because(_("没有待批准的撤回。"))
def withdrawal_waits(slot: "Slot") -> bool:
    """The withdrawal of the default that stands waits for a second person."""
    default = _standing(slot)
    return (
        default is not None and default.withdrawals.filter(state=WithdrawalState.PROPOSED).exists()
    )


@because(_("撤回这件默认已经提出，正等待批准。"))
def no_withdrawal_waits(slot: "Slot") -> bool:
    """Nobody has proposed to withdraw the default that stands."""
    return not withdrawal_waits(slot)


def decided_by_another(by: "Membership") -> "Callable[[Withdrawal], bool]":
    """Return the condition that a withdrawal is decided by a person other than who proposed it."""

    @because(_("提出撤回的人不能自己批准，换一个任职也不行：须由另一个人决定。"))
    def another(withdrawal: "Withdrawal") -> bool:
        return withdrawal.proposer_id != by.user_id

    return another


def decides_withdrawal(slot: "Slot", by: "Membership") -> bool:
    """The supervisor; what a supervisor proposed (the roll was found wrong) the lead unit may approve as well."""
    if supervisor(slot, by):
        return True
    default = _standing(slot) if convenor(slot, by) else None
    if default is None:
        return False
    waiting = default.withdrawals.filter(state=WithdrawalState.PROPOSED)
    return waiting.filter(proposed_by__role=Role.SUPERVISOR).exists()


decides_withdrawal.roles = (Role.SUPERVISOR, Role.CONVENOR)  # type: ignore[attr-defined]


def _standing(slot: "Slot") -> "Opinion | None":
    return getattr(slot, "opinion", None)
