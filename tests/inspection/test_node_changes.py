"""变更节点日期: by the enterprise, with a reason, as often and as late as the county allows; a stop gives days back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from approvals import services as filings
from approvals.stages import Stage
from core.deadlines.models import RuleValue
from core.deadlines.queries import last_day_of
from core.deadlines.rules import StopKind
from core.steps.offers import offered
from core.steps.reasons import NotNow
from inspection import services as works
from inspection.models import NodeChange
from inspection.queries.closing import picture_of, promises_of
from inspection.queries.nodes import (
    last_day_to_change,
    nodes_of,
    open_nodes,
    why_not_changed,
)
from inspection.services import Intention
from inspection.stages import Ground, MeasureKind
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.inspection.test_nodes import node, report, today
from tests.standing import standing
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
walked, notified = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
)
DANGER = Intention(
    kind=MeasureKind.STOP, ground=Ground.DANGER, text="基坑支护失稳", legal_basis="安全生产法 70", scope="基坑",
)  # fmt: skip


@pytest.fixture
def building(notified):
    """Works that promised two nodes, in 30 and in 60 days, and have no equipment."""
    day = today(notified)
    notified.report_start(N2=day + timedelta(days=30), N3=day + timedelta(days=60))
    return notified


def change(w, code, days, *, by=None, reason="连续降雨，基坑不能开挖", **kwargs):
    said = {"node": code, "promised_on": today(w) + timedelta(days=days), "reason": reason}
    return w.do(works.change_node, w.filing, by=by or w.enterprise, **{**said, **kwargs})


def stop(w):
    with transaction.atomic():
        measure = w.do(
            works.propose_measure, w.filing, intention=DANGER, by=w.people.department("ZJJ")
        )
        return w.do(
            works.decide_measure,
            measure,
            imposed=True,
            reasons="危险现实存在",
            by=w.people.convenor,
        )


def lift(w, measure):
    return w.do(works.lift_stop, measure, reasons="支护已加固并验收", by=w.people.convenor)


def test_a_day_is_changed_with_a_reason_and_the_one_before_stays_readable(building):
    first = node(building, "N2").promised_on

    found = change(building, "N2", 50)

    assert (found.promised_on, node(building, "N2").promised_on) == (found.promised_on,) * 2
    assert found.promised_on == today(building) + timedelta(days=50)
    assert last_day_of(node(building, "N2").due_at) >= found.promised_on + timedelta(days=5)
    (kept,) = found.changes.all()
    assert (kept.turn, kept.promised_before, kept.reason) == (1, first, "连续降雨，基坑不能开挖")
    said = building.filing.book.entries.get(act="change_node")
    assert f"基础完成 {first} → {found.promised_on}" in said.payload
    of = {one.key: one for one in promises_of(building.filing)}
    assert of["node:N2"].before == ((first, kept.reason, None),)
    drawn = picture_of(building.filing, list(of.values()), [], building.now)["nodes"]
    assert ("before", first) in [(one["kind"], one["day"]) for one in drawn]
    for reader in (building.enterprise, building.people.department("ZJJ")):
        page = Browser(reader, building.now)
        for name in ("closing", "desk:case"):
            assert "连续降雨，基坑不能开挖" in text(page.get(name, building.filing.public_id))
    with pytest.raises(DatabaseError), transaction.atomic():
        NodeChange.objects.update(reason="改写")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"reason": " "}, "请写明理由"),
        ({"days": -1}, "不能早于今天"),
        ({"days": 30}, "与现在的承诺日期相同"),
        ({"days": 4000}, "超过十年"),
    ],
    ids=["no reason", "over", "the same", "mistyped year"],
)
def test_a_change_says_why_and_a_day_that_can_be(building, said, wrong):
    days = said.pop("days", 40)
    with pytest.raises(ValidationError, match=wrong):
        change(building, "N2", days, **said)
    assert not NodeChange.objects.exists()


def test_nobody_else_changes_a_day_and_no_node_that_is_in_or_none(building, people):
    for stranger in (people.other_enterprise, people.convenor, people.department("ZJJ")):
        with pytest.raises(PermissionDenied):
            change(building, "N2", 40, by=stranger)
    report(building, "N2")
    with pytest.raises(NotNow, match="已经报告"):
        change(building, "N2", 40)
    with pytest.raises(NotNow, match="没有这个节点"):
        change(building, "N9", 40)
    building.report_completion()
    with pytest.raises(NotNow, match="已经报告竣工"):
        change(building, "N3", 40)
    assert offered(building.filing, building.enterprise, ("change_node",)) == []


def test_twice_at_most_and_not_later_than_the_day_before(building):
    change(building, "N2", 40)
    change(building, "N2", 45)
    with pytest.raises(NotNow, match="最多变更2次（规则P145）"):
        change(building, "N2", 50)

    third = node(building, "N3")
    building.past(instant(f"{third.promised_on} 00:30"))
    with pytest.raises(NotNow, match=r"最迟应在.*P146"):
        change(building, "N3", 50)
    assert "最迟应在" in text(
        Browser(building.enterprise, building.now).get("change_node", building.filing.public_id)
    )


def test_the_county_says_how_often_and_how_late(building):
    RuleValue.objects.filter(code="P145").update(value="1")
    edition = building.filing.rulebook
    type(edition).objects.filter(pk=edition.pk).update(digest="P145 says once".ljust(64, "0"))
    change(building, "N2", 40)
    with pytest.raises(NotNow, match="最多变更1次"):
        change(building, "N2", 45)


def test_a_node_that_was_not_to_be_is_promised_later(building):
    change(building, "N4", 20, reason="设计变更，增设设备")

    found = node(building, "N4")
    assert (found.running, found.changes.get().promised_before) == (True, None)
    report(building, "N4")
    facts = {one.key: one for one in promises_of(building.filing)}["node:N4"]
    assert facts.before == ((None, "设计变更，增设设备", None),)


def test_a_stop_order_lets_the_clocks_stand_and_gives_back_exactly_the_rest(building):
    before = node(building, "N2").due_at
    measure = stop(building)

    found = node(building, "N2")
    assert (found.suspended, found.due_at, node(building, "N4").suspended) == (True, None, False)
    assert "“基础完成、主体完成”的报告期限自次日起停止计算" in str(measure.paper.content)
    with pytest.raises(NotNow, match="停工"):
        change(building, "N2", 40)
    page = Browser(building.people.convenor, building.now)
    assert "责令停工" in text(page.get("approvals:limits", building.filing.public_id))
    for kind in (StopKind.STOP_ORDER, StopKind.FORCE_MAJEURE):
        with pytest.raises(NotNow):
            building.do(
                filings.resume_limit, found, kind=kind, reason="恢复", by=building.people.convenor
            )
    with pytest.raises(NotNow, match="不是中止"):
        building.do(
            filings.suspend_limit, found, kind=StopKind.STOP_ORDER, reason="停", expected_days=3,
            paper_number="示例函1号", by=building.people.convenor,
        )  # fmt: skip
    building.past(before + timedelta(days=9))
    assert node(building, "N2").escalated_at is None
    stopped = (today(building) - timezone.localdate(measure.decided_at)).days

    lifted = lift(building, measure)

    found = node(building, "N2")
    assert found.due_at == before + timedelta(days=stopped) or found.due_at > before + timedelta(
        days=stopped
    )
    rolled = found.due_at - (before + timedelta(days=stopped))
    assert timedelta() <= rolled < timedelta(days=10), "no more than a day off at its end"
    assert last_day_to_change(found, building.now) == found.promised_on + timedelta(
        days=stopped - 1
    )
    assert "接着计算剩余天数" in str(lifted.lifting_paper.content)
    assert acts(building.filing.book).count("suspend_limit") == 2
    assert acts(building.filing.book).count("resume_limit") == 2
    change(building, "N2", 30)
    building.past(node(building, "N2").due_at)
    assert node(building, "N2").escalated_at is not None


def test_a_node_that_is_overdue_stays_so_under_a_stop_order_and_one_reported_under_it_is_in(
    building,
):
    building.past(node(building, "N2").due_at)
    late = node(building, "N2")
    measure = stop(building)
    assert (node(building, "N2").due_at, node(building, "N2").suspended) == (late.due_at, False)
    report(building, "N3")
    assert not node(building, "N3").running

    lift(building, measure)

    assert node(building, "N3").due_at is None
    assert acts(building.filing.book).count("resume_limit") == 0


def test_the_days_of_a_stop_are_said_beside_the_delay_and_no_other_stop_is_called_one(building):
    building.do(
        filings.suspend_limit, node(building, "N3"), kind=StopKind.FORCE_MAJEURE, reason="洪水",
        expected_days=3, paper_number="示例函1号", by=building.people.convenor,
    )  # fmt: skip
    firm = Browser(building.enterprise, building.now)
    page = text(firm.get("desk:case", building.filing.public_id))
    assert "期限停止计算" in page
    assert "停工，期限" not in page
    measure = stop(building)
    late = node(building, "N2").promised_on + timedelta(days=20)
    building.past(instant(f"{late} 00:30"))
    stood = (today(building) - timezone.localdate(measure.decided_at)).days
    lift(building, measure)
    report(building, "N2")
    (kept,) = [one for one in promises_of(building.filing) if one.key == "node:N2"]
    assert (kept.stood, kept.late is not None) == (stood, True)
    firm = Browser(building.enterprise, building.now)
    page = text(firm.get("closing", building.filing.public_id))
    assert f"停工等期限中止{stood}天，已经扣除" in page
    assert kept.counted == max(0, kept.late - stood)


def test_where_the_county_lets_them_run_a_stop_order_stops_no_node(building):
    RuleValue.objects.filter(code="P144").update(value="no")
    edition = building.filing.rulebook
    type(edition).objects.filter(pk=edition.pk).update(digest="P144 says no".ljust(64, "0"))
    lift(building, stop(building))
    assert "suspend_limit" not in acts(building.filing.book)


def test_the_page_changes_a_day_and_the_plan_is_read_in_three_questions(
    building, django_assert_num_queries
):
    firm, pk = Browser(building.enterprise, building.now), building.filing.public_id
    day = (today(building) + timedelta(days=44)).isoformat()
    assert "基础完成（承诺" in text(firm.get("change_node", pk))
    assert firm.post("change_node", pk, node="N2", promised_on=day, reason=" ").status_code == 422
    sent = firm.post("change_node", pk, node="N2", promised_on=day, reason="雨季")
    assert sent.status_code == 302
    filing = building.filing
    with django_assert_num_queries(3):
        assert next(one.before for one in list(nodes_of(filing)))


def test_what_stands_against_each_node_is_asked_for_all_of_them(
    building, django_assert_num_queries
):
    change(building, "N2", 40)
    filing, now = building.filing, building.now
    assert [why_not_changed(one, now) for one in open_nodes(filing)] == [[], [], []]
    with django_assert_num_queries(2):  # however many nodes and changes
        assert len([why_not_changed(one, now) for one in open_nodes(filing)]) == 3
