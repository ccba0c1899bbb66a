"""A few letters to the mailbox and answered questionnaires for the demonstration, each of which says that it is one."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import holders, people_of
from accounts.stages import Role
from approvals.models import Filing
from approvals.stages import Stage
from desk.services.replay.make import before
from public_notice.models import BoxLetter, MailboxKind, SurveyQuestion
from public_notice.queries import FEWEST
from public_notice.services import (
    answer_satisfaction,
    assign_letter,
    judge_letter,
    register_letter,
    reply_letter,
    write_letter,
)

OFFICES = (Role.CLERK, Role.HEAD)


def write_letters(as_of: datetime) -> None:
    """Write four letters of the last days: one new, one with a department, one judged, one looked at once more."""
    moment = before(as_of)
    _letter("thanks", "示例来信：窗口一次把要交的材料讲清楚了，表扬。", moment("-1 10:20"))
    asked = _letter("advice", "示例来信：建议联合勘察前一天短信提醒。", moment("-3 20:15"))
    _assigned(asked, "ZJJ", moment("-2 09:10"))
    said = "示例来信：补正后三天没有人回话。"
    late = _letter("delay", said, moment("-9 12:40"), about="ZJJ", publish=True)
    _assigned(late, "SPJ", moment("-8 09:15"))
    _answered(late, "示例答复：已核实，当日已联系企业。", moment("-6 16:30"))
    judge_letter(late, satisfied=True, at=moment("-5 19:05"))
    order = _work_order(moment("-8 10:00"))
    _assigned(order, "ZJJ", moment("-7 09:20"))
    _answered(order, "示例答复：图纸不在必交材料内。", moment("-4 15:45"))
    said = "示例意见：没有说已经交的怎么办。"
    judge_letter(order, satisfied=False, text=said, at=moment("-3 18:50"))


def _letter(kind: str, text: str, at: datetime, about: str = "", publish: bool = False) -> BoxLetter:  # fmt: skip
    return write_letter(
        kind=MailboxKind.objects.get(code=kind), text=text, at=at, publish=publish,
        about=Organisation.objects.get(code=about) if about else None,
    )  # fmt: skip


def _work_order(at: datetime) -> BoxLetter:
    return register_letter(
        kind=MailboxKind.objects.get(code="demand"), text="示例工单：被要求另交图纸。", publish=True,
        work_order="示例工单0001", received_on=timezone.localdate(at), by=_holder(Role.WINDOW, at), at=at,
    )  # fmt: skip


def _assigned(letter: BoxLetter, code: str, at: datetime) -> BoxLetter:
    to = Organisation.objects.get(code=code)
    return assign_letter(letter, department=to, by=_holder(Role.SUPERVISOR, at), at=at)


def _answered(letter: BoxLetter, text: str, at: datetime) -> BoxLetter:
    letter.refresh_from_db()
    assert letter.department_id is not None
    roles = (*OFFICES, Role.WINDOW, Role.CONVENOR)
    by = people_of([letter.department_id], timezone.localdate(at), roles).order_by("pk")[0]
    return reply_letter(letter, text=text, by=by, at=at)


def _holder(role: Role, at: datetime) -> Membership:
    return holders(role, timezone.localdate(at)).order_by("pk")[0]


def answer_questionnaires(as_of: datetime) -> int:
    """Answer for some closed cases, as many as are shown together, with scores that follow from a place in a row."""
    codes = SurveyQuestion.objects.filter(current=True, overall=False).values_list("code", flat=True)  # fmt: skip
    closed = Filing.objects.filter(stage=Stage.COMPLETED, satisfaction_asked=None)
    answered = 0
    for filing in closed.order_by("completed_at", "pk"):
        people = people_of([filing.enterprise_id], timezone.localdate(as_of)).order_by("pk")
        if (by := people.filter(role=Role.ENTERPRISE).first()) is None:
            continue
        scores = {code: 3 + (answered + place) % 3 for place, code in enumerate(codes)}
        said = {"score": 5 - answered % 2, "answers": scores, "remark": "示例意见：流程清楚。"}
        answer_satisfaction(filing, by=by, at=as_of, **said)  # type: ignore[arg-type]
        answered += 1
        if answered == FEWEST:
            break
    return answered
