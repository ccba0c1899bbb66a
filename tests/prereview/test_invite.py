"""The invitation for a calendar: one event through all its versions, each read back with the library."""

from dataclasses import replace
from datetime import date, timedelta
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from prereview.rules.invite import CANCEL, REQUEST, ZONE, Event, calendar, invitation
from tests.conftest import instant

EVENT = Event(
    uid="abc-ZJJ@example", sequence=0, starts=instant("2018-06-20 09:00"), ends=instant("2018-06-20 10:00"),
    summary="联合预审会（左承预会〔2018〕1号）", place="政务大厅, 二楼; 会议室\n东侧", text="请签收并答复。" * 20,
    url="https://example/sessions/abc/", organiser="window@example", organiser_name='钱"示例',
    attendee="ZJJ", attendee_name="住建局",
)  # fmt: skip


def read_back(text):
    """The events of a calendar file as the library reads them; whatever it cannot read is a fault."""
    whole = Calendar.from_ical(text)
    events = whole.walk("VEVENT")
    assert not whole.errors
    for event in events:
        assert not event.errors
    return events


def test_it_says_when_in_the_countys_time_and_where_with_its_marks_kept():
    whole = Calendar.from_ical(invitation(EVENT, REQUEST, EVENT.starts))
    (said,) = whole.walk("VEVENT")
    assert (said.start, said.end) == (EVENT.starts, EVENT.ends)
    assert said["DTSTART"].params["TZID"] == ZONE.key
    assert (said["LOCATION"], said["SUMMARY"], said["URL"]) == (
        EVENT.place, EVENT.summary, EVENT.url,
    )  # fmt: skip
    assert (whole["METHOD"], said["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert (said["ORGANIZER"], said["ATTENDEE"]) == (
        "mailto:window@example",
        "urn:x-department:ZJJ",
    )
    assert said["ATTENDEE"].params["CN"] == "住建局"


def test_the_time_zone_goes_with_it_and_has_no_summer_time():
    whole = Calendar.from_ical(invitation(EVENT, REQUEST, EVENT.starts))
    (zone,) = whole.timezones
    for month in (1, 7):
        day = instant(f"2018-0{month}-15 09:00").replace(tzinfo=zone.to_tz())
        assert day.utcoffset() == timedelta(hours=8)
    assert not whole.get_missing_tzids()
    assert zone.walk("STANDARD")[0]["DTSTART"].dt.date() == date(1992, 1, 1)
    assert not zone.walk("DAYLIGHT")


def test_no_line_is_longer_than_75_octets_and_no_character_is_broken():
    text = invitation(EVENT, REQUEST, EVENT.starts)
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert read_back(text)[0]["DESCRIPTION"] == EVENT.text


def test_a_name_cannot_break_out_of_its_quotes_or_its_line():
    bad = replace(
        EVENT, organiser_name='示例";X=1:\r\nATTACH:https://elsewhere', attendee_name='局"'
    )
    (said,) = read_back(invitation(bad, REQUEST, EVENT.starts))
    assert "ATTACH" not in said
    assert said["ORGANIZER"].params["CN"] == "示例;X=1: ATTACH:https://elsewhere"
    assert said["ATTENDEE"].params["CN"] == "局"


def test_moved_it_is_the_same_event_with_a_higher_number_and_called_off_it_is_taken_out():
    (moved,) = read_back(invitation(replace(EVENT, sequence=2), REQUEST, EVENT.starts))
    text = invitation(replace(EVENT, sequence=3), CANCEL, EVENT.starts)
    (off,) = read_back(text)
    assert moved["UID"] == off["UID"] == EVENT.uid
    assert off["SEQUENCE"] > moved["SEQUENCE"] > 0
    assert (Calendar.from_ical(text)["METHOD"], off["STATUS"]) == ("CANCEL", "CANCELLED")


def test_what_is_composed_once_is_nobody_elses():
    """Two departments of one session share most lines; each has its own name, words and identifier."""
    other = replace(
        EVENT, uid="abc-ZRJ@example", attendee="ZRJ", attendee_name="自然资源局", text="别的话"
    )
    later = replace(
        EVENT, starts=EVENT.starts + timedelta(days=1), ends=EVENT.ends + timedelta(days=1)
    )
    first, second, third = (
        read_back(invitation(one, REQUEST, EVENT.starts))[0] for one in (EVENT, other, later)
    )
    assert [one["UID"] for one in (first, second)] == [EVENT.uid, other.uid]
    assert [one["ATTENDEE"] for one in (first, second)] == [
        "urn:x-department:ZJJ",
        "urn:x-department:ZRJ",
    ]
    assert second["DESCRIPTION"] == "别的话"
    assert third.start == later.starts
    assert read_back(invitation(EVENT, REQUEST, later.starts))[0].stamp == later.starts


def test_a_calendar_to_subscribe_to_invites_nobody_and_holds_each_event_with_its_revision():
    other = replace(EVENT, uid="def-ZJJ@example", sequence=2)
    later = EVENT.starts + timedelta(hours=2)
    whole = Calendar.from_ical(calendar([(EVENT, EVENT.starts), (other, later)]))
    assert "METHOD" not in whole
    assert [(one["UID"], one["SEQUENCE"], one.stamp) for one in whole.walk("VEVENT")] == [
        (EVENT.uid, 0, EVENT.starts),
        (other.uid, 2, later),
    ]
    assert not [one for one in whole.walk("VEVENT") if "ATTENDEE" in one]
    assert Calendar.from_ical(calendar([])).walk("VEVENT") == []


LINES = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=20, deadline=None)
@given(LINES, LINES)
def test_whatever_is_written_comes_back_as_one_event(place, name):
    """Any text that a person can type: read back it is the same, but for marks that no calendar may hold."""
    text = invitation(replace(EVENT, place=place, attendee_name=name), REQUEST, EVENT.starts)
    (said,) = read_back(text)
    kept = "".join(char for char in place if category(char) != "Cc" or char in "\t\n\r")
    kept = kept.replace("\r\n", "\n").replace("\r", "\n")
    assert said.get("LOCATION", "") == kept
    assert said["UID"] == EVENT.uid
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
