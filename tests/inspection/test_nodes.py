"""建设节点: promised with the start, reported with evidence, looked after when overdue, asked for before acceptance."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import override

from approvals.models import CatalogueNode
from approvals.stages import Stage
from core.deadlines.models import RuleValue
from core.steps.offers import offered
from core.steps.reasons import NotNow
from desk.queries.open_limits import open_limits
from inspection import services as works
from inspection.models import PlannedVisit, SiteNode
from inspection.queries import nodes as queries
from inspection.queries.closing import picture_of, promises_of
from inspection.stages import VisitPurpose
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.walk import NO_NODES, acts, pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


walked, notified = standing(lambda people: walk(people, instant(NOW), to=Stage.START_NOTIFIED))


def today(w):
    return timezone.localdate(w.now)


@pytest.fixture
def building(notified):
    """Works that promised two nodes, in 30 and in 60 days, and have no equipment."""
    day = today(notified)
    notified.report_start(N2=day + timedelta(days=30), N3=day + timedelta(days=60))
    return notified


def report(w, node, *, by=None, **kwargs):
    said = {"happened_on": today(w), "percent": 30, "text": "已验槽", "upload": pdf(), "node": node}
    return w.do(works.report_progress, w.filing, by=by or w.enterprise, **{**said, **kwargs})


def node(w, code):
    return w.filing.site_nodes.get(node__code=code)


def visits(w):
    return PlannedVisit.objects.filter(filing=w.pk, purpose=VisitPurpose.REPORT, ended_at=None)


def test_the_county_names_its_nodes_and_how_certain_they_are(county):
    rows = CatalogueNode.objects.values_list("code", "name", "reported_by", "certainty")
    assert list(rows) == [
        ("N1", "开工", "start", "A"), ("N2", "基础完成", "progress", "I"), ("N3", "主体完成", "progress", "I"),
        ("N4", "设备安装完成", "progress", "I"), ("N5", "竣工", "completion", "A"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({}, "请写明承诺完成的日期"),
        ({**NO_NODES, "N3": -1}, "不能早于开工日期"),
        ({**NO_NODES, "N3": 4000}, "超过十年"),
        ({**NO_NODES, "N9": None}, "没有这个建设节点：N9"),
    ],
    ids=["unanswered", "before the start", "mistyped year", "unknown"],
)
def test_every_node_is_answered_for_with_a_day_or_by_saying_there_is_none(notified, plan, said):
    days = {c: n and today(notified) + timedelta(days=n) for c, n in plan.items()}
    with pytest.raises(ValidationError, match=said):
        notified.do(
            works.report_start, notified.filing, happened_on=today(notified), text="基础", nodes=days,
            by=notified.enterprise,
        )  # fmt: skip
    assert notified.filing.stage == Stage.START_NOTIFIED
    assert not SiteNode.objects.exists()


def test_a_fault_names_the_node_in_the_language_of_the_reader(notified):
    with override("en"), pytest.raises(ValidationError, match="Structure done: "):
        notified.do(
            works.report_start, notified.filing, happened_on=today(notified), text="基础", nodes={},
            by=notified.enterprise,
        )  # fmt: skip


def test_a_day_beyond_the_calendar_waits_for_it_and_one_that_is_over_leaves_a_day(notified):
    day = today(notified)
    notified.morning(3)
    notified.report_start(N2=day + timedelta(days=1500))
    assert (node(notified, "N2").provisional, node(notified, "N2").running) == (True, True)


def test_the_plan_is_promised_once_and_each_clock_runs_to_its_day_and_the_days_of_grace(building):
    found = node(building, "N2")

    assert timezone.localdate(found.due_at - timedelta(seconds=1)) >= found.promised_on + timedelta(
        5
    )
    assert (node(building, "N4").promised_on, node(building, "N4").due_at) == (None, None)
    assert acts(building.filing.book).count("promise_nodes") == 1
    owed = [one for one in open_limits() if one.limit == found]
    assert [one.owners for one in owed] == [(building.filing.enterprise_id,)]


def test_a_report_names_its_node_once_with_evidence_and_nobody_elses(building, people):
    with pytest.raises(PermissionDenied):
        report(building, "N2", by=people.other_enterprise)
    with pytest.raises(ValidationError, match="要附证据"):
        report(building, "N2", upload=None)
    for none in ("N1", "N4", "N9"):
        with pytest.raises(NotNow, match="没有这个节点"):
            report(building, none)

    said = report(building, "N2")

    found = node(building, "N2")
    assert (found.report, found.reached_on, found.running) == (said, today(building), False)
    with pytest.raises(NotNow, match="已经报告过"):
        report(building, "N2")
    report(building, "N3")  # two nodes on one day are two reports


def test_a_node_that_is_not_reported_sends_a_department_and_its_report_calls_it_back(building):
    found = node(building, "N2")
    building.past(found.due_at)

    found.refresh_from_db()
    assert found.escalated_at == found.due_at
    assert visits(building).count() == 1
    building.do(
        works.report_progress, building.filing, happened_on=today(building), percent=9, text="雨季",
        by=building.enterprise,
    )  # fmt: skip
    assert visits(building).exists(), "another report is not the node's"

    report(building, "N2")

    assert not visits(building).exists()
    assert node(building, "N2").escalated_at is not None  # that it was late stays said


def test_the_acceptance_waits_for_the_nodes_and_names_them(building):
    building.report_completion()
    building.bring_acceptance_materials()
    page = Browser(building.enterprise, building.now)
    assert "基础完成、主体完成" in text(page.get("apply_acceptance", building.filing.public_id))
    with pytest.raises(NotNow, match=r"基础完成、主体完成.*P154"):
        building.do(works.apply_acceptance, building.filing, text="请验收", by=building.enterprise)
    (offer,) = offered(building.filing, building.enterprise, ("apply_acceptance",))
    assert not offer.allowed

    for code in ("N2", "N3"):  # left out, and reported when the works are done
        report(building, code)

    building.do(works.apply_acceptance, building.filing, text="请验收", by=building.enterprise)
    assert building.filing.stage == Stage.ACCEPTING
    assert "note_nodes_missing" not in acts(building.filing.book)


def test_where_the_county_does_not_wait_the_application_says_what_is_not_in(building):
    RuleValue.objects.filter(code="P154").update(value="no")
    edition = building.filing.rulebook
    type(edition).objects.filter(pk=edition.pk).update(digest="P154 says no".ljust(64, "0"))
    building.report_completion()
    building.bring_acceptance_materials()
    page = Browser(building.enterprise, building.now)
    assert "还没有报告" in text(page.get("apply_acceptance", building.filing.public_id))

    building.do(works.apply_acceptance, building.filing, text="请验收", by=building.enterprise)

    assert "note_nodes_missing" in acts(building.filing.book)
    assert not node(building, "N2").running, (
        "nobody is asked for a report that cannot come any more"
    )


def test_a_case_that_ends_ends_its_clocks_and_keeps_what_was_promised(building):
    works.close_books(building.filing, building.now)

    assert not building.filing.site_nodes.filter(ended_at=None, started_at__isnull=False).exists()
    assert [str(one) for one in queries.not_in(building.filing)] == ["基础完成", "主体完成"]


def test_promise_and_reality_stand_side_by_side(building, django_assert_max_num_queries):
    building.morning(25)
    report(building, "N2")

    filing = building.filing
    with django_assert_max_num_queries(4):
        kept = promises_of(filing)

    of = {one.key: one for one in kept}
    assert list(of)[:4] == ["start", "node:N2", "node:N3", "completion"]
    assert of["node:N2"].late == (today(building) - of["node:N2"].promised).days
    assert of["node:N3"].late is None
    drawn = picture_of(building.filing, kept, [], building.now)["nodes"]
    assert [(n["label"], n["kind"]) for n in drawn] == [
        ("基础完成", "promise"), ("基础完成", "real"), ("主体完成", "promise"),
    ]  # fmt: skip
    page = text(
        Browser(building.enterprise, building.now).get("closing", building.filing.public_id)
    )
    assert "主体完成" in page


def test_the_pages_ask_for_days_and_offer_what_is_open(notified):
    firm, pk = Browser(notified.enterprise, notified.now), notified.filing.public_id
    day = today(notified)
    asked = text(firm.get("report_start", pk))
    assert "承诺日期：主体完成" in asked
    assert "过期仍未报告的，转督办" in asked
    said = {"happened_on": day.isoformat(), "text": "基础"}
    assert "请写明承诺完成的日期" in text(firm.post("report_start", pk, **said))
    both = {"node_N2": day.isoformat(), "without_N2": "on"}
    assert "只能填一样" in text(firm.post("report_start", pk, **said, **both))
    plan = {"node_N2": (day + timedelta(9)).isoformat(), "without_N3": "on", "without_N4": "on"}
    assert firm.post("report_start", pk, **said, **plan).status_code == 302
    assert "基础完成（承诺" in text(firm.get("report_progress", pk))
    assert "报告节点：基础完成" in text(firm.get("desk:home"))
    assert "工程没有这个节点" in text(firm.get("desk:case", pk))
