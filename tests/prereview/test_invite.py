"""The invitation for a calendar: one event through all its versions, in lines that every program reads."""

from dataclasses import replace

from prereview.rules.invite import CANCEL, REQUEST, Event, invitation
from tests.conftest import instant

EVENT = Event(
    uid="abc-ZJJ@example", sequence=0, starts=instant("2018-06-20 09:00"), ends=instant("2018-06-20 10:00"),
    summary="联合预审会（左承预会〔2018〕1号）", place="政务大厅, 二楼; 会议室\n东侧", text="请签收并答复。" * 20,
    url="https://example/sessions/abc/", organiser="window@example", organiser_name='钱"示例',
    attendee="ZJJ", attendee_name="住建局",
)  # fmt: skip


def fields(text):
    """The lines of a calendar file, unfolded (RFC 5545 §3.1), by their names without parameters."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return {line.split(":")[0].split(";")[0]: line.partition(":")[2] for line in lines if line}


def test_it_says_when_in_universal_time_and_where_with_its_marks_escaped():
    said = fields(invitation(EVENT, REQUEST, EVENT.starts))
    assert (said["DTSTART"], said["DTEND"]) == ("20180620T010000Z", "20180620T020000Z")
    assert said["LOCATION"] == "政务大厅\\, 二楼\\; 会议室\\n东侧"
    assert (said["METHOD"], said["STATUS"]) == ("REQUEST", "CONFIRMED")


def test_no_line_is_longer_than_75_octets_and_no_character_is_broken():
    text = invitation(EVENT, REQUEST, EVENT.starts)
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert fields(text)["DESCRIPTION"] == EVENT.text


def test_a_name_cannot_break_out_of_its_quotes_or_its_line():
    bad = replace(EVENT, organiser_name='示例"\r\nATTACH:https://elsewhere')
    lines = invitation(bad, REQUEST, EVENT.starts).replace("\r\n ", "").split("\r\n")
    assert not [line for line in lines if line.startswith("ATTACH")]


def test_moved_it_is_the_same_event_with_a_higher_number_and_called_off_it_is_taken_out():
    moved = fields(invitation(replace(EVENT, sequence=2), REQUEST, EVENT.starts))
    off = fields(invitation(replace(EVENT, sequence=3), CANCEL, EVENT.starts))
    assert moved["UID"] == off["UID"] == EVENT.uid
    assert int(off["SEQUENCE"]) > int(moved["SEQUENCE"]) > 0
    assert (off["METHOD"], off["STATUS"]) == ("CANCEL", "CANCELLED")
