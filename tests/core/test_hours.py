"""The counter closes by season, and by the county's own numbers; online a day ends at 24:00."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.deadlines.hours import hours_from
from core.deadlines.queries import counter_end, counter_hours

SHIPPED = {
    "P23a": "08:30-12:00;14:30-18:00", "P23b": "08:30-12:00;14:00-17:30", "P23c": "05-01", "P23d": "10-01",
}  # fmt: skip
DAYS = {
    "2018-04-30": ("14:00", "17:30"),
    "2018-05-01": ("14:30", "18:00"),
    "2018-09-30": ("14:30", "18:00"),
    "2018-10-01": ("14:00", "17:30"),
    "2018-12-31": ("14:00", "17:30"),
    "2019-01-01": ("14:00", "17:30"),
}


@pytest.mark.parametrize(("day", "afternoon"), DAYS.items())
def test_each_season_has_its_hours(day, afternoon):
    spans = hours_from(SHIPPED).spans(date.fromisoformat(day))

    assert len(spans) == 2
    assert tuple(f"{moment:%H:%M}" for moment in spans[-1]) == afternoon


def test_a_season_may_run_over_the_turn_of_the_year():
    hours = hours_from({**SHIPPED, "P23c": "10-01", "P23d": "05-01"})

    assert [hours.in_summer(date(2018, month, 15)) for month in (1, 4, 5, 9, 10, 12)] == [
        True, True, False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("channel", ["online", "counter"])
def test_the_last_instant_of_a_day_depends_on_the_channel(channel, at):
    zone = timezone.get_default_timezone()
    last = hours_from(SHIPPED).last_instant(date(2018, 6, 15), channel, zone)

    assert last == at({"online": "2018-06-16", "counter": "2018-06-15 18:00"}[channel])
    assert last - timedelta(microseconds=1) < last  # `received_at <= last` is in time


@pytest.mark.django_db
def test_the_rulebook_in_force_says_the_hours(county, at):
    assert counter_hours(at("2018-06-15 10:00")) == hours_from(SHIPPED)
    assert counter_end(date(2018, 12, 3), at("2018-06-15 10:00")) == at("2018-12-03 17:30")
