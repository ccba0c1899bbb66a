"""撤回 while a measure is intended: nothing is left to decide in a case that is over; a mark and its hearing go on."""

import pytest

from approvals import services as filings
from approvals.stages import Stage
from inspection.models import Measure, PlannedVisit
from inspection.services import Intention, propose_measure, request_exit
from inspection.stages import Ground, MeasureKind, MeasureState, Severity
from tests.stories.telling import refused, sound
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleared(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)


def propose(w, kind, ground):
    said = Intention(kind, ground, "检查查明的事实", "办事规则", severity=Severity.GENERAL)
    return w.do(propose_measure, w.filing, intention=said, by=w.people.department("ZJJ"))


def state(measure):
    measure.refresh_from_db()
    return measure.state, measure.running


def test_what_was_to_be_decided_of_the_case_is_dropped_with_it_and_a_mark_is_not(cleared):
    w = cleared
    leaving = propose(w, MeasureKind.EXIT, Ground.CHANGED)
    mark = propose(w, MeasureKind.CREDIT, Ground.DECEIT)
    w.do(filings.withdraw, w.filing, reason="不再建设", by=w.enterprise)

    assert w.filing.stage == Stage.WITHDRAWN
    assert state(leaving) == (MeasureState.DROPPED, False)
    assert "已终结" in leaving.decision
    assert state(mark) == (MeasureState.INTENDED, True), (
        "it is the enterprise's, and outlives the case"
    )
    assert not PlannedVisit.objects.filter(filing=w.pk, ended_at=None).exists()
    assert sound()


def test_a_wish_to_leave_that_waits_is_answered_by_the_withdrawal(cleared):
    w = cleared
    wish = w.do(request_exit, w.filing, reason="改按一般程序", by=w.enterprise)
    w.do(filings.withdraw, w.filing, reason="不再建设", by=w.enterprise)
    assert state(wish) == (MeasureState.DROPPED, False)
    with refused():
        w.do(request_exit, w.filing, reason="改按一般程序", by=w.enterprise)
    assert Measure.objects.count() == 1
