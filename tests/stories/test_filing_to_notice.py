"""From the questionnaire to the start notification: the straight way, and at each station what is refused there.

A plain project on land of its own; filed on Monday, 5 March 2018. Nobody is silent and nothing is missing.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import Approval, MaterialState, Stage
from core.steps.moves import move
from prereview import services as sessions
from prereview.stages import Conclusion, Position, SessionKind
from public_notice.services import lodge_objection, publish_notice
from public_notice.stages import NoticeStage
from tests.stories.telling import event, however_swept, in_order, papers, refused, sound, told
from tests.walk import ANSWERS, Walk, acts, pdf, png, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


@pytest.fixture
def way(people, at):
    """Walk to a stage from Monday, 5 March 2018."""
    return lambda stage, **said: walk(people, at("2018-03-05 09:00"), to=stage, **said)


# — 0, 1: filed ——————————————————————————————————————————————————————————————————————


def test_nothing_is_filed_that_is_not_described(people, at):
    w = Walk(people, at("2018-03-05 09:00"))
    draft = w.do(filings.open_draft, by=people.enterprise)
    with refused("问卷"):
        w.do(filings.submit, draft, by=people.enterprise)
    with refused(error=ValidationError):
        w.do(filings.save_answers, draft, answers={"land_route": "moon"}, by=people.enterprise)
    w.do(filings.save_answers, draft, answers=ANSWERS, by=people.enterprise)
    with refused("项目信息"):
        w.do(filings.submit, draft, by=people.enterprise)
    with refused(error=PermissionDenied):
        w.do(filings.open_draft, by=people.window)


def test_a_draft_is_its_enterprise_s_alone(way, people):
    w = way(Stage.DRAFT)
    for stranger in (people.other_enterprise, people.window, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(filings.submit, w.filing, by=stranger)
        assert not Filing.objects.visible_to(stranger).exists()
    w.do(filings.submit, w.filing, by=people.enterprise)
    with refused("已申报"):
        w.do(filings.submit, w.filing, by=people.enterprise)
    assert told(people.window, "新申报")


def test_the_window_s_day_counts_from_the_licence(way, people, at):
    w = way(Stage.DRAFT)
    w.do(filings.submit, w.filing, by=people.enterprise)
    assert not w.filing.limits.exists()
    w.until(at("2018-03-08 10:00"))
    with refused(error=PermissionDenied):
        w.do(filings.confirm_licence, w.filing.enterprise, by=people.enterprise)
    w.do(filings.confirm_licence, w.filing.enterprise, by=people.window)
    assert w.filing.limits.get(rule="P1").due_at == at("2018-03-10 00:00")


# — 2: one list ——————————————————————————————————————————————————————————————————————


def test_the_list_is_served_once_and_binds(way, people):
    w = way(Stage.SUBMITTED)
    with refused("适用承诺制"):
        w.do(filings.serve_checklist, w.filing, by=people.window)
    w.do(filings.decide_eligible, w.filing, by=people.window)
    with refused(error=PermissionDenied):
        w.do(filings.serve_checklist, w.filing, by=people.department("ZJJ"))
    w.do(filings.serve_checklist, w.filing, by=people.window)
    with refused("清单已告知"):
        w.do(filings.serve_checklist, w.filing, by=people.window)
    codes = list(w.filing.items.values_list("code", flat=True))
    assert codes == ["C03", "C05", "C09", "C12", "R04", "R06"]
    assert len(papers(w.filing.book, "DOC01")) == 1
    content = w.filing.checklist_paper.content
    assert [e["code"] for g in content["groups"] for e in g["entries"]] == codes
    assert content["enterprise"]["name"] == people.enterprise.organisation.name


def test_nothing_is_handed_in_before_the_list_was_signed_for(way, people):
    w = way(Stage.LISTED)
    with refused("签收"):
        w.do(filings.hand_in, w.filing, by=people.enterprise)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    assert acts(w.filing.book).count("acknowledge_checklist") == 1


# — 3: accepted ——————————————————————————————————————————————————————————————————————


def test_accepted_when_each_paper_was_looked_at(way, people, at):
    w = way(Stage.RECEIVED)
    with refused("还没有全部核收"):
        w.do(filings.accept, w.filing, by=people.window)
    material = w.filing.materials.filter(state=MaterialState.RECEIVED).first()
    with refused(error=ValidationError):
        w.do(filings.check_material, material, fine=False, by=people.window)
    with refused(error=PermissionDenied):
        w.do(filings.check_material, material, fine=True, by=people.enterprise)
    w.check_materials()
    w.do(filings.accept, w.filing, by=people.window)
    assert w.filing.accepted_at == event(w.filing.book, "accept")
    assert w.filing.limits.get(rule="P4b", ended_at=None).due_at == at("2018-03-13 00:00")


# — 4, 5: visited and looked at ——————————————————————————————————————————————————————


def test_a_session_is_called_in_time_by_the_convenor(way, people, at):
    w = way(Stage.ACCEPTED)
    said = {"kind": SessionKind.SURVEY, "filings": [w.filing], "place": "示例村"}
    with refused(error=ValidationError):
        w.do(sessions.call_session, **said, opens_at=at("2018-03-06 09:00"), by=people.convenor)
    with refused(error=PermissionDenied):
        w.do(sessions.call_session, **said, opens_at=at("2018-03-08 09:00"), by=people.window)
    w.call_survey()
    with refused("还不能上会"):
        w.call_survey()
    for invitation in w.survey.invitations.select_related("department"):
        assert told(people.department(invitation.department.code), "联合勘察通知")


def test_a_session_opens_at_its_hour_and_closes_with_its_agenda(way, people):
    w = way(Stage.SURVEYING)
    clerk = people.department("ZJJ")
    with refused("尚未开始"):
        w.do(sessions.check_in, w.survey.invitations.get(department=clerk.organisation), by=clerk)
    with refused():
        sessions.open_session(w.survey, by=people.convenor, at=w.survey.opens_at - TICK)
    w.open(w.survey)
    with refused("还有议程没有结束"):
        w.do(sessions.close_session, w.survey, by=people.convenor)
    w.close(w.survey)
    assert w.filing.stage == Stage.SURVEYING
    w.opinions(w.survey)
    assert w.filing.stage == Stage.PREREVIEWING


def test_no_conclusion_before_everybody_spoke(way, people):
    w = way(Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    agenda = w.meeting.agenda.get()
    with refused("尚未结束"):
        w.conclude()
    w.close(w.meeting)
    with refused("意见未齐"):
        w.conclude()
    slot = w.slot("ZJJ", "R06")
    with refused(error=PermissionDenied):
        w.do(sessions.give_opinion, slot, position=Position.AGREE, by=people.department("QXJ"))
    with refused(error=ValidationError):
        w.do(
            sessions.give_opinion,
            slot,
            position=Position.DISAGREE,
            reason="不行",
            by=people.department("ZJJ"),
        )
    w.opinions(w.meeting)
    with refused(error=PermissionDenied):
        w.do(
            sessions.conclude, agenda, decision=sessions.Decision(Conclusion.PASS), by=people.window
        )
    w.conclude()
    with refused("已有结论"):
        w.conclude()
    assert (w.filing.stage, len(papers(w.filing.book, "DOC13"))) == (Stage.COMMITTING, 1)


def test_a_reasoned_no_may_be_passed_over_in_writing_but_never_behind_a_red_line(way, people):
    w = way(Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    no = {
        "position": Position.DISAGREE,
        "reason": "未注明设防烈度",
        "clause": "建设工程质量管理条例第十一条",
    }
    w.do(sessions.give_opinion, w.slot("ZJJ", "C05"), **no, by=people.department("ZJJ"))
    w.opinions(w.meeting, silent=["R04"])
    w.do(sessions.give_opinion, w.slot("ZRJ", "R04"), **no, by=people.department("ZRJ"))
    for decision in ({"reasons": ""}, {"reasons": "理由已说明"}):
        with refused("红线", error=ValidationError):
            w.conclude(Conclusion.PASS, **decision)
    w.conclude(Conclusion.AGAIN, reasons="退让红线后再议")
    assert (w.filing.stage, w.filing.round) == (Stage.PREREVIEWING, 2)


# — 6, 7: committed and published ————————————————————————————————————————————————————


def test_nothing_is_published_that_is_not_signed_and_checked(way, people):
    w = way(Stage.COMMITTING)
    with refused():
        w.do(publish_notice, w.filing, by=people.window)
    with refused("扫描件"):
        w.do(filings.verify_letter, w.filing, by=people.window)
    with refused(error=PermissionDenied):
        w.do(filings.sign_letter, w.filing, upload=png(), by=people.other_enterprise)
    with refused(error=ValidationError):
        w.do(filings.sign_letter, w.filing, upload=pdf("承诺书.exe"), by=people.enterprise)
    w.sign()
    with refused(error=PermissionDenied):
        w.do(filings.verify_letter, w.filing, by=people.enterprise)
    w.do(filings.verify_letter, w.filing, by=people.window)
    with refused(error=PermissionDenied):
        w.do(publish_notice, w.filing, by=people.supervisor)
    w.publish()
    assert (len(papers(w.filing.book, "DOC16")), len(papers(w.filing.book, "DOC17"))) == (1, 1)


def test_a_notice_ends_by_itself_and_not_before(way, people):
    w = way(Stage.NOTICED)
    due = w.notice.due_at
    however_swept(w, due + timedelta(days=3))
    assert w.filing.cleared_at == due
    notice = w.filing.notices.get()
    assert (notice.stage, notice.closed_at) == (NoticeStage.CLEAN, due)
    with refused("异议期已经结束"):
        said = {"name": "刘示例", "contact": "示例路1号", "text": "晚了一微秒"}
        lodge_objection(notice, **said, at=due + TICK)


# — 8: told to start —————————————————————————————————————————————————————————————————


def test_the_gate_opens_item_by_item(way, people):
    w = way(Stage.CLEARED)
    approvals = dict(w.filing.items.values_list("code", "approval"))
    # What was committed to is replaced by the published commitment; a paper and two approvals are owed.
    assert {c for c, a in approvals.items() if a == Approval.REPLACED} == {"C03", "C05", "C09"}
    assert {c for c, a in approvals.items() if a == Approval.OWED} == {"C12", "R04", "R06"}
    with refused("开工条件"):
        w.do(filings.notify_start, w.filing, by=people.window)
    owed, bureau = w.filing.items.get(code="R04"), people.department("ZRJ")
    said = {"number": "示例规建〔2018〕3号", "issued_on": w.now.date()}
    with refused(error=PermissionDenied):
        w.do(filings.record_approval, owed, **said, by=people.department("QXJ"))
    with refused(error=ValidationError):
        w.do(filings.record_approval, owed, **{**said, "number": " "}, by=bureau)
    with refused(error=ValidationError):
        tomorrow = w.now.date() + timedelta(days=1)
        w.do(filings.record_approval, owed, **{**said, "issued_on": tomorrow}, by=bureau)
    w.do(filings.record_approval, owed, **said, by=bureau)
    w.approve(skip=["R06"])
    with refused("开工条件"):
        w.do(filings.notify_start, w.filing, by=people.window)
    w.approve()
    assert w.filing.limits.filter(rule="P8", ended_at=None).count() == 1
    with refused(error=PermissionDenied):
        w.do(filings.notify_start, w.filing, by=people.enterprise)
    w.do(filings.notify_start, w.filing, by=people.window)
    assert told(people.enterprise, "可以开工")


def test_the_whole_way_stands_in_the_ledger(way, people):
    w = way(Stage.START_NOTIFIED)
    wanted = (
        "open_draft", "submit", "decide_eligible", "issue_paper", "serve_checklist", "acknowledge_checklist",
        "upload_material", "hand_in", "check_material", "accept", "begin_survey", "give_opinion",
        "finish_survey", "call_meeting", "give_opinion", "issue_paper", "pass_prereview", "issue_paper",
        "sign_letter", "verify_letter", "issue_paper", "publish", "close", "clear", "record_approval",
        "notify_start",
    )  # fmt: skip
    assert in_order(wanted, acts(w.filing.book))
    running = w.filing.limits.filter(ended_at=None)
    assert [limit.rule for limit in running] == ["P26"]  # the start is to be reported
    assert sound()
    # What is over stays as it is: swept again, or withdrawn too late, nothing moves.
    done = acts(w.filing.book)
    w.until(w.now + timedelta(days=30))
    with refused("已发开工告知"):
        w.do(filings.withdraw, w.filing, reason="不建了", by=people.enterprise)
    with refused():
        move(w.filing.send_back, by=people.window, at=w.now, reason="不行")
    assert acts(w.filing.book) == done
