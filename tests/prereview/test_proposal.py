"""The earliest time of a session, case by case: it keeps the notice, the hours, the room and everybody's calendar.

A week of June 2018: Friday the 15th is called on; Monday the 18th is a holiday (端午节), worked are Tuesday to Friday.
"""

from datetime import date, timedelta

import pytest

from prereview.rules.proposal import (
    AWAY,
    BUSY,
    DAY_OFF,
    NO_CALENDAR,
    NO_ROOM,
    NONE_FREE,
    NOTICE,
    TOO_SHORT,
    Day,
    Taken,
    Wish,
    clashes,
    halves,
    propose,
)
from tests.conftest import instant

MORNING, AFTERNOON = ("09:00", "12:00"), ("14:30", "18:00")
WORKED = {15, 19, 20, 21}


def at(day, hour):
    return instant(f"2018-06-{day} {hour}")


def days(last=21):
    return [
        Day(
            date(2018, 6, day),
            [(at(day, a), at(day, b)) for a, b in (MORNING, AFTERNOON)] if day in WORKED else [],
        )
        for day in range(15, last + 1)
    ]  # fmt: skip


def taken(day, begins, ends, what="左承预会〔2018〕9号"):
    return Taken(at(day, begins), at(day, ends), what)


TUE, WED, THU = (date(2018, 6, day) for day in (19, 20, 21))
FREE = {"R1": (), "R2": ()}
CASES = [
    ("nobody is busy", {}, (20, "09:00", "R1"), [NOTICE, *[DAY_OFF] * 3, NOTICE]),
    ("a department is out in the morning", {
        "busy": {"ZJJ": [taken(20, "09:00", "12:00")]}}, (20, "14:30", "R1"), [BUSY]),
    ("one begins where another ends", {"busy": {"ZJJ": [taken(20, "09:00", "09:30")]}}, (20, "09:30", "R1"), [BUSY]),
    ("two departments, one after the other", {
        "busy": {"ZJJ": [taken(20, "09:00", "11:00")], "ZRJ": [taken(20, "11:00", "18:00")]}},
        (21, "09:00", "R1"), [BUSY, BUSY]),
    ("a department is away that day", {"away": {"ZJJ": {WED: "培训"}}}, (21, "09:00", "R1"), [AWAY]),
    ("the first room is taken", {"rooms": {"R1": [taken(20, "09:00", "12:00")], "R2": ()}}, (20, "09:00", "R2"), []),
    ("every room is taken in the morning", {
        "rooms": {"R1": [taken(20, "08:00", "13:00")]}}, (20, "14:30", "R1"), [NO_ROOM]),
    ("a survey needs no room", {"rooms": None}, (20, "09:00", ""), []),
    ("it is too long for any half day", {"minutes": 240}, None, [TOO_SHORT, TOO_SHORT]),
    ("it fits an afternoon to the minute", {"minutes": 210}, (20, "14:30", "R1"), []),
    ("everybody is away", {"away": {"ZJJ": {WED: "", THU: ""}}}, None, [AWAY, AWAY]),
    ("called in the morning for the same day, were there no notice", {
        "first": date(2018, 6, 15), "after": at(15, "10:10")}, (15, "10:30", "R1"), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "found", "passed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_earliest_time(wish, found, passed):
    asked = {"days": days(), "first": WED, "minutes": 60, "rooms": FREE, **wish}

    proposal = propose(Wish(**asked))

    place = proposal.starts and (at(*found[:2]), found[2])
    assert (proposal.starts, proposal.room) == (place or (None, ""))
    assert (proposal.starts is None) == (found is None)
    said = [one.why for one in proposal.passed]
    assert said[len(said) - len(passed) :] == passed
    if found is None:
        assert proposal.why_none == NONE_FREE


def test_where_no_calendar_is_published_nothing_is_guessed():
    ends = Wish(days=days(19), first=WED, minutes=60, rooms=FREE, known_to_its_end=False)
    assert propose(ends).starts is None
    assert propose(ends).why_none == NO_CALENDAR


def test_why_not_earlier_names_whom_and_from_when_to_when():
    busy = {"ZJJ": [taken(20, "09:00", "12:00")]}
    passed = propose(Wish(days=days(), first=WED, minutes=60, busy=busy, rooms=FREE)).passed[-1]
    assert (passed.who, passed.what) == ("ZJJ", "左承预会〔2018〕9号")
    assert (passed.starts, passed.until) == (at(20, "09:00"), at(20, "11:00"))


@pytest.mark.parametrize(
    ("begins", "ends", "meets"),
    [("09:00", "10:00", [BUSY, AWAY]), ("08:00", "09:00", [AWAY]), ("11:00", "12:00", [AWAY])],
)
def test_a_chosen_time_names_everybody_whom_it_meets_elsewhere(begins, ends, meets):
    busy = {"ZJJ": [taken(20, "09:00", "11:00")], "ZRJ": [taken(21, "09:00", "11:00")]}

    found = clashes(busy, {"WLJ": {WED: "培训"}}, at(20, begins), at(20, ends))

    assert sorted(one.why for one in found) == sorted(meets)
    assert {one.who for one in found} <= {"ZJJ", "WLJ"}


def test_the_proposed_time_suits_everybody_whatever_is_taken():
    """An invariant, over every span of one department and one room on the first day that can be."""
    for begins in range(9, 18):
        for lasts in (1, 2, 4):
            span = Taken(
                at(20, "09:00").replace(hour=begins),
                at(20, "09:00").replace(hour=begins) + timedelta(hours=lasts),
            )
            wish = Wish(
                days=days(), first=WED, minutes=90, busy={"ZJJ": [span]}, rooms={"R1": [span]}
            )
            found = propose(wish)
            ends = found.starts + timedelta(minutes=90)
            assert found.starts.date() >= WED
            assert not span.meets(found.starts, ends)
            assert any(a <= found.starts and ends <= b for day in wish.days for a, b in day.spans)


@pytest.mark.parametrize(
    ("begins", "minutes", "wanted"),
    [
        ("09:00", 30, ["09:00"]), ("09:00", 60, ["09:00", "09:30"]), ("09:10", 30, ["09:00", "09:30"]),
        ("09:00", 31, ["09:00", "09:30"]), ("09:29", 0, ["09:00"]),
    ],
)  # fmt: skip
def test_a_room_is_taken_by_the_half_hours_it_is_used(begins, minutes, wanted):
    assert halves(at(20, begins), minutes) == [at(20, hour) for hour in wanted]
