"""核减节点: the convenor takes back a promised node that the works have no more, with a reason and a paper."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from approvals.stages import Stage
from core.notify.models import Message
from core.steps.offers import offered
from core.steps.reasons import NotNow
from inspection import services as works
from inspection.models import NodeStrike
from inspection.queries.closing import facts_of, promises_of
from inspection.queries.nodes import not_in
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.inspection.test_node_changes import change, lift, stop
from tests.inspection.test_nodes import node, report, today
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
walked, notified = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
)
WHY = "设计变更，取消设备安装"


@pytest.fixture
def building(notified):
    """Works that promised the foundations and the equipment, and have no structure."""
    day = today(notified)
    notified.report_start(N2=day + timedelta(days=30), N4=day + timedelta(days=60))
    return notified


def strike(w, code="N4", *, by=None, **differs):
    said = {"node": code, "reason": WHY, "upload": pdf(), **differs}
    return w.do(works.strike_node, w.filing, by=by or w.people.convenor, **said)


def test_nobody_else_strikes_a_node_and_none_without_a_reason_and_a_paper(building, people):
    for stranger in (people.enterprise, people.window, people.department("ZJJ"), people.supervisor):
        with pytest.raises(PermissionDenied):
            strike(building, by=stranger)
    with pytest.raises(ValidationError, match="请写明理由"):
        strike(building, reason=" ")
    with pytest.raises(ValidationError, match="请附上依据"):
        strike(building, upload=None)
    with pytest.raises(NotNow, match="没有这个节点，或者已经报告过"):
        strike(building, "N3")  # the works were said to have none
    report(building, "N2")
    with pytest.raises(NotNow, match="没有这个节点，或者已经报告过"):
        strike(building, "N2")
    assert not NodeStrike.objects.exists()


def test_a_struck_node_is_asked_for_no_more_and_its_promise_stays_readable(building):
    first = node(building, "N4").promised_on
    report(building, "N2")
    building.report_completion()
    building.bring_acceptance_materials()
    assert [one.node.code for one in not_in(building.filing)] == ["N4"]
    before = Message.objects.count()

    strike(building)

    with pytest.raises(NotNow):
        strike(building)  # once
    found = node(building, "N4")
    assert (found.promised_on, found.struck, found.running) == (None, True, False)
    said = building.filing.book.entries.get(act="strike_node").payload
    assert all(one in said for one in (WHY, str(first), "N4"))
    told = [m.subject for m in Message.objects.order_by("pk")[before:]]
    assert any("核减" in one and WHY in one for one in told)
    of = {one.key: one for one in promises_of(building.filing)}
    assert (of["node:N4"].promised, of["node:N4"].before[0][:2]) == (None, (first, WHY))
    page = Browser(building.enterprise, building.now)
    assert "已核减，工程不再有这个节点" in text(page.get("desk:case", building.filing.public_id))
    assert WHY in text(page.get("closing", building.filing.public_id))
    with pytest.raises(DatabaseError), transaction.atomic():
        NodeStrike.objects.update(reason="改写")
    building.do(works.apply_acceptance, building.filing, text="请验收", by=building.enterprise)
    building.pass_acceptance()
    kept = facts_of(building.filing)["dates"]["node:N4"]
    assert (kept["promised"], kept["promised_before"]) == (None, [first.isoformat()])


def test_a_node_that_stands_by_a_stop_order_is_struck_and_may_be_promised_again(building):
    measure = stop(building)
    strike(building)
    lift(building, measure)
    assert not node(building, "N4").running
    again = change(building, "N4", 90, reason="恢复设备安装")
    assert (again.struck, again.running) == (False, True)
    strike(building)  # and once more
    assert node(building, "N4").strikes.count() == 2


def test_the_page_is_the_convenors_while_a_node_is_left(building, people):
    offers = {offer.name for offer in offered(building.filing, people.convenor)}
    assert "strike_node" in offers
    page, pk = Browser(people.convenor, building.now), building.filing.public_id
    assert "设备安装" in text(page.get("strike_node", pk))
    assert page.post("strike_node", pk, node="N4", reason=WHY).status_code == 422
    for code in ("N2", "N4"):
        done = page.post("strike_node", pk, node=code, reason=WHY, upload=pdf())
        assert done.status_code == 302
    assert "没有可以核减的节点" in text(page.get("strike_node", pk))
    assert "strike_node" not in {offer.name for offer in offered(building.filing, people.convenor)}
