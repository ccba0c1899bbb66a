"""A group that is drawn for marks of bad credit is one more outlet of them: it ends with the last second of a mark."""

import pytest

from inspection.models import Draw
from inspection.stages import Group
from tests.conftest import instant
from tests.inspection.drawing import drawn
from tests.public_notice.test_credit import TICK, _marked
from tests.public_notice.test_draws import data, read
from tests.standing import standing

pytestmark = pytest.mark.django_db
walked, marked = standing(_marked)


def test_a_draw_for_marks_is_gone_with_the_last_second_of_a_mark(marked, people):
    marked.now = instant("2018-07-04 10:00")
    drawn(marked, by=people.administrator)
    draw = Draw.objects.get()
    assert [group["group"] for group in draw.groups] == [Group.MARKED]
    over, number = instant("2019-01-03"), draw.candidates[0]

    assert data(over - TICK)["groups"][0]["candidates"] == [number]
    after = data(over)
    assert (after["groups"], after["pairs"], after["withheld"]) == ([], [], ["marked"])
    page = read("/draws/2018Q3/1/", over)
    assert "不再列出" in page
    others = (
        "/draws/2018Q3/1/data/",
        "/draws/",
        "/draws/export/?form=csv",
        "/api/v1/public-draws/",
    )
    for outlet in (page, *(read(one, over) for one in others)):
        assert number not in outlet
        assert draw.digest not in outlet, (
            "with the neighbouring quarters it would say who is missing"
        )
    assert (after["projects"], after["drawn"], after["digest"]) == (None, None, "")
