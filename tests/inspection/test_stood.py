"""承诺与实际: the days on which the works stood by order, or the time to begin, are no days late."""

from datetime import date

import pytest

from approvals import services as filings
from approvals.stages import Stage
from core.deadlines.models import RulebookEdition, RuleValue
from core.deadlines.rules import StopKind
from inspection import services as works
from inspection.queries.closing import facts_of, promises_of
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.inspection.test_node_changes import lift, stop
from tests.walk import walk

pytestmark = pytest.mark.django_db
DAYS = {"planned_start": date(2018, 3, 12), "planned_completion": date(2018, 5, 10)}


def kept(w, key):
    (one,) = [one for one in promises_of(w.filing) if one.key == key]
    return one.late, one.stood, one.counted


def stopped(w, *days):
    """Stop the works on the first and lift it on the second of two days, some times."""
    for since, until in days:
        w.now = instant(f"{since} 10:00")
        order = stop(w)
        w.now = instant(f"{until} 10:00")
        lift(w, order)


def done_on(w, day):
    w.now = instant(f"{day} 10:00")
    w.report_completion()


def test_a_stop_order_is_no_delay_of_the_completion(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING, **DAYS)
    stopped(w, ("2018-04-20", "2018-04-25"), ("2018-05-01", "2018-05-16"))

    done_on(w, "2018-06-04")

    assert kept(w, "completion") == (25, 20, 5)
    page = text(Browser(w.enterprise, w.now).get("closing", w.filing.public_id))
    assert "晚5天" in page
    assert "比承诺的日期晚25天；停工等期限中止20天，已经扣除" in page
    w.bring_acceptance_materials()
    w.do(works.apply_acceptance, w.filing, text="请验收", by=w.enterprise)
    w.pass_acceptance()
    said = facts_of(w.filing)["dates"]["completion"]
    assert [said[name] for name in ("late_days", "stood_days", "counted_late_days")] == [25, 20, 5]


def test_more_days_stood_than_late_are_no_delay_and_none_is_made_early(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING, **DAYS)
    stopped(w, ("2018-04-20", "2018-05-20"))
    done_on(w, "2018-05-21")
    assert kept(w, "completion") == (11, 30, 0)


def test_where_the_county_gives_nothing_back_the_delay_is_whole(people, at):
    RuleValue.objects.filter(code="P144").update(value="no")
    RulebookEdition.objects.update(
        digest="P144 says no".ljust(64, "0")
    )  # what was read of it before
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING, **DAYS)
    stopped(w, ("2018-05-01", "2018-05-16"))
    done_on(w, "2018-05-20")
    assert kept(w, "completion") == (10, 0, 10)


def test_the_time_to_begin_that_stood_is_no_delay_of_the_start(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED, **DAYS)
    limit, who = w.filing.limits.get(rule="P26"), people.convenor
    w.now = instant("2018-04-02 10:00")
    w.do(
        filings.suspend_limit, limit, kind=StopKind.FORCE_MAJEURE, reason="洪水", expected_days=3,
        paper_number="示例函1号", by=who,
    )  # fmt: skip
    w.now = instant("2018-04-09 10:00")
    limit.refresh_from_db()
    w.do(filings.resume_limit, limit, kind=StopKind.FORCE_MAJEURE, reason="水退", by=who)
    w.now = instant("2018-04-12 10:00")

    w.report_start()

    assert kept(w, "start") == (31, 7, 24)
