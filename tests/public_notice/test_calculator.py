"""什么时候到期: the page and the API give the day that a limit would have; nobody need log in."""

from datetime import date

import pytest
from django.test import Client

from core.deadlines.calendar import reckon
from core.deadlines.models import CalendarDay, CalendarEdition
from core.deadlines.queries import calendar_at

pytestmark = pytest.mark.django_db
NOW = "2018-06-20 10:00"
ASKED = {"start": "2018-06-15", "length": "5", "unit": "working_day"}


def page(driven, now=NOW, **asked):
    with driven(now):
        return Client().get("/due/", asked)


def data(driven, now=NOW, **asked):
    with driven(now):
        return Client().get("/api/v1/due/", asked)


def test_the_form_is_found_from_the_front_page_and_empty(driven):
    with driven(NOW):
        front = Client().get("/").content.decode()
    empty = page(driven)

    assert 'href="/due/"' in front
    assert empty.status_code == 200
    assert "answer" not in empty.content.decode().split("<main")[1].split("</main")[0]


def test_the_day_and_how_it_was_counted(driven):
    answer = page(driven, **ASKED)
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "2018年6月25日" in text
    assert "端午节" in text
    assert "第八十二条" in text


def test_page_and_program_say_what_the_limits_say(driven, at):
    calendar = calendar_at(at(NOW))
    for unit in ("working_day", "natural_day", "month", "year"):
        for length in ("0", "1", "7", "30"):
            found = data(driven, start="2018-02-09", length=length, unit=unit).json()
            wanted = reckon(calendar, date(2018, 2, 9), int(length), unit)
            assert found["due"] == (wanted.due and wanted.due.isoformat())
            assert [day["date"] for day in found["days"]] == [
                r.date.isoformat() for r in wanted.rows
            ]


def test_a_receipt_on_a_day_off_says_from_when_it_counts(driven):
    asked = {**ASKED, "start": "2018-06-16", "received": "true"}

    assert "6月19日" in page(driven, **{**asked, "received": "on"}).content.decode()
    found = data(driven, **asked).json()
    assert (found["first"], found["due"]) == ("2018-06-19", "2018-06-26")


def test_where_the_calendar_ends_no_day_is_guessed(driven):
    asked = {"start": "2026-12-30", "length": "5", "unit": "working_day"}
    text = page(driven, now="2026-11-20 09:00", **asked).content.decode()

    assert "期限待定" in text
    assert "2027年的放假安排还没有公布" in text
    found = data(driven, now="2026-11-20 09:00", **asked).json()
    assert (found["due"], found["missing"], found["days"]) == (None, "2027-01-01", [])


def test_it_counts_by_the_calendar_known_that_day(driven):
    asked = {"start": "2019-04-29", "length": "2", "unit": "working_day"}

    assert data(driven, now="2019-03-21 10:00", **asked).json()["due"] == "2019-05-02"
    assert data(driven, now="2019-03-22 10:00", **asked).json()["due"] == "2019-05-05"


WRONG = {
    "no day": {"start": "x"},
    "no length": {"length": ""},
    "below zero": {"length": "-1"},
    "too long": {"length": "3651"},
    "no unit": {"unit": "weeks"},
    "a zero byte": {"start": "2018-06-15\0"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_period_is_refused_with_a_sentence(driven, wrong):
    asked = {**ASKED, **wrong}

    answer = page(driven, **asked)
    assert answer.status_code == 422
    assert 'class="error' in answer.content.decode() or "errors" in answer.content.decode()
    problem = data(driven, **asked)
    assert problem.status_code == 422
    assert next(iter(wrong)) in problem.json()["errors"]


def test_a_link_with_something_else_behind_its_mark_is_the_empty_form(driven):
    assert page(driven, source="wechat").status_code == 200


def test_a_day_before_the_first_calendar_is_refused_on_the_page(driven):
    answer = page(driven, **{**ASKED, "start": "2016-06-15"})

    assert answer.status_code == 422
    assert "日历只覆盖2017-01-01" in answer.content.decode()


def test_without_a_calendar_it_says_so(driven):
    CalendarDay.objects.all().delete()
    CalendarEdition.objects.all().delete()

    assert "日历还没有载入" in page(driven).content.decode()
    assert data(driven, **ASKED).status_code == 409


def test_it_costs_the_same_however_long(driven, django_assert_max_num_queries):
    page(driven, **ASKED)
    with django_assert_max_num_queries(4):
        page(driven, **{**ASKED, "length": "250"})
