"""What must be true of a session, its agenda and its summonses before something is done with them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.steps.reasons import because
from prereview.stages import SessionStage

if TYPE_CHECKING:
    from prereview.models import ActionPoint, AgendaItem, Invitation, Question, Session

NO_RECORDER = _("联合勘察没有纪要，不设记录人：各部门在现场签到。")


@because(_("会议（勘察）已经开始、结束或者取消，不能再改期、增加部门、调整路线。"))
def session_is_called(session: "Session") -> bool:
    """The session is called and has not begun."""
    return session.stage == SessionStage.CALLED


@because(_("这是应部门申请另行安排的再次勘察，不能改期：请取消，由该部门重新申请，再另定日期。"))
def is_no_second_visit(session: "Session") -> bool:
    """The session is not the second visit of one department, which has a decision and a date of its own."""
    return not session.second_visits.exists()


@because(_("这是应一个部门申请安排的再次勘察，只通知该部门，不能增加部门。"))
def takes_departments(session: "Session") -> bool:
    """The session is no second visit: nobody owes an opinion on what one department sees for itself."""
    return bool(is_no_second_visit(session))


@because(_("会次已取消或者改期：这份通知不再有效，请看新的通知。"))
def summons_holds(invitation: "Invitation") -> bool:
    """The session of the summons was neither called off nor moved."""
    return invitation.session.stage != SessionStage.CANCELLED


@because(_("这一项是会议的议程，没有现场：现场记录只用于联合勘察。"))
def is_a_visit(item: "AgendaItem") -> bool:
    """The item is of a survey."""
    return item.session.is_survey


@because(_("勘察还没有宣布开始，或者已经取消：填写的内容留在设备上，开始以后再发送。"))
def site_is_open(item: "AgendaItem") -> bool:
    """The visit has begun: what is entered can be sent, also after its end (then it is late)."""
    return item.session.stage in (SessionStage.OPEN, SessionStage.CLOSED)


@because(_("会议（勘察）尚未开始或已经结束，不能签到、逐项开闭。"))
def session_is_open(session: "Session") -> bool:
    """The session is running."""
    return session.stage == SessionStage.OPEN


@because(_("还有议程没有结束：请先逐项结束。"))
def agenda_is_closed(session: "Session") -> bool:
    """Every item of the agenda has its recorded close."""
    return not session.agenda.filter(closed_at=None).exists()


@because(_("意见未齐：还有部门的意见待提出、待确认或待处理。"))
def opinions_are_settled(item: "AgendaItem") -> bool:
    """No slot of the filing in this round is still open."""
    return not item.open_slots().exists()


@because(_("联合勘察没有结论：各部门对勘察记录的意见齐全后，自动进入联合预审。"))
def is_a_meeting(item: "AgendaItem") -> bool:
    """The item is of a meeting; a survey ends with its record."""
    return not item.session.is_survey


@because(_("本议程尚未结束：请先在会次页面结束本议程。"))
def item_is_closed(item: "AgendaItem") -> bool:
    """The item has its recorded close."""
    return item.closed_at is not None


@because(_("本议程已有结论。"))
def not_concluded(item: "AgendaItem") -> bool:
    """The filing has no conclusion in this session yet."""
    return not item.conclusion


@because(_("部门之间意见相反的事项还没有处理：请召集人先逐项写明处理意见和理由。"))
def conflicts_are_settled(item: "AgendaItem") -> bool:
    """The convenor has decided, with reasons, wherever departments contradict each other."""
    return not item.unsettled_conflicts()


@because(_("会次没有记录人：结论由召集人直接作出。"))
def has_a_recorder(item: "AgendaItem") -> bool:
    """A second person keeps the record of the session."""
    return item.session.recorder_id is not None


@because(_("本次会议有记录人：结论由召集人提出，当场宣读，经记录人确认后生效。"))
def has_no_recorder(item: "AgendaItem") -> bool:
    """The convenor concludes alone."""
    return item.session.recorder_id is None


@because(_("本次会议没有记录人，或者纪要和到会名单都已确认，不需要更换记录人。"))
def recorder_can_be_replaced(session: "Session") -> bool:
    """A second person was named, and something still waits for their word."""
    if session.recorder_id is None or session.stage not in (SessionStage.OPEN, SessionStage.CLOSED):
        return False
    return session.roll_confirmed_at is None or session.agenda.filter(conclusion="").exists()


@because(_("会议还没有宣布结束：结束后才能确认到会名单。"))
def session_is_closed(session: "Session") -> bool:
    """The session is over, so that nobody comes or leaves any more."""
    return session.stage == SessionStage.CLOSED


@because(_("这件事项已经完成或者已经删去。"))
def action_is_open(action: "ActionPoint") -> bool:
    """It was neither done nor taken off the list."""
    return action.done_at is None and action.dropped_at is None


@because(_("请假须在会议（勘察）开始前由本部门负责人提出。"))
def before_opening(invitation: "Invitation") -> bool:
    """The session has not been opened."""
    return invitation.session.stage == SessionStage.CALLED


@because(_("提问须在会议（勘察）开始前提出；会次已取消或者改期的，请在新的通知里提问。"))
def questions_are_taken(invitation: "Invitation") -> bool:
    """The session is still to begin: a question afterwards is asked in the room."""
    return invitation.session.stage == SessionStage.CALLED


@because(_("这个问题已经答复。"))
def not_answered(question: "Question") -> bool:
    """Nobody has answered the question."""
    return question.answered_at is None


@because(_("没有待决定的请假。"))
def excuse_is_open(invitation: "Invitation") -> bool:
    """An excuse was lodged and nobody has decided it."""
    return invitation.answer == "excuse"
