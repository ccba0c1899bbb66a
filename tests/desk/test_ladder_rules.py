"""When a reminder falls due and how far a delay goes: tables over the calendar of 2018."""

from datetime import date

import pytest

from core.deadlines.queries import calendar_at
from core.deadlines.rules import RULES
from desk.rules.ladder import (
    BEFORE,
    HALF,
    LADDER,
    WAITS_ON,
    Steps,
    reminder_days,
    reminder_on,
    rungs_by,
    steps_from,
)
from desk.stages import Rung
from tests.desk.conftest import SHIPPED_STEPS

pytestmark = pytest.mark.django_db


def day(text):
    month, _dash, of = text.partition("-")
    return date(2018, int(month), int(of))


@pytest.mark.parametrize(
    ("began", "last", "days"),
    [
        # Eleven: 24 September and 1 to 7 October are off, the weekend of 29 and 30 September is worked.
        ("9-20", "10-11", {"9-29": "half", "10-10": "1", "10-11": "0"}),
        # Three: half of them (rounded up) is the day before the last, and the nearer one stands.
        ("9-17", "9-20", {"9-19": "1", "9-20": "0"}),
        ("9-17", "9-19", {"9-18": "1", "9-19": "0"}),
        # One: only the last day; none: the day it began, on which it was told.
        ("9-17", "9-18", {"9-18": "0"}),
        ("9-17", "9-17", {}),
        # Begun on a Saturday: the first working day after it is no less the last one.
        ("9-15", "9-17", {"9-17": "0"}),
        # The day before the last one is before the holiday.
        ("9-28", "10-8", {"9-30": "1", "10-8": "0"}),
    ],
)
def test_the_days_of_the_reminders(at, began, last, days):
    calendar = calendar_at(at("2018-06-15 09:00"))
    found = reminder_days(calendar, day(began), day(last), SHIPPED_STEPS)

    assert found == {day(text): name for text, name in days.items()}
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("today", "name"),
    [("9-28", ""), ("9-29", "half"), ("10-9", "half"), ("10-10", "1"), ("10-11", "0"), ("10-20", "0")],
)  # fmt: skip
def test_a_reminder_that_was_missed_is_overtaken_by_the_next(at, today, name):
    calendar = calendar_at(at("2018-06-15 09:00"))
    days = reminder_days(calendar, day("9-20"), day("10-11"), SHIPPED_STEPS)

    assert reminder_on(days, day(today)) == name


@pytest.mark.parametrize(
    ("late", "rungs"),
    [
        (0, []),
        (1, [Rung.RESPONSIBLE]),
        (2, [Rung.RESPONSIBLE, Rung.HEAD]),
        (4, [Rung.RESPONSIBLE, Rung.HEAD, Rung.LEAD]),
        (5, list(Rung)),
        (90, list(Rung)),
    ],
)
def test_how_far_a_delay_has_gone(late, rungs):
    assert rungs_by(SHIPPED_STEPS, late) == rungs


def test_a_row_that_a_county_leaves_out_is_a_step_it_does_not_take():
    numbers = {BEFORE[1]: 0, "P61d": 10}

    assert steps_from(numbers.get) == Steps(None, (0,), ((Rung.LEADERSHIP, 10),))
    assert steps_from({}.get) == Steps(None, (), ())
    assert {HALF, *BEFORE, *LADDER} == {"P60a", "P60b", "P60c", "P61a", "P61b", "P61c", "P61d"}


def test_every_limit_waits_on_somebody_who_can_act():
    """A new rule is a line in desk/rules/ladder.py: who is reminded of it."""
    assert set(WAITS_ON) == set(RULES)
