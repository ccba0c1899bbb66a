"""失信认定 in every outlet: through the last second of its last day, and not at the next one.

The mark of these tests was decided on 2 July 2018 for six months: its last day is 2 January 2019. No sweep runs.
"""

from datetime import timedelta

import pytest
from django.test import Client

from approvals.services.tolerance import why_barred
from approvals.stages import Stage
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import _rulebook
from inspection import services as works
from inspection.models import Measure
from inspection.services import Intention, OrganDecision
from inspection.stages import Ground, MeasureKind, Severity
from tests.conftest import instant
from tests.public_notice.shared_cache import may_store
from tests.public_notice.strolling import followed, read
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
NUMBER, ENTERPRISE = "示例信认〔2018〕1号", "示例新材料有限公司"
ORGAN = OrganDecision(
    "示例县信用主管部门", NUMBER, instant("2018-07-02").date(), Severity.GENERAL, 6
)
OVER = instant("2019-01-03")  # the first instant of the day after
OUTLETS = (
    "/credit/",
    f"/credit/?q={ENTERPRISE}",
    "/credit/export/?form=csv",
    "/credit/feed/",
    "/api/v1/credit-marks/",
    f"/api/v1/credit-marks/?q={NUMBER}",
    "/api/v1/credit-marks/export/?form=csv",
)


def _marked(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
    said = Intention(
        MeasureKind.CREDIT, Ground.DECEIT, "材料与事实不符", "办事规则", severity=Severity.GENERAL
    )
    clerk = people.department("ZJJ")
    measure = w.do(works.propose_measure, w.filing, intention=said, by=clerk)
    w.do(works.give_views, measure, text="请予从轻", by=people.enterprise)
    w.now = instant("2018-07-03 10:00")
    given = {"imposed": True, "reasons": "查明属实", "organ": ORGAN, "by": people.convenor}
    w.do(works.decide_measure, measure, **given)
    return w


walked, marked = standing(_marked)


def mark():
    return Measure.objects.get(kind=MeasureKind.CREDIT)


def shown(path, at):
    """What a stranger reads in an outlet at an instant."""
    with clock.driven(at):
        answer = Client().get(path)
    assert answer.status_code == 200, path
    assert "no-store" in answer["Cache-Control"] or path.startswith("/api/"), path
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return NUMBER in body.decode()


@pytest.mark.parametrize("path", OUTLETS)
def test_it_is_shown_through_its_last_second(marked, path):
    assert shown(path, marked.now)
    assert shown(path, OVER - TICK)
    assert not shown(path, OVER)


@pytest.mark.parametrize("path", OUTLETS)
def test_repaired_it_is_gone_at_once(marked, people, path):
    w = marked
    w.now = instant("2018-10-08 09:00")
    ask = {"text": "已恢复原状", "promised": True, "upload": pdf(), "by": people.enterprise}
    repair = w.do(works.apply_repair, mark(), **ask)
    assert shown(path, w.now)
    granted = w.now
    w.do(works.decide_repair, repair, granted=True, reasons="已全部履行", by=people.convenor)
    assert not shown(path, granted)


def test_a_county_that_shows_none_shows_none(marked):
    RuleValue.objects.filter(code="P57").update(value="no")
    _rulebook.cache_clear()
    try:
        assert not any(shown(path, marked.now) for path in OUTLETS)
    finally:
        _rulebook.cache_clear()


def test_what_is_intended_or_dropped_is_nobodys_to_read(marked, people):
    w = marked
    intended = Intention(
        MeasureKind.CREDIT, Ground.DECEIT, "第二次", "办事规则", severity=Severity.GENERAL
    )
    clerk = people.department("ZJJ")
    second = w.do(works.propose_measure, w.filing, intention=intended, by=clerk)
    with clock.driven(w.now):
        assert len(Client().get("/api/v1/credit-marks/").json()["results"]) == 1
    w.do(works.give_views, second, text="不属实", by=people.enterprise)
    w.do(works.decide_measure, second, imposed=False, reasons="查无实据", by=people.convenor)
    with clock.driven(w.now):
        assert len(Client().get("/api/v1/credit-marks/").json()["results"]) == 1


def test_nothing_but_the_organs_decision_is_public(marked):
    with clock.driven(marked.now):
        [row] = Client().get("/api/v1/credit-marks/").json()["results"]
    assert set(row) == {
        "id", "enterprise", "uscc", "grade", "ground", "organ", "number", "decided_on", "until",
    }  # fmt: skip
    with clock.driven(marked.now):
        page = Client().get("/credit/").content.decode()
    assert "材料与事实不符" not in page
    assert "请予从轻" not in page
    assert "示例县信用主管部门" in page


def test_what_was_typed_beside_organ_and_number_is_masked_in_every_outlet(marked):
    phone = "13800138000"
    Measure.objects.filter(pk=mark().pk).update(
        organ=f"示例县信用主管部门（联系电话{phone}）", organ_number=f"{NUMBER}（{phone}）"
    )
    for path in OUTLETS:
        with clock.driven(marked.now):
            answer = Client().get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert NUMBER in body.decode(), path
        assert phone not in body.decode(), path


def test_the_window_reads_of_it_at_intake_while_it_stands(marked, people):
    filing = marked.filing
    assert [NUMBER in said for said in why_barred(filing, OVER - TICK)] == [True]
    assert why_barred(filing, OVER) == []


@pytest.mark.parametrize(("when", "state"), [(OVER - TICK, "shown"), (OVER, "ended")])
def test_the_credit_platform_takes_how_it_stands(marked, people, when, state):
    client = Client()
    client.force_login(people.supervisor.user)
    with clock.driven(when):
        [row] = client.get("/marks/platform/").json()["marks"]
    assert (row["state"], row["until"], row["organ_number"]) == (state, "2019-01-02", NUMBER)
    client.force_login(people.enterprise.user)
    with clock.driven(when):
        assert client.get("/marks/platform/").status_code == 403


@pytest.mark.parametrize("most", [16, pytest.param(400, marks=pytest.mark.hunt)])
def test_no_link_of_the_public_side_leads_to_a_mark_that_is_over(marked, most):
    standing_then = followed(OVER - TICK, most)
    said = {path for path, body in standing_then.items() if NUMBER in body}
    assert {"/credit/", "/api/v1/credit-marks/"} <= said
    assert len(standing_then) >= min(most, 16)
    assert [path for path in standing_then if NUMBER in read(path, OVER)] == []


@pytest.mark.parametrize("path", ["/credit/", "/credit/feed/", "/api/v1/credit-marks/"])
def test_what_a_reader_kept_is_not_confirmed_after_the_last_second(marked, path):
    with clock.driven(OVER - TICK):
        kept = Client().get(path)
    assert not may_store(kept)
    with clock.driven(OVER):
        again = Client().get(path, headers={"if-none-match": kept.headers.get("ETag", '"x"')})
    assert again.status_code == 200
    assert NUMBER not in again.content.decode()
