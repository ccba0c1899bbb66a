"""主动公开 of a year: each thing in one column, the columns sum to what arose, by the days and not by who looked."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from public_notice.models import OpenMatter, Publication
from public_notice.queries.open_year import KINDS, proactive, proactive_of
from public_notice.services import note_publication
from tests.chance import drawn
from tests.conftest import instant

TODAY = date(2018, 6, 15)
JUNE = date(2018, 6, 1)
PARTS = ("in_time", "late", "running", "overdue", "undated")


@pytest.mark.parametrize(
    ("due", "published", "part"),
    [
        (date(2018, 6, 15), None, "running"), (date(2018, 6, 14), None, "overdue"),
        (date(2018, 6, 14), date(2018, 6, 14), "in_time"), (date(2018, 6, 13), date(2018, 6, 14), "late"),
        (None, None, "undated"), (date(2018, 6, 20), date(2018, 6, 18), "running"),
    ],
)  # fmt: skip
def test_each_stands_in_one_column_as_of_the_day(due, published, part):
    lines = proactive([("result", JUNE, due, published)], 2018, TODAY)
    told = {line.kind: line for line in lines}

    assert [line.kind for line in lines] == [*KINDS, ""]
    for kind in ("result", ""):
        assert {name for name in PARTS if getattr(told[kind], name)} == {part}
    assert told["decision"].arose == 0


def test_the_columns_are_all_that_arose_and_the_last_line_is_the_sum_whatever_happened():
    seed = drawn("open_year")
    chance = random.Random(seed)
    print("seed", seed)

    def some_day():
        return TODAY + timedelta(days=chance.randint(-500, 200))

    rows = [
        (chance.choice(KINDS), some_day(), chance.choice((None, some_day())), chance.choice((None, some_day())))
        for _row in range(300)
    ]  # fmt: skip
    *kinds, whole = proactive(rows, 2018, TODAY)

    for line in (*kinds, whole):
        assert line.arose == sum(getattr(line, name) for name in PARTS)
    for name in ("arose", *PARTS):
        assert getattr(whole, name) == sum(getattr(line, name) for line in kinds)
    assert whole.arose == sum(row[1].year == 2018 and row[1] <= TODAY for row in rows)


@pytest.mark.django_db
def test_page_and_program_tell_the_same_of_what_an_office_noted(people, client):
    at = instant("2018-06-15 09:00")
    matter = OpenMatter.objects.get(code="D3")
    note_publication(matter=matter, title="实施办法", arose_on=JUNE, by=people.supervisor, at=at)
    with clock.driven(at):
        page = client.get(reverse("public_notice:disclosure_year", args=[2018]))
        [told] = client.get("/api/v1/disclosure-years/").json()

    assert Publication.objects.count() == 1
    assert told["proactive"][0]["running"] == told["proactive"][-1]["arose"] == 1
    assert page.context["proactive"] == proactive_of([2018], at)[2018]
    assert "本系统没有记录" in page.content.decode()
