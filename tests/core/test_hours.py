"""The counter closes by season, and by the county's own numbers; online a day ends at 24:00."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from core.deadlines.calendar import CalendarFile, CalendarGap, editions_from
from core.deadlines.hours import counted_from, hours_from
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
FOLDER = Path(settings.BASE_DIR) / "counties" / "zuoquan" / "calendar"
FILES = [CalendarFile(f"calendar/{p.name}", p.read_text("utf-8")) for p in FOLDER.glob("*.json")]
KNOWN = editions_from(FILES)[-1].calendar()


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


# 2018: 28 April is a make-up Saturday, 29 April to 1 May are days off; summer hours begin on 1 May.
CAME = {
    "2018-04-26 09:00": "2018-04-26 09:00",  # while it is open
    "2018-04-26 07:50": "2018-04-26 07:50",  # before it opens, and over noon: it has come that day
    "2018-04-26 13:00": "2018-04-26 13:00",
    "2018-04-26 17:30": "2018-04-26 17:30",  # to the last instant
    "2018-04-26 17:30:00.000001": "2018-04-27 08:30",
    "2018-04-27 20:00": "2018-04-28 08:30",  # a Saturday that is worked
    "2018-04-28 17:31": "2018-05-02 08:30",  # over the holiday, into the summer
    "2018-04-30 10:00": "2018-05-02 08:30",  # on a day off
    "2018-05-02 17:45": "2018-05-02 17:45",  # in summer it is open until 18:00
    "2018-05-02 18:01": "2018-05-03 08:30",
    "2018-12-31 10:00": "2019-01-02 08:30",
}


@pytest.mark.parametrize(("came", "counts"), CAME.items())
def test_what_comes_after_closing_counts_from_the_next_opening(came, counts):
    zone = timezone.get_default_timezone()
    instant = datetime.fromisoformat(came).replace(tzinfo=zone)
    found = counted_from(hours_from(SHIPPED), instant, KNOWN)
    assert found == datetime.fromisoformat(counts).replace(tzinfo=zone)


def test_past_the_published_calendar_nothing_is_guessed():
    zone = timezone.get_default_timezone()
    with pytest.raises(CalendarGap):
        counted_from(hours_from(SHIPPED), datetime.combine(KNOWN.last, time(20), zone), KNOWN)


def test_the_days_until_it_opens_stand_before_the_days_that_are_counted():
    rows = KNOWN.waited(date(2018, 4, 28), date(2018, 5, 2))
    assert [(f"{row.date:%m-%d}", row.mark, row.number) for row in rows] == [
        ("04-28", "shut", None), ("04-29", "holiday", None), ("04-30", "holiday", None), ("05-01", "holiday", None),
    ]  # fmt: skip
    assert KNOWN.waited(date(2018, 5, 2), date(2018, 5, 2)) == []
