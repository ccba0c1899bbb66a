"""What was built and invested beside what was promised: kept as stated, shown, and a ground for nothing."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from approvals.stages import Stage
from core import clock
from inspection import services as works
from inspection.queries.amounts import amounts_of
from inspection.queries.closing import promises_of
from tests.api.programs import Program
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.stories.telling import evidence, refused
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING))


def done(w, **amounts):
    facts = {"happened_on": timezone.localdate(w.now), "text": "全部建成", "by": w.enterprise}
    return w.do(works.report_completion, w.filing, **facts, **amounts)


def test_an_amount_is_one_and_may_be_left_out(w):
    for wrong in ({"built_m2": Decimal(-1)}, {"invested_wan": Decimal(0)}):
        with refused("不能是负数", error=ValidationError):
            done(w, **wrong)
    done(w)
    assert [one.real for one in amounts_of(w.filing)] == [None, None]
    assert [one.share for one in amounts_of(w.filing)] == [None, None]


def test_kept_as_stated_and_nothing_follows_from_a_difference(w, people):
    type(w.filing).objects.filter(pk=w.filing.pk).update(
        floor_area_m2=Decimal(2000), investment_wan=Decimal(1000)
    )
    report = done(w, built_m2=Decimal("1500.50"), invested_wan=Decimal(400))

    assert (report.built_m2, report.invested_wan) == (Decimal("1500.50"), Decimal(400))
    assert evidence(w.filing.book, "report_completion")["invested_wan"] == "400"
    area, invested = amounts_of(w.filing)
    assert (area.promised, area.real, area.share) == (Decimal(2000), Decimal("1500.50"), 75)
    assert invested.share == 40
    w.bring_acceptance_materials()
    w.do(works.apply_acceptance, w.filing, text="已经建成", by=people.enterprise)
    w.pass_acceptance()
    assert w.filing.stage == Stage.COMPLETED
    assert not w.filing.findings.exists()


def test_asked_on_the_page_and_shown_on_the_page_and_to_a_program(w, people, client):
    enterprise, pk = Browser(people.enterprise, w.now), w.filing.public_id
    form = text(enterprise.get("report_completion", pk))
    assert "建成建筑面积（平方米）" in form
    assert "不因相差而处理" in form
    day = w.now.date().isoformat()
    said = {"happened_on": day, "text": "建成", "built_m2": "-1", "invested_wan": "880.5"}
    assert enterprise.post("report_completion", pk, **said).status_code == 422
    said["built_m2"] = "1234.5"
    assert enterprise.post("report_completion", pk, **said).status_code == 302
    assert "1,234.5平方米" in text(enterprise.get("desk:case", pk))
    page = text(enterprise.get("closing", pk))
    assert "1,234.5" in page
    assert "880.5" in page

    with clock.driven(w.now):
        told = Program(client, people.department("ZJJ")).get(f"filings/{pk}/promise/").json()
        other = Program(client, people.other_enterprise).get(f"filings/{pk}/promise/")
    assert other.status_code == 404
    assert told["filing"] == pk
    assert [(x["key"], x["real"]) for x in told["amounts"]] == [
        ("floor_area", "1234.50"), ("investment", "880.50"),
    ]  # fmt: skip
    dates = {one["key"]: one for one in told["dates"]}
    assert dates["completion"]["real"] == day
    assert dates["start"]["late_days"] == promises_of(w.filing)[0].late
    assert {one["party"] for one in told["days"]} == {
        "enterprise", "window", "departments", "public", "works",
    }  # fmt: skip
