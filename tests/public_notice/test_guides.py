"""办事指南, 流程图 and 权责清单 follow the catalogue and the rulebook: nothing in them is written by hand."""

import pytest
from django.urls import reverse

from approvals.queries import catalogue_at
from core import clock
from core.deadlines.queries import rulebook_at, value_of
from public_notice.queries.guides import chart_of, guide, guides, powers
from tests.conftest import instant as at

pytestmark = pytest.mark.django_db
MONDAY = at("2018-06-04 09:00")


def get(client, name, *args):
    with clock.driven(MONDAY):
        return client.get(reverse(f"public_notice:{name}", args=args))


def test_every_item_has_a_guide_whose_chart_has_the_numbers_of_the_rulebook(county):
    rows = [item for group in guides(MONDAY) for item in group["rows"]]
    meeting = value_of(rulebook_at(MONDAY), "P5b").number

    assert {r.code for r in rows} == {i.code for i in catalogue_at(MONDAY).items.all()}
    for item in rows:
        boxes = chart_of(item, MONDAY).boxes
        opinion = next(box for box in boxes if "意见" in box.name)
        assert opinion.within == f"{meeting}个工作日"
        assert [box.number for box in boxes] == list(range(1, len(boxes) + 1))
        # What a red line forbids no chart promises.
        assert item.red_line != "yes" or "视同无异议" not in opinion.silence


def test_what_opens_the_gate_stands_in_the_chart(county):
    def steps(code):
        return [box.name for box in guide(code, MONDAY).chart.boxes]

    assert "依法审批" in steps("R04")
    assert "政府统一服务完成" in steps("G02")
    assert steps("C05")[-1] == "联合验收"


def test_a_guide_says_materials_silence_and_complaints(county, client):
    item = guide("R04", MONDAY)
    page = get(client, "guide", "R04").content.decode()

    for paper in item.materials.all():
        assert paper.name in page
    for words in ("不视为同意", "监督电话", "<svg"):
        assert words in page
    assert " style=" not in page
    assert get(client, "guide", "X99").status_code == 404


def test_powers_hold_each_item_once_and_pages_cost_the_same(
    county, client, django_assert_max_num_queries
):
    held = [item.code for group in powers(MONDAY) for item in group["rows"]]

    assert sorted(held) == sorted(i.code for i in catalogue_at(MONDAY).items.all())
    for name in ("guides", "powers"):
        with django_assert_max_num_queries(16):
            assert get(client, name).status_code == 200
        export = get(client, f"export_{name}")
        assert export.status_code == 200
