"""Due dates against the published vectors, and the properties of time; the oracle is in test_oracle.py."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from core.deadlines.calendar import (
    UNITS,
    Calendar,
    CalendarFile,
    CalendarGap,
    Mark,
    editions_from,
    receipt_day,
)

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "counties" / "zuoquan" / "calendar"
FILES = [CalendarFile(f"calendar/{p.name}", p.read_text("utf-8")) for p in FOLDER.glob("*.json")]
EDITIONS = editions_from(FILES)
CURRENT = EDITIONS[-1].calendar()
SEED = 20180615


def known_on(day):
    return [e for e in EDITIONS if e.known_from <= day][-1].calendar()


BY_NAME = {
    "current": CURRENT,
    "2019-original": known_on(date(2019, 3, 21)),
    "2020-original": known_on(date(2020, 1, 25)),
}


def vectors():
    with (ROOT / "tests" / "vectors" / "date_vectors.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row",
    vectors(),
    ids=lambda r: f"{r['start_date']}+{r['length']}{r['unit'][0]}-{r['calendar_edition']}",
)
def test_vector(row):
    calendar = BY_NAME[row["calendar_edition"]]
    start, length = date.fromisoformat(row["start_date"]), int(row["length"])
    if row["due_date"] == "gap":
        with pytest.raises(CalendarGap) as gap:
            calendar.due(start, length, row["unit"])
        assert gap.value.day.year == 2027
        return
    assert calendar.due(start, length, row["unit"]) == date.fromisoformat(row["due_date"])


def spans(count):
    print("seed", SEED)
    rng = random.Random(SEED)
    days = (CURRENT.last - CURRENT.first).days
    for _i in range(count):
        start = CURRENT.first + timedelta(days=rng.randrange(days))
        yield rng, start, rng.randrange(60), rng.choice(["working_day", "natural_day"])


def test_properties_of_adding():
    for rng, start, a, _unit in spans(2000):
        b = rng.randrange(1, 60)
        try:
            end = CURRENT.add_working(start, a + 1 + b)
        except CalendarGap:
            continue
        assert CURRENT.is_working(end)
        assert end == CURRENT.add_working(CURRENT.add_working(start, a + 1), b)
        assert CURRENT.add_working(start, a + b) < end
        assert CURRENT.working_days_between(start, end) == a + 1 + b


def test_later_start_is_never_due_earlier():
    for unit in UNITS:
        for length in (0, 1, 3, 5):
            dues = [
                CURRENT.due(date(2018, 1, 1) + timedelta(days=i), length, unit) for i in range(365)
            ]
            assert dues == sorted(dues)


def test_counting_back_undoes_counting_forward():
    for rng, _start, length, _unit in spans(500):
        event = date(2019, 6, 1) + timedelta(days=rng.randrange(700))
        latest = CURRENT.back_working(event, length + 1)
        assert CURRENT.working_days_between(latest, event) == length + CURRENT.is_working(event)
    assert CURRENT.back_working(date(2018, 6, 20), 2) == date(2018, 6, 15)  # 06-18 is a holiday


def test_explanation_ends_on_the_due_date():
    most = {"month": 12, "year": 3}
    for rng, start, drawn, _unit in spans(800):
        unit = rng.choice(UNITS)
        length = min(drawn, most.get(unit, drawn))
        try:
            due = CURRENT.due(start, length, unit)
        except CalendarGap:
            with pytest.raises(CalendarGap):
                CURRENT.explain(start, length, unit)
            continue
        rows = CURRENT.explain(start, length, unit)
        assert rows[0].date == start
        assert rows[-1].date == due
        assert [r.date for r in rows] == [start + timedelta(days=i) for i in range(len(rows))]
        numbers = [r.number for r in rows if r.number is not None]
        assert numbers == list(range(1, len(numbers) + 1))
        if unit in ("working_day", "natural_day"):
            assert len(numbers) == length


def test_explanation_says_why_each_day_counts_or_not():
    rows = CURRENT.explain(date(2018, 4, 27), 3, "working_day")
    assert [(r.date.isoformat(), r.mark, r.number, r.name) for r in rows] == [
        ("2018-04-27", "start", None, ""),
        ("2018-04-28", "makeup", 1, "劳动节"),
        ("2018-04-29", "holiday", None, "劳动节"),
        ("2018-04-30", "holiday", None, "劳动节"),
        ("2018-05-01", "holiday", None, "劳动节"),
        ("2018-05-02", "counted", 2, ""),
        ("2018-05-03", "counted", 3, ""),
    ]
    rows = CURRENT.explain(date(2018, 5, 5), 7, "natural_day")
    assert [(r.mark, r.number) for r in rows[-3:]] == [
        ("counted", 7),
        ("weekend", None),
        ("rolled", None),
    ]


def test_notice_that_changes_the_calendar_during_a_running_limit():
    """Filed 2020-01-20 with 5 working days: the notice of 26 January moves the end by three days."""
    before, after = known_on(date(2020, 1, 20)), known_on(date(2020, 1, 26))
    filed = date(2020, 1, 20)
    assert before.due(filed, 5, "working_day") == date(2020, 2, 1)
    assert after.due(filed, 5, "working_day") == date(2020, 2, 4)
    assert Calendar(date(2020, 1, 1), date(2020, 12, 31), {}).add_working(filed, 5) == date(
        2020, 1, 27
    )


def test_every_day_has_its_kind():
    assert CURRENT.day(date(2018, 6, 18)).kind == "holiday"
    assert CURRENT.day(date(2018, 6, 18)).notice == "国办发明电〔2017〕12号"
    assert CURRENT.day(date(2018, 4, 28)).kind == "makeup"
    assert CURRENT.day(date(2018, 6, 18)).name == "端午节"
    assert CURRENT.day(date(2018, 6, 20)).kind == "work"
    assert CURRENT.day(date(2018, 6, 23)).kind == "weekend"


def test_receipt_on_a_day_off_counts_from_the_next_working_day():
    assert receipt_day(CURRENT, date(2018, 6, 16)) == date(2018, 6, 19)
    assert receipt_day(CURRENT, date(2018, 4, 28)) == date(2018, 4, 28)


def test_zero_length_is_the_same_working_day():
    assert CURRENT.due(date(2018, 6, 15), 0, "working_day") == date(2018, 6, 15)
    assert CURRENT.due(date(2018, 6, 16), 0, "working_day") == date(2018, 6, 19)
    assert [r.mark for r in CURRENT.explain(date(2018, 6, 15), 0, "working_day")] == ["start"]


def test_months_end_on_the_corresponding_day_or_the_month_end():
    assert CURRENT.due(date(2018, 1, 31), 1, "month") == date(2018, 2, 28)
    assert CURRENT.due(date(2020, 2, 29), 1, "year") == date(2021, 3, 1)  # 02-28 is a Sunday
    assert CURRENT.due(date(2018, 11, 15), 3, "month") == date(2019, 2, 15)


@pytest.mark.parametrize("unit", UNITS)
def test_negative_lengths_are_refused(unit):
    with pytest.raises(ValueError, match="negative"):
        CURRENT.due(date(2018, 6, 15), -1, unit)


def test_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        CURRENT.due(date(2018, 6, 15), 1, "day")


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2027, 1, 1)])
def test_outside_the_calendar_nothing_is_guessed(day):
    for ask in (
        CURRENT.is_working,
        CURRENT.day,
        CURRENT.next_working,
        lambda d: CURRENT.back_working(d, 1),
        lambda d: CURRENT.due(d, 0, "natural_day"),
        lambda d: CURRENT.working_days_between(d, d),
    ):
        with pytest.raises(CalendarGap) as gap:
            ask(day)
        assert gap.value.day == day
    assert "2027" in str(CalendarGap(date(2027, 1, 1)))


def test_a_mark_outside_its_calendar_is_refused():
    with pytest.raises(ValueError, match="outside"):
        Calendar(date(2018, 1, 1), date(2018, 12, 31), {date(2019, 1, 1): Mark("off", "元旦", "x")})


def test_every_day_is_what_a_holiday_library_says_it_is():
    """A second reading of the same notices, by other people."""
    days = [
        date.fromordinal(o) for o in range(CURRENT.first.toordinal(), CURRENT.last.toordinal() + 1)
    ]

    differ = [d for d in days if CURRENT.is_working(d) != chinese_calendar.is_workday(d)]

    assert differ == []
