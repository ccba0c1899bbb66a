"""The calendar as it was known on a day, and faults in the calendar files."""

import json
from datetime import date
from pathlib import Path

import pytest

from core.deadlines.calendar import CalendarError, CalendarFile, editions_from

FOLDER = Path(__file__).parents[2] / "counties" / "zuoquan" / "calendar"
FILES = [CalendarFile(f"calendar/{p.name}", p.read_text("utf-8")) for p in FOLDER.glob("*.json")]
EDITIONS = editions_from(FILES)


def known_on(day):
    return [e for e in EDITIONS if e.known_from <= day][-1].calendar()


def test_editions_are_complete_and_know_where_they_end():
    assert [e.number for e in EDITIONS] == list(range(1, 13))
    assert EDITIONS[0].known_from == date(2016, 12, 1)
    assert {e.first for e in EDITIONS} == {date(2017, 1, 1)}
    assert [e.last.year for e in EDITIONS] == [
        *(2017, 2018, 2019, 2019, 2020, 2020, 2021, 2022, 2023, 2024, 2025, 2026)
    ]
    early, late = known_on(date(2018, 12, 3)), known_on(date(2018, 12, 4))
    assert not early.covers(date(2019, 1, 1))
    assert not early.is_working(
        date(2018, 12, 29)
    )  # the notice for 2019 makes this Saturday worked
    assert late.is_working(date(2018, 12, 29))


def test_current_edition_is_the_sum_of_the_current_files():
    marks = {}
    for path in FOLDER.glob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        if data["edition"] == "current":
            marks |= {date.fromisoformat(d["date"]): d["kind"] for d in data["days"]}
    assert {day: mark.kind for day, mark in EDITIONS[-1].marks.items()} == marks


def changed(name, old, new, count=1):
    return [
        CalendarFile(f.name, f.text.replace(old, new, count)) if f.name.endswith(name) else f
        for f in FILES
    ]


DUPLICATE = (
    '{"date": "2018-01-01", "name_zh": "元旦", "kind": "off", "notice": "国办发明电〔2017〕12号"},'
)


@pytest.mark.parametrize(
    ("files", "file", "place"),
    [
        ([f for f in FILES if "2021" not in f.name], "calendar/2021.json", "-"),
        (
            changed("2018.json", '"days": [', f'"days": [{DUPLICATE}'),
            "calendar/2018.json",
            "days[1].date",
        ),
        (
            changed("2018.json", '"kind": "off"', '"kind": "half"'),
            "calendar/2018.json",
            "days[0].kind",
        ),
        (
            changed("2018.json", '"2018-01-01"', '"2018-02-30"'),
            "calendar/2018.json",
            "days[0].date",
        ),
        (
            changed("2018.json", '"2018-01-01"', '"2017-01-01"'),
            "calendar/2018.json",
            "days[0].date",
        ),
        (changed("2018.json", '"year": 2018', '"year": "x"'), "calendar/2018.json", "year"),
        (changed("2018.json", '"status"', '"state"'), "calendar/2018.json", "status"),
        (changed("2018.json", "{", "["), "calendar/2018.json", "9"),
        (
            changed("2019-original.json", "superseded", "old"),
            "calendar/2019-original.json",
            "status",
        ),
    ],
    ids=["year", "twice", "kind", "date", "other-year", "year-word", "key", "json", "status"],
)
def test_a_fault_in_a_file_is_named(files, file, place):
    with pytest.raises(CalendarError) as error:
        editions_from(files)
    assert (file, place) in [(f.file, f.place) for f in error.value.faults], str(error.value)
