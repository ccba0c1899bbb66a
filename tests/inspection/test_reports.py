"""Start, progress and completion: who reports, what day may be named, and which limits begin and end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from approvals.stages import Stage
from core.steps.reasons import NotNow
from inspection.models import Report
from inspection.services import report_completion, report_progress, report_start
from inspection.stages import ReportKind
from tests.conftest import instant
from tests.standing import standing
from tests.walk import NO_NODES, acts, pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


walked, notified = standing(lambda people: walk(people, instant(NOW), to=Stage.START_NOTIFIED))


@pytest.fixture
def building(notified):
    return notified.to(Stage.BUILDING)


def today(w):
    return timezone.localdate(w.now)


def running(filing, rule):
    return filing.limits.filter(rule=rule, ended_at=None)


def start(w, *, by=None, **kwargs):
    return w.do(
        report_start, w.filing, by=by or w.enterprise,
        **{"happened_on": today(w), "text": "基础开挖", "nodes": NO_NODES, **kwargs},
    )  # fmt: skip


def progress(w, *, by=None, **kwargs):
    return w.do(
        report_progress, w.filing, by=by or w.enterprise,
        **{"happened_on": today(w), "percent": 30, "text": "主体施工", **kwargs},
    )  # fmt: skip


def complete(w, *, by=None, **kwargs):
    return w.do(
        report_completion, w.filing, by=by or w.enterprise,
        **{"happened_on": today(w), "text": "全部完成", **kwargs},
    )  # fmt: skip


def test_only_the_enterprise_of_the_case_reports(notified, people):
    for stranger in (people.other_enterprise, people.window, people.department("ZJJ")):
        with pytest.raises(PermissionDenied):
            start(notified, by=stranger)
    assert notified.filing.stage == Stage.START_NOTIFIED


def test_nothing_is_reported_before_the_notification(people, at):
    w = walk(people, at(NOW), to=Stage.CLEARED)

    with pytest.raises(NotNow, match="报告开工"):
        start(w)


@pytest.mark.parametrize(
    ("days", "said"), [(1, "不能晚于今天"), (-1, "不能早于开工告知书")], ids=["to come", "before"]
)
def test_the_works_began_between_the_notification_and_today(notified, days, said):
    with pytest.raises(ValidationError, match=said):
        start(notified, happened_on=today(notified) + timedelta(days=days))
    assert not Report.objects.exists()


def test_a_start_is_reported_in_words(notified):
    with pytest.raises(ValidationError, match="请写明报告内容"):
        start(notified, text="  ")


def test_the_start_is_reported_once_and_starts_the_checks_and_reports(notified):
    assert running(notified.filing, "P26").exists()

    report = start(notified, upload=pdf())

    filing = notified.filing
    assert (filing.stage, report.attachment.name) == (Stage.BUILDING, "材料.pdf")
    assert filing.started_at == report.reported_at
    assert not running(filing, "P26").exists()
    assert running(filing, "P9a").exists()
    assert running(filing, "P27").exists()
    with pytest.raises(NotNow):
        start(notified)
    assert filing.reports.count() == 1
    assert acts(filing.book).count("report_start") == 1


def test_a_stopped_project_does_not_start(notified):
    filing = notified.filing
    filing.stopped_at = notified.now
    filing.save()

    with pytest.raises(NotNow, match="停工整改"):
        start(notified)


def test_progress_comes_after_the_start(notified):
    with pytest.raises(NotNow, match="不在建设中"):
        progress(notified)


def test_progress_is_a_share_of_the_whole_on_a_day_since_the_start(building):
    for wrong in (
        {"percent": 101},
        {"happened_on": today(building) + timedelta(days=1)},
        {"happened_on": today(building) - timedelta(days=1)},
        {"text": ""},
    ):
        with pytest.raises(ValidationError):
            progress(building, **wrong)
    assert building.filing.reports.count() == 1


def test_each_progress_report_starts_the_next_limit(building, people):
    with pytest.raises(PermissionDenied):
        progress(building, by=people.department("ZJJ"))
    first = running(building.filing, "P27").get()
    building.morning(20)

    report = progress(building)

    first.refresh_from_db()
    assert first.ended_at == report.reported_at
    following = running(building.filing, "P27").get()
    assert following.started_at == report.reported_at
    with pytest.raises(NotNow, match="已经报告过"):
        progress(building, percent=31)


def test_a_stop_order_does_not_end_the_duty_to_report_but_nothing_is_completed_under_it(building):
    filing = building.filing
    filing.stopped_at = building.now
    filing.save()

    progress(building)
    with pytest.raises(NotNow, match="停工整改"):
        complete(building)


def test_a_progress_report_that_does_not_come_goes_to_the_supervisor_and_may_still_come(building):
    limit = running(building.filing, "P27").get()
    building.past(limit.due_at)

    limit.refresh_from_db()
    assert limit.escalated_at == limit.due_at
    progress(building)
    limit.refresh_from_db()
    assert limit.ended_at is not None


def test_completion_is_reported_once_and_ends_the_progress_reports(building, people):
    with pytest.raises(PermissionDenied):
        complete(building, by=people.window)
    building.morning(30)

    report = complete(building)

    assert (report.kind, report.percent) == (ReportKind.COMPLETION, 100)
    assert building.filing.stage == Stage.BUILDING
    assert not running(building.filing, "P27").exists()
    for again in (complete, progress):
        with pytest.raises(NotNow, match="已经报告竣工"):
            again(building)
