"""A broken promise has consequences: told, heard, decided by a second person, with a paper and a way back.

The start notification of these cases is of March 2018; what is intended in them is told on a Monday, and P11 gives
the enterprise five working days to speak.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership
from approvals.models import CreditBar
from approvals.stages import Approval, Stage
from core.documents.models import Paper
from core.steps.moves import move
from core.steps.papers import time_text
from inspection import services as works
from inspection.services import Intention, OrganDecision
from inspection.stages import Ground, MeasureKind, MeasureState, RepairState, Severity
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import (
    event,
    evidence,
    however_swept,
    in_order,
    papers,
    refused,
    sound,
    told,
    undone,
)
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def intended(kind, ground, **more):
    said = {
        "text": "2018年5月7日检查发现项目改建为危化品仓储，与承诺的粮食加工不同",
        "legal_basis": "县企业投资项目承诺制办事规则",
        "scope": "全部土建施工",
    }
    return Intention(kind, ground, **{**said, **more})


def propose(w, kind, ground, by=None, **more):
    by = by or w.people.department("ZJJ")
    return w.do(works.propose_measure, w.filing, intention=intended(kind, ground, **more), by=by)


def speak(w, measure, at=None, by=None):
    return works.give_views(
        measure,
        text="变更已经停止，请求继续按承诺办理",
        by=by or w.people.enterprise,
        at=at or w.now,
    )


def decide(
    w, measure, imposed=True, at=None, by=None, reasons="变更属实，不再符合承诺条件", **more
):
    by = by or w.people.convenor
    return works.decide_measure(
        measure, imposed=imposed, reasons=reasons, by=by, at=at or w.now, **more
    )


def now(measure):
    measure.refresh_from_db()
    return measure


def paper(w, kind):
    return Paper.objects.get(book=w.filing.book, kind=kind)


def says(found, *words):
    for word in words:
        assert word in str(found.content), word


walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)


# — what is refused ————————————————————————————————————————————————————————————————


def test_not_before_its_stage(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTED)
    for kind, ground in (
        (MeasureKind.EXIT, Ground.CHANGED),
        (MeasureKind.REVOKE, Ground.DECEIT),
        (MeasureKind.STOP, Ground.DANGER),
    ):
        with refused("当前阶段"):
            propose(w, kind, ground)
    with refused("当前阶段"):
        w.do(works.request_exit, w.filing, reason="另行办理", by=people.enterprise)
    # Nobody goes round the table: the machine itself does not leave from here.
    with refused("当前阶段"):
        move(w.filing.exit_to_ordinary, by=people.convenor, at=w.now, paper=None, reason="x")
    w.to(Stage.NOTICED)
    with refused("当前阶段"):
        propose(w, MeasureKind.REVOKE, Ground.DECEIT)
    with refused("当前阶段"):
        propose(w, MeasureKind.STOP, Ground.DANGER)
    assert papers(w.filing.book, "DOC38") == []


def test_only_whose_business_it_is_and_only_on_a_ground_that_bears_it(building, people):
    w = building
    strangers = (people.enterprise, people.other_enterprise, people.supervisor)
    for stranger in (*strangers, people.department("WLJ")):
        with refused(error=PermissionDenied):
            propose(w, MeasureKind.EXIT, Ground.CHANGED, by=stranger)
    wrong = (
        (MeasureKind.STOP, Ground.DECEIT),
        (MeasureKind.REVOKE, Ground.NOT_MENDED),
        (MeasureKind.EXIT, Ground.DANGER),
        (MeasureKind.EXIT, Ground.WISH),  # the enterprise's own
        (MeasureKind.CREDIT, Ground.CHANGED),
    )
    for kind, ground in wrong:
        with refused("不能作为", error=ValidationError):
            propose(w, kind, ground)
    for blank in ("text", "legal_basis"):
        with refused(error=ValidationError):
            propose(w, MeasureKind.EXIT, Ground.CHANGED, **{blank: " "})
    with refused(error=ValidationError):
        propose(w, MeasureKind.STOP, Ground.DANGER, scope=" ")
    with refused(error=ValidationError):
        propose(w, MeasureKind.EXIT, Ground.NOT_MENDED)  # which breach?
    with refused(error=ValidationError):
        propose(w, MeasureKind.CREDIT, Ground.DECEIT)  # how grave?
    propose(w, MeasureKind.EXIT, Ground.CHANGED)
    with refused("尚未决定"):
        propose(w, MeasureKind.EXIT, Ground.CHANGED)
    with refused("正在办理"):
        w.do(works.request_exit, w.filing, reason="另行办理", by=people.enterprise)


def test_heard_before_decided_and_decided_by_another(building, people):
    w = building
    measure = propose(w, MeasureKind.EXIT, Ground.CHANGED, by=people.convenor)
    due = measure.due_at
    # The proposer does not decide, nor does anybody who is no convenor; nor anybody without reasons.
    strangers = (people.window, people.enterprise, people.department("ZJJ"), people.supervisor)
    for stranger in (people.convenor, *strangers):
        with refused(error=PermissionDenied):
            decide(w, measure, at=due + TICK, by=stranger)
    second = Membership.objects.create(
        user=people.supervisor.user, organisation=people.convenor.organisation, role="convenor",
        valid_from=people.convenor.valid_from,
    )  # fmt: skip
    with refused(error=ValidationError):
        decide(w, measure, at=due + TICK, by=second, reasons=" ")
    # At the last instant the enterprise may still speak; one microsecond later the hearing is over, swept or not.
    with refused("还在听取"):
        decide(w, measure, at=due, by=second)
    with undone(w):
        speak(w, measure, at=due)
        assert (now(measure).state, measure.views_late) == (MeasureState.HEARD, False)
        decide(w, measure, at=due, by=second)
        assert w.filing.stage == Stage.ORDINARY
    with undone(w):
        decide(w, measure, at=due + TICK, by=second)
        assert event(w.filing.book, "views_not_given") == due
        assert w.filing.stage == Stage.ORDINARY
    # The same person under another membership is still the same person.
    same = Membership.objects.create(
        user=people.convenor.user, organisation=people.convenor.organisation, role="convenor",
        valid_from=people.convenor.valid_from,
    )  # fmt: skip
    with refused(error=PermissionDenied):
        decide(w, measure, at=due + TICK, by=same)


def test_only_the_enterprise_speaks_and_once(building, people):
    w = building
    measure = propose(w, MeasureKind.EXIT, Ground.CHANGED)
    for stranger in (people.other_enterprise, people.window, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            speak(w, measure, by=stranger)
    with refused(error=ValidationError):
        works.give_views(measure, text=" ", by=people.enterprise, at=w.now)
    speak(w, measure)
    with refused("已经收到"):
        speak(w, measure)
    assert now(measure).rule == "P29"
    assert told(people.convenor, "企业已陈述、申辩")


# — 退出 ——————————————————————————————————————————————————————————————————————————


def test_late_views_are_kept_marked_and_still_heard(building, people):
    w = building
    measure = propose(w, MeasureKind.EXIT, Ground.CHANGED)
    due = measure.due_at
    w.past(due)
    assert now(measure).state == MeasureState.HEARD
    assert told(people.convenor, "未陈述、申辩")
    limit = measure.due_at
    speak(w, measure)
    # Kept, marked, heard; and the decider's own time is not made longer by it.
    assert (now(measure).views_late, measure.views_until, measure.due_at) == (True, due, limit)
    decide(w, measure, reasons="逾期提出的意见已经听取，理由不成立")
    says(paper(w, "DOC39"), "逾期提出，仍予听取", "变更已经停止")


def test_what_exits_owes_its_approvals_again_and_nothing_runs_on(building, people):
    w = building
    replaced = set(w.filing.items.filter(approval=Approval.REPLACED).values_list("code", flat=True))
    assert replaced
    stop = propose(w, MeasureKind.STOP, Ground.DANGER)
    credit = propose(w, MeasureKind.CREDIT, Ground.DECEIT, severity=Severity.GENERAL)
    measure = propose(w, MeasureKind.EXIT, Ground.CHANGED)
    says(measure.notice, "退出承诺制", time_text(measure.due_at), "5个工作日", "粮食加工")
    speak(w, measure)
    when = w.now
    decide(w, measure)
    filing, found = w.filing, paper(w, "DOC39")
    assert (filing.stage, filing.stage_since) == (Stage.ORDINARY, when)
    assert {row["code"] for row in found.content["owed"]} >= replaced
    assert not filing.items.filter(approval=Approval.REPLACED).exists()
    says(found, "不再代替任何审批", "60日内依法向左权县人民政府申请行政复议", "请求继续按承诺办理")
    assert in_order(
        ["propose_measure", "give_views", "decide_measure", "exit_to_ordinary"], acts(filing.book)
    )
    assert evidence(filing.book, "exit_to_ordinary")["paper"].startswith("documents.paper:")
    # What can no longer be decided is dropped and says why; the mark is the enterprise's and goes on.
    assert (now(stop).state, stop.running) == (MeasureState.DROPPED, False)
    assert "终结" in stop.decision
    assert (now(credit).state, credit.running) == (MeasureState.INTENDED, True)
    assert not filing.limits.filter(ended_at=None).exists()
    with refused("已经有结果"):
        decide(w, measure)
    found = however_swept(w, w.now + timedelta(days=60))
    assert found["stage"][:2] == (Stage.ORDINARY, when)
    assert now(credit).state == MeasureState.HEARD
    assert sound()


def test_dropped_with_reasons_changes_nothing(building, people):
    w = building
    measure = propose(w, MeasureKind.EXIT, Ground.CHANGED)
    w.past(measure.due_at)
    decide(w, measure, imposed=False, reasons="变更未实施，仍符合承诺条件")
    with refused("已经作出决定"):
        speak(w, measure)
    assert (w.filing.stage, now(measure).state) == (Stage.BUILDING, MeasureState.DROPPED)
    assert papers(w.filing.book, "DOC39") == []
    assert told(people.enterprise, "不予处理")
    propose(w, MeasureKind.EXIT, Ground.CHANGED)  # a new matter may follow


def test_the_enterprise_may_leave_by_its_own_wish(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED)
    for stranger in (people.other_enterprise, people.window, people.convenor):
        with refused(error=PermissionDenied):
            w.do(works.request_exit, w.filing, reason="改按一般程序", by=stranger)
    with refused(error=ValidationError):
        w.do(works.request_exit, w.filing, reason=" ", by=people.enterprise)
    measure = w.do(works.request_exit, w.filing, reason="改按一般程序", by=people.enterprise)
    with refused("正在办理"):
        w.do(works.request_exit, w.filing, reason="改按一般程序", by=people.enterprise)
    with refused("自己的申请"):
        speak(w, measure)
    assert (measure.rule, measure.state) == ("P29", MeasureState.HEARD)
    with refused(error=PermissionDenied):
        decide(w, measure, by=people.window)
    decide(w, measure, reasons="企业自愿")
    assert w.filing.stage == Stage.ORDINARY
    says(paper(w, "DOC39"), "企业申请退出", "由企业自己申请")
    # The notice of a case that has left is taken down at its end, and never clears the case.
    w.past(w.notice.due_at)
    w.notice.refresh_from_db()
    assert (w.notice.stage, w.filing.stage) == ("withdrawn", Stage.ORDINARY)
    assert sound()


def test_a_wish_nobody_answers_goes_to_the_supervisor(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    measure = w.do(works.request_exit, w.filing, reason="改按一般程序", by=people.enterprise)
    due = measure.due_at
    however_swept(w, due + timedelta(days=3))
    assert now(measure).escalated_at == due
    assert told(people.supervisor, "听取意见后作出决定")
    decide(w, measure, reasons="企业自愿")
    assert w.filing.stage == Stage.ORDINARY


# — 停工 ——————————————————————————————————————————————————————————————————————————


def test_danger_is_stopped_at_once_and_heard_afterwards(building, people):
    w = building
    measure = propose(w, MeasureKind.STOP, Ground.DANGER)
    assert told(people.convenor, "危及安全")
    due = measure.due_at
    decide(w, measure, reasons="基坑支护失稳，须立即停止")
    assert w.filing.stopped_at == w.now
    says(paper(w, "DOC41"), "先行决定，随后听取", "全部土建施工", "申请解除停工")
    with refused("停工"):
        propose(w, MeasureKind.STOP, Ground.DANGER)
    with refused("停工"):
        w.report_completion()
    # Heard afterwards, within the same limit; the convenor answers, and the enterprise may ask again.
    with undone(w):
        w.past(due)
        assert event(w.filing.book, "views_not_given") == due
        assert (now(measure).state, measure.running) == (MeasureState.IMPOSED, False)
    with refused("不需要答复"):
        works.uphold_stop(measure, reasons="仍有危险", by=people.convenor, at=w.now)
    speak(w, measure)
    assert (now(measure).rule, measure.running) == ("P29", True)
    for stranger in (people.window, people.enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            works.uphold_stop(measure, reasons="仍有危险", by=stranger, at=w.now)
    with refused("正在考虑"):
        works.ask_lift(measure, text="已加固", by=people.enterprise, at=w.now)
    works.uphold_stop(measure, reasons="加固未完成", by=people.convenor, at=w.now)
    assert told(people.enterprise, "维持停工")
    for stranger in (people.other_enterprise, people.window):
        with refused(error=PermissionDenied):
            works.ask_lift(measure, text="已加固", by=stranger, at=w.now)
    works.ask_lift(measure, text="已加固并经第三方监测", by=people.enterprise, at=w.now)
    with refused(error=ValidationError):
        works.lift_stop(measure, reasons=" ", by=people.convenor, at=w.now)
    for stranger in (people.window, people.enterprise):
        with refused(error=PermissionDenied):
            works.lift_stop(measure, reasons="危险已消除", by=stranger, at=w.now)
    works.lift_stop(measure, reasons="监测数据稳定，危险已消除", by=people.convenor, at=w.now)
    assert (w.filing.stopped_at, now(measure).state) == (None, MeasureState.LIFTED)
    says(paper(w, "DOC44"), "监测数据稳定", paper(w, "DOC41").number)
    with refused("没有生效"):
        works.lift_stop(measure, reasons="再次", by=people.convenor, at=w.now)
    w.report_completion()
    assert in_order(
        ["decide_measure", "give_views", "uphold_stop", "ask_lift", "lift_stop"],
        acts(w.filing.book),
    )
    assert sound()


def test_a_stop_nobody_answers_goes_to_the_supervisor(building, people):
    w = building
    measure = propose(w, MeasureKind.STOP, Ground.DANGER)
    decide(w, measure, reasons="须立即停止")
    works.ask_lift(measure, text="已加固", by=people.enterprise, at=w.now)
    due = now(measure).due_at
    w.until(due + timedelta(days=1))
    assert now(measure).escalated_at == due
    assert w.filing.stopped_at is not None  # nobody's silence lets the works go on


# — 撤销 ——————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("ground", "said", "unsaid"),
    [
        (
            Ground.DECEIT,
            ("应当予以撤销", "利益不受保护", "3年内不得", "第七十九条"),
            ("依法给予赔偿",),
        ),
        (Ground.OFFICIAL_FAULT, ("可以撤销", "依法给予赔偿"), ("不得再次申请", "第七十九条")),
    ],
)
def test_revoked_by_law_with_what_becomes_of_the_approvals(people, at, ground, said, unsaid):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    measure = propose(w, MeasureKind.REVOKE, ground, scope="开工告知")
    w.past(measure.due_at)
    decide(w, measure, reasons="土地权属材料系伪造，查证属实")
    found = paper(w, "DOC40")
    assert w.filing.stage == Stage.REVOKED
    says(found, "《中华人民共和国行政许可法》第六十九条", "没有提出陈述、申辩", *said)
    for words in unsaid:
        assert words not in str(found.content), words
    assert not w.filing.items.filter(approval=Approval.REPLACED).exists()
    assert found.content["owed"]
    assert not w.filing.limits.filter(ended_at=None).exists()
    with refused("当前阶段"):
        propose(w, MeasureKind.REVOKE, ground)
    assert sound()


# — 信用 ——————————————————————————————————————————————————————————————————————————


@pytest.fixture
def marked(building, people, at):
    """A general mark of six months, registered on what the competent organ decided on 2 July 2018."""
    w = building
    measure = propose(w, MeasureKind.CREDIT, Ground.DECEIT, severity=Severity.GENERAL)
    says(paper(w, "DOC30"), time_text(measure.due_at))
    w.past(measure.due_at)
    w.now = at("2018-07-03 10:00")
    return w, measure


def organ(at, **more):
    said = {
        "organ": "示例县信用主管部门", "number": "示例信认〔2018〕1号", "severity": Severity.GENERAL,
        "decided_on": at("2018-07-02").date(), "months": 6,
    }  # fmt: skip
    return OrganDecision(**{**said, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        {"organ": " "}, {"number": ""}, {"decided_on": None}, {"months": 2}, {"months": 13},
        {"severity": Severity.SERIOUS}, {"severity": Severity.MINOR}, {"severity": "grave"},
    ],
    ids=str,
)  # fmt: skip
def test_the_county_registers_and_pronounces_nothing(marked, at, wrong):
    w, measure = marked
    with refused(error=ValidationError):
        decide(w, measure, organ=organ(at, **wrong))
    with refused(error=ValidationError):
        decide(w, measure)  # no organ decided anything
    with refused(error=ValidationError):
        decide(w, measure, organ=organ(at, decided_on=at("2018-07-04").date()))


def test_a_mark_is_shown_for_its_months_and_stops_by_itself(marked, people, at):
    from inspection.queries.measures import marks, shown

    w, measure = marked
    decide(w, measure, organ=organ(at))
    measure = marks().get()
    assert measure.shown_until == at("2019-01-02").date()
    assert shown(measure, at("2019-01-02 23:59"))
    assert not shown(measure, at("2019-01-03 00:00"))
    found = paper(w, "DOC31")
    says(found, "示例信认〔2018〕1号", "6个月", "2019年1月2日", "不自行认定失信")
    assert "令第36号" not in str(found.content)  # not in force yet in 2018
    assert w.filing.stage == Stage.BUILDING  # a mark moves no case
    # While it is shown the enterprise asks for no tolerance in any case of its own; not before, and not after.
    bar = CreditBar.objects.get(enterprise=w.filing.enterprise)
    assert (bar.since, bar.until, bar.paper) == (measure.decided_at, measure.shown_until, found)
    with refused("公示期已满"):
        works.apply_repair(
            measure, text="已纠正", promised=True, by=people.enterprise, at=at("2019-01-03 09:00")
        )


def test_a_mark_is_repaired_when_its_least_time_is_over(marked, people, at):
    w, measure = marked
    with refused("没有生效"):
        works.apply_repair(measure, text="已纠正", promised=True, by=people.enterprise, at=w.now)
    decide(w, measure, organ=organ(at))
    ask = {"text": "已恢复原状并履行义务", "promised": True, "by": people.enterprise}
    with refused("2018年10月2日起"):
        works.apply_repair(measure, **ask, at=at("2018-10-01 23:59"))
    w.now = at("2018-10-08 09:00")
    for stranger in (people.other_enterprise, people.window):
        with refused(error=PermissionDenied):
            works.apply_repair(measure, **{**ask, "by": stranger}, at=w.now)
    for wrong in ({"promised": False}, {"text": " "}):
        with refused(error=ValidationError):
            works.apply_repair(measure, **{**ask, **wrong}, at=w.now)
    first = works.apply_repair(measure, **ask, upload=pdf(), at=w.now)
    with refused("已经申请"):
        works.apply_repair(measure, **ask, at=w.now)
    for stranger in (people.window, people.enterprise, people.department("ZRJ")):
        with refused(error=PermissionDenied):
            works.decide_repair(first, granted=True, reasons="属实", by=stranger, at=w.now)
    with refused(error=ValidationError):
        works.decide_repair(first, granted=False, reasons=" ", by=people.convenor, at=w.now)
    works.decide_repair(
        first, granted=False, reasons="恢复原状未完成", by=people.convenor, at=w.now
    )
    says(paper(w, "DOC33"), "不予信用修复", "恢复原状未完成", "再次申请")
    assert now(measure).shown_until == at("2019-01-02").date()
    # Refused it may be asked for again; the organisation that proposed the mark may decide too.
    w.now = at("2018-10-15 09:00")
    second = works.apply_repair(measure, **ask, at=w.now)
    due = second.due_at
    w.until(due + timedelta(days=1))
    second.refresh_from_db()
    assert second.escalated_at == due
    assert told(people.supervisor, "信用修复决定")
    head = people.head("ZJJ")
    works.decide_repair(second, granted=True, reasons="已全部履行", by=head, at=w.now)
    with refused("已经决定"):
        works.decide_repair(second, granted=True, reasons="已全部履行", by=head, at=w.now)
    second.refresh_from_db()
    assert (second.state, now(measure).state) == (RepairState.GRANTED, MeasureState.LIFTED)
    assert measure.shown_until == w.now.date()
    bar = CreditBar.objects.get(enterprise=w.filing.enterprise)
    assert (bar.repaired_at, bar.repair_paper) == (w.now, second.paper)
    assert in_order(["decide_measure", "apply_repair", "decide_repair"], acts(w.filing.book))
    assert sound()


# — two people at once ——————————————————————————————————————————————————————————————
