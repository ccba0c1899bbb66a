"""违反承诺: a broken clause is to be mended; unmended it stops the works, and at last the case leaves or bears a mark.

Each step follows only where the one before it was in vain, each is told and heard, and each has a way back.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from approvals.models import ApplicationBar
from approvals.services.barring import standing_bar
from approvals.stages import Stage
from core.deadlines.services import local
from core.documents.models import Paper
from inspection import services as works
from inspection.rules.credit import add_months
from inspection.services import Intention, OrganDecision
from inspection.stages import FindingState, Ground, MeasureKind, MeasureState, Severity
from tests.conftest import instant
from tests.public_notice.strolling import read
from tests.standing import standing
from tests.stories.telling import in_order, papers, refused, sound, told, undone
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def _broken(people):
    """A clause of the housing bureau was found broken, and its days to be mended run."""
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
    w.finding = w.breach("ZJJ")
    return w


walked, broken = standing(_broken)


def propose(w, kind, finding, at=None, ground=Ground.NOT_MENDED, **more):
    said = {
        "text": "整改期限届满，问题仍然存在", "legal_basis": "县企业投资项目承诺制办事规则",
        "scope": "主体结构施工", "finding": finding, **more,
    }  # fmt: skip
    intention = Intention(kind, ground, **said)
    by = w.people.department("ZJJ")
    return works.propose_measure(w.filing, intention=intention, by=by, at=at or w.now)


def decide(w, measure, **said):
    said = {"imposed": True, "reasons": "逾期未改属实", **said}
    return works.decide_measure(measure, **said, by=w.people.convenor, at=w.now)


def now(thing):
    thing.refresh_from_db()
    return thing


def test_nothing_follows_while_it_can_still_be_mended(broken):
    w, finding = broken, broken.finding
    with refused("还在整改"):
        propose(w, MeasureKind.STOP, finding)
    # At the last instant it may still be reported; one microsecond later it stands unmended, swept or not.
    with refused("还在整改"):
        propose(w, MeasureKind.STOP, finding, at=finding.due_at)
    with undone(w):
        propose(w, MeasureKind.STOP, finding, at=finding.due_at + TICK)
    w.report_rectified(finding)
    w.past(finding.due_at)
    with refused("还在整改"):
        propose(w, MeasureKind.STOP, now(finding))
    w.recheck(finding, fine=True)
    with refused("已经改好"):
        propose(w, MeasureKind.STOP, now(finding))


def test_a_breach_of_another_case_is_no_ground(broken, people):
    other = walk(people, broken.now, to=Stage.BUILDING)
    broken.past(broken.finding.due_at)
    with refused("不属于本件", error=ValidationError):
        propose(other, MeasureKind.STOP, broken.finding)


def test_mended_before_the_decision_there_is_nothing_to_decide(broken):
    w, finding = broken, broken.finding
    w.past(finding.due_at)
    measure = propose(w, MeasureKind.STOP, now(finding))
    w.report_rectified(finding)
    w.recheck(finding, fine=True)
    w.past(measure.due_at)
    with refused("已经复查合格"):
        decide(w, measure)
    decide(w, measure, imposed=False, reasons="已经改好")
    assert w.filing.stopped_at is None


def test_unmended_it_stops_and_mended_it_goes_on(broken, people):
    w, finding = broken, broken.finding
    w.past(finding.due_at)
    measure = propose(w, MeasureKind.STOP, now(finding))
    w.past(measure.due_at)
    decide(w, measure)
    order = Paper.objects.get(book=w.filing.book, kind="DOC41")
    assert order.content["finding"][0]["notice"] == finding.paper.number
    assert "复查合格后解除停工" in str(order.content)
    assert w.filing.stopped_at is not None
    with refused("复查合格后才能解除"):
        works.lift_stop(measure, reasons="企业着急", by=people.convenor, at=w.now)
    w.report_rectified(finding)
    w.recheck(finding, fine=True)
    works.lift_stop(measure, reasons="复查合格", by=people.convenor, at=w.now)
    assert (w.filing.stopped_at, now(measure).state) == (None, MeasureState.LIFTED)
    assert papers(w.filing.book, "DOC44") != []
    assert told(people.enterprise, "停工已解除")
    w.to(Stage.COMPLETED)
    assert sound()


def test_never_mended_it_leaves_and_may_bear_a_mark(broken, people):
    w, finding = broken, broken.finding
    w.past(finding.due_at)
    w.report_rectified(finding)
    w.recheck(finding, fine=False)
    assert now(finding).state == FindingState.FAILED
    stop = propose(w, MeasureKind.STOP, finding)
    w.past(stop.due_at)
    decide(w, stop)
    leave = propose(w, MeasureKind.EXIT, finding)
    w.past(leave.due_at)
    decide(w, leave, reasons="停工后仍不整改")
    assert w.filing.stage == Stage.ORDINARY
    assert not w.filing.findings.filter(ended_at=None).exists()
    # After the case has ended the mark may still be proposed; the works can not be stopped any more.
    with refused("当前阶段"):
        propose(w, MeasureKind.STOP, finding)
    mark = propose(w, MeasureKind.CREDIT, finding, severity=Severity.GENERAL)
    assert mark.running
    wanted = ["find_breach", "recheck", "propose_measure", "decide_measure", "exit_to_ordinary"]
    assert in_order([*wanted, "propose_measure"], acts(w.filing.book))
    assert sound()


def test_a_serious_breach_ends_in_revocation_and_its_mark_is_repaired_after_the_least_time(
    broken, people
):
    w, finding, deceit = broken, broken.finding, {"ground": Ground.DECEIT}
    w.past(finding.due_at)
    revoke = propose(w, MeasureKind.REVOKE, finding, text="查明承诺所附的检测报告系伪造", **deceit)
    w.past(revoke.due_at)
    decide(w, revoke, reasons="报告系伪造，查证属实")
    assert w.filing.stage == Stage.REVOKED
    assert not w.filing.limits.filter(ended_at=None).exists()

    mark = propose(w, MeasureKind.CREDIT, finding, severity=Severity.SERIOUS, **deceit)
    w.past(mark.due_at)
    number, decided = "示例信认〔2018〕2号", w.now.date()
    organ = OrganDecision("示例县信用主管部门", number, decided, Severity.SERIOUS, 24)
    decide(w, mark, organ=organ)
    least = add_months(decided, 12)  # of a serious mark (30c1); it would be shown for two years
    ask = {"text": "已恢复原状并履行义务", "promised": True, "by": people.enterprise}
    with refused("起"):
        works.apply_repair(mark, **ask, at=local(least, 0) - TICK)
    assert number in read("/credit/", local(least, 0))

    w.now = local(least, 9)
    repair = w.do(works.apply_repair, mark, **ask)
    w.do(works.decide_repair, repair, granted=True, reasons="已全部履行", by=people.convenor)
    assert number not in read("/credit/", w.now)
    assert now(mark).state == MeasureState.LIFTED
    # What the law forbids for three years (行政许可法 art. 79) ends with no repair.
    bar = ApplicationBar.objects.get(filing=w.filing)
    assert bar.until > add_months(decided, 30)
    assert standing_bar(w.filing, w.now) == bar
    assert sound()


def test_what_is_completed_is_decided_no_more(broken, people):
    w, finding = broken, broken.finding
    w.past(finding.due_at)
    stop = propose(w, MeasureKind.STOP, now(finding))
    w.report_rectified(finding)
    w.recheck(finding, fine=True)
    w.to(Stage.COMPLETED)
    assert (now(stop).state, stop.running) == (MeasureState.DROPPED, False)
