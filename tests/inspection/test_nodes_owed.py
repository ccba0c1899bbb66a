"""What is owed of the nodes, as messages and desk say it: each by its name, and first what comes first."""

import shutil
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.translation import override

from approvals.models import CatalogueEdition
from approvals.stages import Stage
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import last_day_of
from core.notify.models import Message
from desk.queries.calendars import preview
from desk.queries.health import checks
from desk.rules.pack import read_pack
from desk.services.calendars import decision_of, load_decision, propose_closure
from desk.services.reminders import remind
from tests.calendars import forget_after
from tests.conftest import instant
from tests.house.source import ROOT
from tests.inspection.browse import Browser, text
from tests.inspection.test_nodes import node, report, today
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
walked, notified = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
)


@pytest.fixture
def building(notified):
    """Works that promised two nodes for one day."""
    day = today(notified) + timedelta(days=30)
    notified.report_start(N2=day, N3=day)
    return notified


def said(before):
    return [m.subject for m in Message.objects.order_by("pk")[before:] if "节点报告" in m.subject]


def test_reminders_and_delays_name_each_node_though_both_end_at_once(building):
    due = node(building, "N2").due_at
    for ahead in (
        timedelta(hours=14),
        timedelta(days=-6, hours=-10),
    ):  # the last day, and days after it
        building.until(due - ahead)
        before = Message.objects.count()
        with clock.driven(building.now):
            remind(building.now)
        told = said(before)
        for name in ("节点报告：基础完成", "节点报告：主体完成"):
            assert any(name in one for one in told), (name, told)
        assert not any("（2项）" in one for one in told)
    supervisors = Message.objects.filter(subject__contains="逾期，转督办")
    assert {"基础完成", "主体完成"} <= {
        name for m in supervisors for name in ("基础完成", "主体完成") if name in m.subject
    }
    page = Browser(building.enterprise, building.now)
    assert "节点报告：基础完成" in text(page.get("approvals:limits", building.filing.public_id))


def test_the_desk_offers_the_acceptance_only_once_no_node_is_owed(building):
    building.report_completion()
    desk = text(Browser(building.enterprise, building.now).get("desk:home"))
    assert "报告节点后才能申请联合验收：基础完成、主体完成" in desk
    assert "申请联合验收</a>" not in desk
    for code in ("N2", "N3"):
        report(building, code)
    desk = text(Browser(building.enterprise, building.now).get("desk:home"))
    assert "报告节点后才能" not in desk
    assert "申请联合验收" in desk


def test_the_evidence_of_a_node_is_said_in_the_language_of_the_page(building):
    found = node(building, "N2").node
    assert found.evidence_words == "基础施工完成的现场照片或者验槽、验收记录"
    with override("en"):
        assert found.evidence_words.startswith("Photographs of the finished foundations")


def test_a_pack_from_before_there_were_nodes_is_loaded_and_what_it_lacks_is_said(
    county, tmp_path, capsys
):
    old = tmp_path / "county"
    shutil.copytree(
        ROOT / "counties" / "zuoquan", old, ignore=shutil.ignore_patterns("replay-*", "demo")
    )
    (old / "nodes.csv").unlink()
    assert read_pack(old).nodes == ()

    call_command("load_county", str(old))

    out = capsys.readouterr().out
    assert "县包没有nodes.csv" in out
    newest = CatalogueEdition.objects.order_by("-number").first()
    assert not newest.nodes.exists()
    at = instant("2018-03-05 09:00")
    (pack,) = [one for one in checks(at) if one.name == "pack"]
    assert (pack.state, "县包没有nodes.csv" in pack.said) == ("warn", True)


def test_the_health_page_says_what_the_pack_of_the_county_lacks(county, people, at):
    now = at("2018-03-05 09:00")

    def pack():
        return next(one for one in checks(now) if one.name == "pack")

    assert pack().state == "ok"
    RuleValue.objects.filter(code__in=("P145", "P153")).delete()
    assert (pack().state, "P145、P153" in pack().said) == ("warn", True)
    assert "P145、P153" in text(Browser(people.administrator, now).get("desk:status"))


def test_whoever_a_new_calendar_concerns_reads_which_node_it_moves(building, people):
    due = node(building, "N2").due_at
    day = last_day_of(due)
    forget_after(f"{today(building)}")
    known = Message.objects.count()
    said = {
        "first": day,
        "last": day,
        "decided_on": today(building),
        "reason": "示例：停电",
        "number": "",
    }
    looked = propose_closure(decision_of(**said), at=building.now)
    limits = {row.limit for row in preview(looked.edition, looked.calendar, building.now).rows}
    assert {"节点报告：基础完成", "节点报告：主体完成"} <= limits
    load_decision(
        decision_of(**said), kind="closure", paper=pdf(), by=people.administrator, at=building.now
    )

    building.sweep()

    assert node(building, "N2").due_at > due
    told = [m.subject for m in Message.objects.order_by("pk")[known:] if "顺延" in m.subject]
    for name in ("节点报告：基础完成", "节点报告：主体完成"):
        assert any(name in one for one in told), (name, told)
