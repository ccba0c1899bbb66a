"""Measures in the browser: the enterprise is told until when to speak, the convenor decides, whoever asks is taught."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from desk.queries.work import waiting_for
from inspection import services as works
from inspection.services import Intention, OrganDecision
from inspection.stages import Ground, MeasureKind, MeasureState, Severity
from tests.conftest import instant
from tests.inspection.test_acceptance_pages import Desk
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
FORM = {
    "kind": "exit", "ground": "changed", "finding": "", "severity": "", "scope": "",
    "text": "改建为仓储项目", "legal_basis": "县企业投资项目承诺制办事规则",
}  # fmt: skip


walked, w = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


def intended(w, kind, ground, **more):
    said = {"text": "改建为仓储项目", "legal_basis": "县规则", "scope": "全部施工", **more}
    by = w.people.department("ZJJ")
    return w.do(works.propose_measure, w.filing, intention=Intention(kind, ground, **said), by=by)


def rows(w, person):
    return [row.title for row in waiting_for(person, w.now)]


def test_proposed_spoken_to_and_decided(w, people):
    clerk, enterprise, convenor = (
        Desk(people.department("ZJJ"), w), Desk(people.enterprise, w), Desk(people.convenor, w),
    )  # fmt: skip
    assert enterprise.get("propose_measure").status_code == 403
    assert Desk(people.supervisor, w).post("propose_measure", **FORM).status_code == 403
    assert Desk(people.other_enterprise, w).get("measures").status_code == 404
    assert "本件没有处理" in enterprise.says("measures")
    assert clerk.post("propose_measure", **{**FORM, "text": ""}).status_code == 422
    assert clerk.post("propose_measure", **{**FORM, "ground": "deceit"}).status_code == 422
    assert clerk.post("propose_measure", **FORM).status_code == 302
    assert clerk.post("propose_measure", **FORM).status_code == 409
    measure = w.filing.measures.get()
    # The enterprise learns of it on its desk, on the case and in the list, with the date and what silence does.
    assert "陈述、申辩：退出承诺制、转一般程序" in rows(w, people.enterprise)
    said = enterprise.says("measures")
    assert "视为放弃" in said
    assert "24:00" in said
    assert "拟处理决定告知书" in said
    assert "陈述、申辩" in enterprise.says("desk:case")
    # Too early for the convenor, who is told why.
    assert "还在听取企业意见" in convenor.says("decide_measure", measure.pk)
    early = convenor.post("decide_measure", measure.pk, imposed="yes", reasons="属实")
    assert early.status_code == 409
    assert clerk.get("give_views", measure.pk).status_code == 403
    assert enterprise.post("give_views", measure.pk, text="").status_code == 422
    assert enterprise.post("give_views", measure.pk, text="已恢复", upload=pdf()).status_code == 302
    assert "决定处理：退出承诺制、转一般程序" in rows(w, people.convenor)
    assert "已恢复" in convenor.says("decide_measure", measure.pk)
    assert clerk.get("decide_measure", measure.pk).status_code == 403
    assert convenor.post("decide_measure", measure.pk, imposed="yes").status_code == 422
    done = convenor.post("decide_measure", measure.pk, imposed="yes", reasons="变更属实")
    assert done.status_code == 302
    assert w.filing.stage == Stage.ORDINARY
    assert "退出承诺制、转一般程序决定书" in enterprise.says("measures")


def test_the_proposer_is_told_that_another_decides(w, people):
    by = people.convenor
    said = Intention(MeasureKind.STOP, Ground.DANGER, "塌方", "安全生产法", scope="基坑")
    measure = w.do(works.propose_measure, w.filing, intention=said, by=by)
    desk = Desk(by, w)
    assert "提出处理的人不能自己决定" in desk.says("measures")
    assert desk.get("decide_measure", measure.pk).status_code == 403


def test_a_stop_asked_to_be_lifted_upheld_and_lifted(w, people):
    measure = intended(w, MeasureKind.STOP, Ground.DANGER)
    enterprise, convenor = Desk(people.enterprise, w), Desk(people.convenor, w)
    assert "决定处理：停工整改" in rows(w, people.convenor)  # danger waits for nobody's word
    assert (
        convenor.post("decide_measure", measure.pk, imposed="yes", reasons="危险").status_code
        == 302
    )
    assert "停工" in enterprise.says("desk:case")
    assert enterprise.get("lift_stop", measure.pk).status_code == 403
    assert enterprise.post("ask_lift", measure.pk, text="已加固").status_code == 302
    assert enterprise.post("ask_lift", measure.pk, text="已加固").status_code == 409
    assert "答复或者解除：停工整改" in rows(w, people.convenor)
    assert "维持停工" in convenor.says("measures")
    assert convenor.post("uphold_stop", measure.pk, reasons="未完成").status_code == 302
    assert convenor.post("uphold_stop", measure.pk, reasons="未完成").status_code == 409
    assert convenor.post("lift_stop", measure.pk, reasons="").status_code == 422
    assert convenor.post("lift_stop", measure.pk, reasons="危险消除").status_code == 302
    assert w.filing.stopped_at is None
    assert "已经解除" in convenor.says("lift_stop", measure.pk)


def test_a_stop_for_danger_is_to_be_decided_at_once_and_heard_afterwards(w, people):
    measure = intended(w, MeasureKind.STOP, Ground.DANGER)
    first = waiting_for(people.convenor, w.now)[0]
    assert (first.title, first.due["text"]) == ("决定处理：停工整改", "立即决定")
    assert "可以立即决定，随后听取" in Desk(people.convenor, w).says("decide_measure", measure.pk)
    assert "不等陈述、申辩" in first.silence
    (row,) = [one for one in waiting_for(people.enterprise, w.now) if "陈述、申辩" in one.title]
    assert "可以作出决定" in row.silence
    w.do(works.decide_measure, measure, imposed=True, reasons="危险", by=people.convenor)
    (row,) = [one for one in waiting_for(people.enterprise, w.now) if "陈述、申辩" in one.title]
    assert "停工已经生效，不因此等待" in row.silence
    page = Desk(people.enterprise, w).says("desk:case")
    assert "起责令停工：解除以前不得施工" in page
    assert "可以作出决定" not in page


def test_the_enterprise_leaves_by_its_own_wish(w, people):
    enterprise = Desk(people.enterprise, w)
    assert Desk(people.window, w).get("request_exit").status_code == 403
    assert enterprise.post("request_exit", reason="").status_code == 422
    assert enterprise.post("request_exit", reason="改按一般程序").status_code == 302
    assert enterprise.post("request_exit", reason="改按一般程序").status_code == 409
    assert "申请退出承诺制" not in enterprise.says("desk:case").split("经过")[0].split("现在")[-1]
    assert w.filing.measures.get().state == MeasureState.HEARD


@pytest.fixture
def marked(w, people, at):
    """A general mark of three months, registered in July 2018."""
    measure = intended(w, MeasureKind.CREDIT, Ground.DECEIT, severity=Severity.GENERAL)
    w.past(measure.due_at)
    w.now = at("2018-07-03 10:00")
    return measure


def test_a_mark_is_registered_listed_and_repaired(w, marked, people, at):
    convenor, enterprise = Desk(people.convenor, w), Desk(people.enterprise, w)
    assert "一般：3至12个月" in convenor.says("decide_measure", marked.pk)
    assert "（作出处理的，必填）" in convenor.says("decide_measure", marked.pk)
    said = {
        "imposed": "yes", "reasons": "查实", "organ": "示例主管部门", "organ_number": "示例〔2018〕1号",
        "organ_decided_on": "2018-07-02", "severity": "general", "months": "2",
    }  # fmt: skip
    assert convenor.post("decide_measure", marked.pk, **said).status_code == 422
    assert convenor.post("decide_measure", marked.pk, **{**said, "months": "6"}).status_code == 302
    assert "2018年10月2日" in enterprise.says("apply_repair", marked.pk)
    assert "2019年1月2日" in enterprise.says("measures")
    w.now = at("2018-10-08 09:00")
    assert enterprise.post("apply_repair", marked.pk, text="已改").status_code == 422
    asked = enterprise.post("apply_repair", marked.pk, text="已改", promised="on")
    assert asked.status_code == 302
    assert "决定信用修复" in rows(w, people.convenor)
    assert "决定信用修复" in rows(w, people.head("ZJJ"))
    repair = marked.repairs.get()
    assert enterprise.get("decide_repair", marked.pk, repair.pk).status_code == 403
    assert "已改" in convenor.says("decide_repair", marked.pk, repair.pk)
    given = convenor.post("decide_repair", marked.pk, repair.pk, granted="yes", reasons="属实")
    assert given.status_code == 302
    assert "已经决定" in convenor.says("decide_repair", marked.pk, repair.pk)
    assert "已修复" in listed(w, people.window)


def listed(w, person):
    desk = Desk(person, w)
    with clock.driven(w.now):
        page = desk.client.get(reverse("inspection:marks"))
    assert page.status_code == 200
    return page.content.decode()


def test_the_list_of_marks_is_the_staffs_and_needs_as_many_queries_for_two_as_for_one(
    w, marked, people, at
):
    def counted():
        with CaptureQueriesContext(connection) as found:
            listed(w, people.window)
        return len(found)

    for stranger in (people.enterprise, people.department("ZJJ")):
        with clock.driven(w.now):
            assert Desk(stranger, w).client.get(reverse("inspection:marks")).status_code == 403
    organ = OrganDecision("示例主管部门", "示例〔2018〕1号", at("2018-07-02").date(), "general", 6)
    decide = {"imposed": True, "reasons": "查实", "organ": organ, "by": people.convenor}
    works.decide_measure(marked, **decide, at=w.now)
    counted()
    one = counted()
    second = intended(w, MeasureKind.CREDIT, Ground.DECEIT, severity=Severity.GENERAL)
    w.past(second.due_at)
    works.decide_measure(second, **decide, at=w.now)
    assert counted() == one
    assert "公示中" in listed(w, people.supervisor)


def test_what_nobody_decided_is_on_the_supervisors_desk(w, people):
    measure = w.do(works.request_exit, w.filing, reason="改按一般程序", by=people.enterprise)
    w.past(measure.due_at)
    assert "逾期：决定处理（退出承诺制、转一般程序）" in rows(w, people.supervisor)
