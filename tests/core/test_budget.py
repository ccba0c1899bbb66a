"""A budget of days that is stopped: to the day, which days count, what is left, and when it ends.

June 2018: the 16th and 17th a weekend, Monday the 18th 端午. The rule is told in core/deadlines/calendar/budget.py.
"""

import random
from datetime import date, timedelta

import pytest

from core.deadlines.calendar import Stop, course, merged
from tests.core.test_calendar import CURRENT

WORKING, NATURAL = "working_day", "natural_day"


def day(text):
    return date(2018, *map(int, text.split("-")))


def stops(*spans):
    return [Stop(day(a), day(b) if b else None, "专家评审") for a, b in spans]


# start, budget, unit, stops → last day, and the days that count.
TABLE = {
    "nothing stops it": ("6-4", 3, WORKING, [], "6-7", "6-5 6-6 6-7"),
    "the day of opening still counts, the day of resuming does not": (
        "6-4", 3, WORKING, [("6-5", "6-7")], "6-11", "6-5 6-8 6-11"
    ),
    "opened and ended on one day changes nothing": (
        "6-4", 3, WORKING, [("6-5", "6-5")], "6-7", "6-5 6-6 6-7"
    ),
    "opened on the day it began": ("6-4", 3, WORKING, [("6-4", "6-6")], "6-11", "6-7 6-8 6-11"),
    "opened on the last day: nothing is left, and the rest of that day is not lost": (
        "6-4", 3, WORKING, [("6-7", "6-12")], "6-13", "6-5 6-6 6-7"
    ),
    "opened and ended on the last day": ("6-4", 3, WORKING, [("6-7", "6-7")], "6-7", "6-5 6-6 6-7"),
    "ended on a Friday: counting goes on on Monday": (
        "6-4", 3, WORKING, [("6-5", "6-8")], "6-12", "6-5 6-11 6-12"
    ),
    "opened and ended on days off": ("6-14", 2, WORKING, [("6-16", "6-18")], "6-19", "6-15 6-19"),
    "overlapping": (
        "6-4", 3, WORKING, [("6-5", "6-8"), ("6-6", "6-12")], "6-14", "6-5 6-13 6-14"
    ),
    "one inside the other": (
        "6-4", 3, WORKING, [("6-5", "6-12"), ("6-6", "6-8")], "6-14", "6-5 6-13 6-14"
    ),
    "one after the other, on the same day": (
        "6-4", 3, WORKING, [("6-5", "6-7"), ("6-7", "6-12")], "6-14", "6-5 6-13 6-14"
    ),
    "with a day between": (
        "6-4", 3, WORKING, [("6-5", "6-6"), ("6-7", "6-8")], "6-11", "6-5 6-7 6-11"
    ),
    "natural days": ("6-4", 5, NATURAL, [("6-5", "6-7")], "6-11", "6-5 6-8 6-9 6-10 6-11"),
    "natural days, the last on a day off rolls": (
        "6-4", 4, NATURAL, [("6-5", "6-7")], "6-11", "6-5 6-8 6-9 6-10"
    ),
    "rolled onto a day on which the clock stands, it rolls on": (
        "6-4", 5, NATURAL, [("6-10", "6-12")], "6-13", "6-5 6-6 6-7 6-8 6-9"
    ),
    "a make-up day counts after a stop": (
        "2-8", 2, WORKING, [("2-9", "2-10")], "2-11", "2-9 2-11"
    ),
    "what comes after the end stops nothing": (
        "6-4", 3, WORKING, [("6-11", "6-20")], "6-7", "6-5 6-6 6-7"
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "budget", "unit", "spans", "due", "counted"), TABLE.values(), ids=TABLE
)
def test_to_the_day(start, budget, unit, spans, due, counted):
    found = course(CURRENT, day(start), budget, unit, stops(*spans))

    assert [row.date for row in found.rows if row.number] == [day(d) for d in counted.split()]
    assert [row.number for row in found.rows if row.number] == [*range(1, budget + 1)]
    assert (found.due, found.used, found.rest) == (day(due), budget, 0)
    assert found.rows[-1].date == found.due


def test_while_the_clock_stands_there_is_no_date_and_the_rest_is_known():
    found = course(CURRENT, day("6-4"), 5, WORKING, stops(("6-6", None)), until=day("6-8"))

    assert (found.due, found.used, found.rest) == (None, 2, 3)
    assert [(row.date.day, row.mark, row.name) for row in found.rows[1:]] == [
        (5, "counted", ""), (6, "counted", ""), (7, "suspended", "专家评审"), (8, "suspended", "专家评审"),
    ]  # fmt: skip


def test_on_the_day_it_is_opened_the_next_day_is_shown_as_the_first_that_does_not_count():
    rows = course(CURRENT, day("6-4"), 5, WORKING, stops(("6-6", None)), until=day("6-6")).rows

    assert [(row.date.day, row.mark) for row in rows[2:]] == [(6, "counted"), (7, "suspended")]


def test_two_reasons_on_one_day_are_both_named():
    both = [*stops(("6-5", "6-7")), Stop(day("6-5"), day("6-6"), "听证")]
    rows = {row.date.day: row.name for row in course(CURRENT, day("6-4"), 3, WORKING, both).rows}

    assert (rows[6], rows[7]) == ("专家评审、听证", "专家评审")


def test_where_the_calendar_ends_there_is_no_date():
    found = course(
        CURRENT, date(2026, 12, 25), 3, WORKING, [Stop(date(2026, 12, 28), date(2026, 12, 31))]
    )

    assert (found.due, found.missing) == (None, date(2027, 1, 1))
    assert (found.used, found.rest) == (1, 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: course(CURRENT, day("6-4"), -1, WORKING), "negative"),
        (lambda: course(CURRENT, day("6-4"), 1, "week"), "unknown unit"),
        (lambda: Stop(day("6-5"), day("6-4")), "before it starts"),
    ],
)
def test_what_is_no_budget_and_no_stop_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


# — for whatever history ————————————————————————————————————————————————————————

FIRST = date(2017, 3, 1)


def history(chance):
    """A start, a budget, a unit, and some suspensions that overlap as they like."""
    begun = FIRST + timedelta(days=chance.randrange(2900))
    spans = []
    for _n in range(chance.randrange(5)):
        since = begun + timedelta(days=chance.randrange(60))
        spans.append(Stop(since, since + timedelta(days=chance.choice([0, 0, 1, 2, 5, 9, 30]))))
    return begun, chance.randrange(31), chance.choice([WORKING, NATURAL]), spans


def slowly(begun, budget, unit, spans):
    """The rule said once more in another way: sets of days, no walk that stops."""
    away = {
        s.since + timedelta(days=n) for s in spans for n in range(1, (s.until - s.since).days + 1)
    }
    touched = away | {s.since for s in spans if s.until > s.since}
    ahead = [begun + timedelta(days=n) for n in range(1, 330)]
    able = [d for d in ahead if d not in away and (unit == NATURAL or CURRENT.is_working(d))]
    last = able[budget - 1] if budget else begun
    ends = [d for d in [begun, *ahead] if d >= last and d not in touched and CURRENT.is_working(d)]
    return ends[0], able[:budget]


@pytest.mark.parametrize("seed", range(20))
def test_no_day_is_lost_or_gained_and_the_order_is_nothing(seed):
    chance = random.Random(seed)
    for _n in range(50):
        begun, budget, unit, spans = history(chance)
        said = f"seed {seed}: {begun} {budget} {unit} {spans}"
        found = course(CURRENT, begun, budget, unit, spans)
        due, counted = slowly(begun, budget, unit, spans)

        assert (found.due, [r.date for r in found.rows if r.number]) == (due, counted), said
        chance.shuffle(spans)
        joined = [Stop(a, b) for a, b in merged(spans)]
        for other in (spans, spans + spans, joined):
            again = course(CURRENT, begun, budget, unit, other)
            assert (again.due, again.used) == (found.due, budget), said


@pytest.mark.parametrize("seed", range(10))
def test_stopped_at_any_moment_what_is_used_and_what_is_left_are_the_budget(seed):
    chance = random.Random(1000 + seed)
    for _n in range(50):
        begun, budget, unit, spans = history(chance)
        whole = course(CURRENT, begun, budget, unit, spans)
        if whole.due == begun:
            continue
        cut = begun + timedelta(days=chance.randrange((whole.due - begun).days + 1))
        before = [s for s in spans if s.since <= cut]
        stood = course(CURRENT, begun, budget, unit, [*before, Stop(cut, None)])
        said = f"seed {seed}: {begun} {budget} {unit} {before} stopped on {cut}"

        assert stood.due is None, said
        assert stood.used + stood.rest == budget, said
        assert stood.used == sum(1 for r in whole.rows if r.number and r.date <= cut), said
        on = cut + timedelta(days=chance.randrange(40))
        later = course(CURRENT, begun, budget, unit, [*before, Stop(cut, on)])
        after = [r for r in later.rows if r.number and r.date > on]
        if all(s.until <= on for s in before):
            assert len(after) == (stood.rest if on > cut else budget - stood.used), said
