"""Rectification: in time, late, overdue without a word, rechecked; one further term and no second."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core import clock
from core.deadlines.services import sweep
from core.steps.reasons import NotNow
from inspection.services import recheck, report_rectified
from inspection.stages import FindingState as State
from inspection.views.findings import RecheckFinding
from tests.conftest import instant
from tests.standing import standing
from tests.walk import OFFICERS, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
OURS, THEIRS = "ZJJ", "QXJ"


walked, building = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


@pytest.fixture
def found(building):
    return building, building.breach(OURS)


def again(finding):
    finding.refresh_from_db()
    return finding


def test_only_the_enterprise_reports_and_only_the_department_rechecks(found, people):
    w, finding = found
    for stranger in (people.other_enterprise, people.department(OURS)):
        with pytest.raises(PermissionDenied):
            w.do(report_rectified, finding, text="已改", by=stranger)
    w.report_rectified(finding)
    for stranger in (people.department(THEIRS), people.enterprise, people.convenor):
        with pytest.raises(PermissionDenied):
            w.do(recheck, finding, fine=True, officers=OFFICERS, text="复查", by=stranger)


def test_who_accepted_the_case_does_not_recheck_under_another_office(found, people):
    w, finding = found
    w.report_rectified(finding)
    both = Membership.objects.create(
        user=people.window.user, organisation=people.department(OURS).organisation, role=Role.CLERK,
        valid_from=instant("2018-01-01").date(),
    )  # fmt: skip
    with pytest.raises(PermissionDenied, match="别的身份"):
        w.do(recheck, finding, fine=True, officers=OFFICERS, text="复查", by=both)
    assert again(finding).state == State.REPORTED
    with clock.driven(w.now):
        page = RecheckFinding(subject=again(finding), request=SimpleNamespace(acting=both))
        assert any("别的身份" in said for said in page.reasons())


def test_nothing_is_rechecked_before_it_is_reported_and_nothing_reported_twice(found):
    w, finding = found
    with pytest.raises(NotNow, match="还没有报整改"):
        w.recheck(finding)
    with pytest.raises(ValidationError, match="写明整改情况"):
        w.do(report_rectified, finding, text=" ", by=w.enterprise)

    w.report_rectified(finding)

    with pytest.raises(NotNow, match="不在整改中"):
        w.report_rectified(finding)


def test_a_report_in_time_starts_the_recheck_limit(found):
    w, finding = found
    days_end = finding.due_at
    w.morning(3)
    w.report_rectified(finding)

    finding = again(finding)
    assert (finding.state, finding.rule) == (State.REPORTED, "P28")
    assert finding.must_be_mended_by == days_end
    assert not finding.reported_late
    assert finding.evidence.name == "整改后.png"


def test_found_mended_it_is_closed_for_good(found):
    w, finding = found
    w.report_rectified(finding)
    with pytest.raises(ValidationError, match="不再给期限"):
        w.recheck(finding, days=5)
    with pytest.raises(ValidationError, match="两名以上"):
        w.recheck(finding, officers=OFFICERS[:1])
    looked = w.recheck(finding)

    finding = again(finding)
    assert (finding.state, finding.closed_at, finding.mended_in_time) == (
        State.CLOSED, looked.at, True,
    )  # fmt: skip
    assert looked.paper.kind == "DOC25"
    assert finding.act_at is None
    for act in (w.report_rectified, w.recheck):
        with pytest.raises(NotNow):
            act(finding)


@pytest.mark.parametrize("swept", [True, False], ids=["swept", "no sweep has run"])
def test_overdue_it_has_failed_as_of_the_last_instant_and_a_late_report_is_taken_as_late(
    found, swept
):
    w, finding = found
    ended = finding.due_at
    assert finding.state_at(ended) == State.OPEN
    assert finding.state_at(ended + timedelta(microseconds=1)) == State.FAILED
    w.now = ended + timedelta(days=1)
    if swept:
        w.sweep()
        assert again(finding).state == State.FAILED
        assert finding.escalated_at == ended

    w.report_rectified(finding)

    finding = again(finding)
    assert (finding.state, finding.failed_at) == (State.REPORTED, ended)
    assert finding.reported_late
    with pytest.raises(NotNow, match="只能给一次"):
        w.recheck(finding, fine=False, days=5)
    looked = w.recheck(finding)
    finding = again(finding)
    assert (finding.state, finding.mended_in_time) == (State.CLOSED, False)
    assert "（逾期）" in looked.paper.content["report"]["at_text"]


def test_the_last_instant_is_in_time(found):
    w, finding = found
    w.now = finding.due_at
    w.report_rectified(finding)

    assert not again(finding).reported_late
    assert finding.failed_at is None


def test_a_late_or_doubled_sweep_comes_to_the_same(found):
    w, finding = found
    ended = finding.due_at
    for _time in range(2):
        w.sweep(ended + timedelta(days=40))

    assert again(finding).failed_at == ended
    assert finding.escalated_at == ended


def test_not_mended_it_has_failed_unless_one_further_term_is_given(found):
    w, finding = found
    w.report_rectified(finding)
    for days in (4, 31):
        with pytest.raises(ValidationError, match="5到30"):
            w.recheck(finding, fine=False, days=days)
    with pytest.raises(ValidationError, match="写明理由"):
        w.recheck(finding, fine=False, days=5, text="")

    first = w.recheck(finding, fine=False, days=5)

    finding = again(finding)
    assert (finding.state, finding.rule, finding.length) == (State.OPEN, "P9c", 5)
    assert (first.report, finding.report) == ("已按要求改正", "")
    w.morning(2)
    w.report_rectified(finding)
    with pytest.raises(NotNow, match="只能给一次"):
        w.recheck(finding, fine=False, days=5)
    second = w.recheck(finding, fine=False)
    finding = again(finding)
    assert (finding.state, finding.failed_at) == (State.FAILED, second.at)


def test_what_failed_can_still_be_mended_so_that_nothing_is_a_dead_end(found):
    w, finding = found
    w.report_rectified(finding)
    w.recheck(finding, fine=False)
    w.report_rectified(again(finding))
    w.recheck(finding)

    assert again(finding).state == State.CLOSED
    assert not finding.mended_in_time


def test_a_recheck_that_does_not_come_is_escalated_and_costs_the_enterprise_nothing(found):
    w, finding = found
    w.report_rectified(finding)
    finding = again(finding)
    w.past(finding.due_at)

    assert again(finding).escalated_at == finding.due_at
    assert finding.state == State.REPORTED
    w.recheck(finding)
    assert again(finding).mended_in_time


def test_the_days_of_a_case_that_has_left_the_road_stop(found, people):
    w, finding = found
    filing = w.filing
    type(filing).objects.filter(pk=filing.pk).update(stage_since=w.now, stage=Stage.REVOKED)
    sweep(finding.due_at + timedelta(days=1))

    assert again(finding).state == State.OPEN
    assert finding.ended_at == w.now
    assert finding.escalated_at is None
