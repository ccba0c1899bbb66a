"""A limit of months ends on the corresponding day: 民法典 arts. 200 to 204, of the start and of any county rule."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from core.deadlines.calendar import Stop, course, reckon
from core.deadlines.models import Unit
from core.deadlines.queries import unit_said
from tests.core.test_calendar import CURRENT


def day(text):
    return date.fromisoformat(text)


TABLE = {
    "the corresponding day": ("2018-03-05", 3, "2018-06-05"),
    "the event's own day is not counted, the corresponding day is the last": ("2018-06-12", 1, "2018-07-12"),
    "the month has no such day: its last day": ("2018-01-31", 1, "2018-02-28"),
    "of a leap year": ("2020-01-31", 1, "2020-03-02"),  # 29 February 2020 is a Saturday
    "a corresponding day on a Saturday moves to Monday": ("2018-03-09", 3, "2018-06-11"),
    "into a holiday: the first working day behind it": ("2018-07-01", 3, "2018-10-08"),
    "a make-up Saturday is worked, and ends it": ("2018-06-29", 3, "2018-09-29"),
    "over the end of a year": ("2018-11-15", 3, "2019-02-15"),
    "three months and twice three more are nine from the beginning": ("2018-03-31", 9, "2019-01-02"),
    "the last day of February, three months on": ("2018-02-28", 3, "2018-05-28"),
    "nothing at all": ("2018-06-15", 0, "2018-06-15"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "months", "due"), TABLE.values(), ids=TABLE)
def test_to_the_day(start, months, due):
    assert CURRENT.due(day(start), months, "month") == day(due)
    assert course(CURRENT, day(start), months, "month").due == day(due), (
        "as if nothing had stopped it"
    )
    rows = CURRENT.explain(day(start), months, "month")
    assert (rows[0].mark, rows[-1].date) == ("start", day(due))


def test_the_table_of_days_counts_to_the_corresponding_day_and_rolls_from_there():
    rows = CURRENT.explain(day("2018-07-01"), 3, "month")
    counted = [row for row in rows if row.number]
    assert (counted[-1].date, counted[-1].number) == (day("2018-10-01"), 92)
    assert {row.mark for row in rows[len(counted) + 1 : -1]} == {"holiday"}
    assert (rows[-1].date, rows[-1].mark) == (day("2018-10-08"), "rolled")


STOPS = {
    "a stop of ten days, ten days later": ("2018-03-05", 3, [("2018-04-10", "2018-04-20")], "2018-06-15"),
    "opened and ended on one day, nothing": ("2018-03-05", 3, [("2018-04-10", "2018-04-10")], "2018-06-05"),
    "two that overlap are one": (
        "2018-03-05", 3, [("2018-04-10", "2018-04-15"), ("2018-04-12", "2018-04-20")], "2018-06-15",
    ),
    "not ended: no date": ("2018-03-05", 3, [("2018-04-10", None)], None),
}  # fmt: skip


@pytest.mark.parametrize(("start", "months", "spans", "due"), STOPS.values(), ids=STOPS)
def test_stopped_it_has_as_many_days_as_it_would_have_had(start, months, spans, due):
    stops = [Stop(day(since), day(until) if until else None) for since, until in spans]
    found = course(CURRENT, day(start), months, "month", stops)
    assert found.due == (day(due) if due else None)
    assert found.used + found.rest == (day("2018-06-05") - day("2018-03-05")).days == 92


def test_begun_where_no_calendar_is_published_it_has_no_date_and_can_be_stopped():
    """The window stops it all the same; nothing is guessed of its end."""
    found = course(CURRENT, day("2031-01-06"), 3, "month", [Stop(day("2031-02-01"), None)])
    assert (found.due, found.missing) == (None, day("2031-01-06"))


def test_units_of_the_rulebook_become_units_of_limits_and_nothing_else_does():
    said = ("working_day", "natural_day", "day", "month")
    assert [unit_said(one) for one in said] == [
        Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.NATURAL_DAY, Unit.MONTH,
    ]  # fmt: skip
    for wrong in ("year", "count", "flag"):
        with pytest.raises(ValueError, match=wrong):
            unit_said(wrong)


def test_the_command_takes_months_as_people_write_them():
    for unit in ("months", "month", "个月"):
        out = StringIO()
        call_command("due", "2018-07-01", "3", unit, "--explain", stdout=out)
        assert out.getvalue().splitlines()[0] == "2018-10-08"
        assert "rolled" in out.getvalue()
    assert reckon(CURRENT, day("2018-01-31"), 1, "月").due == day("2018-02-28")
