"""When a period ends, as people ask it: the day, the gap, the receipt on a day off, and what is no period."""

from datetime import date

import pytest

from core.deadlines.calendar import reckon, unit_of
from tests.core.test_calendar import BY_NAME, CURRENT, vectors


@pytest.mark.parametrize(
    "row",
    vectors(),
    ids=lambda r: f"{r['start_date']}+{r['length']}{r['unit'][0]}-{r['calendar_edition']}",
)
def test_every_vector(row):
    found = reckon(
        BY_NAME[row["calendar_edition"]],
        date.fromisoformat(row["start_date"]),
        int(row["length"]),
        row["unit"],
    )
    if row["due_date"] == "gap":
        assert (found.due, found.rows) == (None, ())
        assert found.missing.year == 2027
    else:
        assert found.due == found.rows[-1].date == date.fromisoformat(row["due_date"])
        assert found.missing is None


@pytest.mark.parametrize(
    ("start", "first", "due"),
    [
        ("2018-06-15", "2018-06-15", "2018-06-25"),
        (
            "2018-06-16",
            "2018-06-19",
            "2018-06-26",
        ),  # a Saturday before the festival: received on Tuesday
        ("2018-02-11", "2018-02-11", "2018-02-23"),  # a make-up Sunday is worked
    ],
)
def test_a_receipt_on_a_day_off_counts_from_the_next_working_day(start, first, due):
    found = reckon(CURRENT, date.fromisoformat(start), 5, "working_day", received=True)

    assert (found.first.isoformat(), found.due.isoformat()) == (first, due)
    assert found.rows[0].date == found.first


def test_a_receipt_that_no_calendar_covers_has_no_first_day():
    found = reckon(CURRENT, date(2027, 1, 3), 5, "working_day", received=True)

    assert (found.first, found.due, found.missing) == (None, None, date(2027, 1, 3))


@pytest.mark.parametrize("length", [-1, 3651])
def test_a_length_out_of_bounds_is_refused(length):
    with pytest.raises(ValueError, match="0至3650"):
        reckon(CURRENT, date(2018, 6, 15), length, "working_day")


def test_the_longest_period_of_each_unit_has_an_answer():
    for unit in ("working_day", "natural_day", "month", "year"):
        assert reckon(CURRENT, date(2026, 12, 31), 3650, unit).missing.year >= 2027


@pytest.mark.parametrize(
    ("said", "unit"),
    [("工作日", "working_day"), (" 自然日 ", "natural_day"), ("个月", "month"), ("年", "year")],
)
def test_units_in_words(said, unit):
    assert unit_of(said) == unit


def test_an_unknown_unit_names_the_known_ones():
    with pytest.raises(ValueError, match=r"weeks.*working_day"):
        unit_of("weeks")
