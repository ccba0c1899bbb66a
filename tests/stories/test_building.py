"""Under construction: reported, checked, found broken, mended in time, not mended, not mended well enough.

The works begin on Tuesday, 20 March 2018. Ten working days from a notice served that day end on Tuesday, 3 April;
the Tomb-Sweeping days of 5 to 7 April with the working Sunday after them lie in the way of a second term.
"""

from datetime import timedelta

import pytest

from approvals.stages import Stage
from inspection.services import report_rectified
from inspection.stages import FindingState, Kept
from tests.stories.telling import in_order, papers, refused, sound, told, undone
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
OURS = "ZJJ"


@pytest.fixture
def w(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)


def state(finding):
    finding.refresh_from_db()
    return FindingState(finding.state)


def test_started_reported_checked_and_nothing_found(w, people):
    book, departments = w.filing.book, {c.checked_by.code for c in w.filing.letter().clauses.all()}
    assert all(told(people.department(code), "已报告开工") for code in departments)
    w.morning(10)

    checks = [w.check(code) for code in sorted(departments)]

    assert {r.kept for check in checks for r in check.results.all()} == {Kept.KEPT}
    checked = {r.clause_id for check in checks for r in check.results.all()}
    assert checked == set(w.filing.letter().clauses.values_list("pk", flat=True))
    assert len(papers(book, "DOC23")) == len(checks)
    assert not papers(book, "DOC24")
    assert told(w.enterprise, "未发现违反承诺的问题")
    w.until(w.filing.started_at + timedelta(days=60))
    assert not w.filing.limits.filter(rule="P9a", escalated_at__isnull=False).exists()
    assert in_order(["report_start", "plan_check", "hold_check"], acts(book))
    assert sound()


def test_nobody_checks_and_the_supervisor_hears_of_it(w, people):
    first = w.filing.limits.get(rule="P9a")
    w.past(first.due_at)

    first.refresh_from_db()
    assert first.escalated_at == first.due_at
    assert told(people.supervisor, "首次检查")


def test_found_broken_mended_in_time_and_fine(w, people):
    book = w.filing.book
    finding = w.breach(OURS)
    assert told(w.enterprise, "被查不符合")
    assert papers(book, "DOC24") == [finding.paper.number]
    w.morning(4)
    w.report_rectified(finding)
    assert told(people.department(OURS), "请复查")
    w.morning(2)
    looked = w.recheck(finding)

    assert state(finding) == FindingState.CLOSED
    assert finding.mended_in_time
    assert papers(book, "DOC25") == [looked.paper.number]
    told_of = told(people.supervisor, finding.clause.number)
    assert not told_of  # nobody who watches time had to hear of it
    way = ["plan_check", "hold_check", "find_breach", "report_rectified", "recheck"]
    assert in_order(way, acts(book))
    assert sound()


def test_not_mended_in_its_days_it_has_failed_and_a_late_report_is_taken(w, people):
    finding = w.breach(OURS)
    ended = finding.due_at
    assert ended.isoformat() == "2018-04-03T16:00:00+00:00"
    with undone(w):
        w.now = ended
        w.report_rectified(finding)
        assert state(finding) == FindingState.REPORTED
        assert not finding.reported_late
    finding.refresh_from_db()
    w.now = ended + TICK
    assert finding.state_at(w.now) == FindingState.FAILED
    w.sweep(ended + timedelta(days=2))
    assert state(finding) == FindingState.FAILED
    assert told(people.supervisor, "限期整改")
    w.report_rectified(finding)

    assert state(finding) == FindingState.REPORTED
    assert finding.reported_late
    w.recheck(finding)
    assert state(finding) == FindingState.CLOSED
    assert not finding.mended_in_time
    assert sound()


def test_not_mended_well_enough_one_further_term_and_then_it_has_failed(w, people):
    finding = w.breach(OURS)
    w.morning(3)
    w.report_rectified(finding)
    w.recheck(finding, fine=False, days=10, text="仍有一处未改")
    assert state(finding) == FindingState.OPEN
    assert told(w.enterprise, "再次整改")
    with undone(w):
        ended = finding.due_at
        w.past(ended)
        assert state(finding) == FindingState.FAILED
        assert finding.failed_at == ended
    w.morning(5)
    w.report_rectified(finding)
    with refused("只能给一次"):
        w.recheck(finding, fine=False, days=5)
    w.recheck(finding, fine=False)

    assert state(finding) == FindingState.FAILED
    assert told(people.convenor, "复查不合格")
    assert finding.rechecks.count() == 2
    assert sound()


def test_once_the_case_has_left_the_works_nothing_is_checked_or_mended(w, people):
    finding = w.breach(OURS)
    check = w.plan_check("QXJ")
    type(w.filing).objects.filter(pk=w.pk).update(stage=Stage.REVOKED)

    with refused("不在建设或验收中"):
        w.hold_check(check)
    with refused("不在建设或验收中"):
        w.do(report_rectified, finding, text="已改", by=people.enterprise)
    with refused("不在建设或验收中"):
        w.plan_check("ZJJ")
