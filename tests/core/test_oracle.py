"""The calendar against a second one, slow and independent, over random spans of ten years."""

import random
from datetime import date, datetime, timedelta

import pytest

from approvals.models import StageLimit
from core.deadlines.calendar import CalendarGap, receipt_day, reckon
from core.deadlines.rules import RULES
from core.deadlines.services.limits import reckon as reckon_limit
from tests.core.oracle import COUNTY, DAY, Unknown, close_of, day_of, known
from tests.core.test_calendar import CURRENT, EDITIONS

SEED = 20180615
ORACLE = known()
FIRST, LAST = date(2017, 1, 1), date(2026, 12, 31)
UNITS = ("working_day", "natural_day")
SAMPLE, ALL = 4_000, 100_000
LONG = pytest.mark.parametrize("count", [SAMPLE, pytest.param(ALL, marks=pytest.mark.hunt)])


def spans(count, last=LAST):
    """Start, length and unit, by chance; the years' ends often, for there the notices change."""
    print("seed", SEED)
    rng = random.Random(SEED)
    for _span in range(count):
        start = FIRST + timedelta(days=rng.randrange((last - FIRST).days + 1))
        if rng.random() < 0.2:
            start = date(start.year, 12, rng.randrange(10, 32))
        yield (
            start,
            rng.choice((0, 1, 2, 3, 5, rng.randrange(30), rng.randrange(200))),
            rng.choice(UNITS),
        )


def or_gap(ask, *args):
    try:
        return ask(*args)
    except (CalendarGap, Unknown):
        return "gap"


@LONG
def test_the_oracle_agrees_on_every_due_day(count):
    found = {"gap": 0, "rolled": 0}
    for start, length, unit in spans(count):
        expected = or_gap(ORACLE.due, start, length, unit)
        assert or_gap(CURRENT.due, start, length, unit) == expected, (start, length, unit)
        found["gap"] += expected == "gap"
        if expected != "gap" and unit == "natural_day":
            found["rolled"] += expected > start + timedelta(days=length)
    print(found)
    assert 0 < found["gap"] < count / 5
    assert found["rolled"] > count / 20


@LONG
def test_the_oracle_agrees_on_a_receipt_and_on_what_is_left(count):
    for start, length, unit in spans(count // 4):
        receipt = or_gap(ORACLE.received, start)
        assert or_gap(receipt_day, CURRENT, start) == receipt
        answer = reckon(CURRENT, start, length, unit, received=True)
        expected = "gap" if receipt == "gap" else or_gap(ORACLE.due, receipt, length, unit)
        assert (answer.due or "gap") == expected, (start, length, unit)
        if expected == "gap":
            assert answer.missing.year == 2027
            continue
        worked = [row.date for row in answer.rows[1:] if ORACLE.worked(row.date)]
        assert CURRENT.working_days_between(receipt, expected) == len(worked)
        assert [row.date for row in answer.rows] == [
            receipt + n * DAY for n in range((expected - receipt).days + 1)
        ]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: str(edition.known_from))
def test_the_oracle_agrees_on_what_was_known_at_each_notice(edition):
    """Each edition against what the files say was known on its day, and on the last day before the next notice."""
    ours, theirs = edition.calendar(), known(edition.known_from)
    assert theirs.years == set(range(ours.first.year, ours.last.year + 1))
    day = ours.first
    while day <= ours.last:
        assert ours.is_working(day) == theirs.worked(day), day
        day += DAY
    for start, length, unit in spans(200, ours.last):
        expected = or_gap(theirs.due, start, length, unit)
        assert or_gap(ours.due, start, length, unit) == expected, (start, length, unit)


@LONG
def test_the_oracle_agrees_on_the_due_instant_of_a_limit(count):
    """From any instant of any day, midnights more often than chance would have it."""
    rng = random.Random(SEED)
    for start, length, unit in spans(count // 4):
        begun = datetime(start.year, start.month, start.day, tzinfo=COUNTY)
        begun += rng.choice(
            (timedelta(), timedelta(microseconds=1), timedelta(seconds=rng.randrange(86_400)))
        )
        rule = rng.choice(list(RULES.values()))
        limit = StageLimit(rule=rule.code, started_at=begun, length=length, unit=unit)
        expected = or_gap(expected_end, day_of(begun), length, unit, rule.received)
        reckon_limit(limit, CURRENT, timedelta(seconds=120))
        assert (limit.due_at or "gap") == expected, (begun, length, unit, rule.code)
        assert limit.provisional == (expected == "gap")


def expected_end(day, length, unit, received):
    if received:
        day = ORACLE.received(day)
    return close_of(ORACLE.due(day, length, unit))


@pytest.mark.parametrize(
    "wrong", ["a make-up day is off", "the start counts", "no rolling", "a holiday is worked"]
)
def test_an_oracle_that_is_wrong_is_found(wrong):
    """What this file proves it proves with eyes open: each wrong calendar differs within the sample."""

    def due(start, length, unit):
        if wrong == "the start counts" and length:
            return ORACLE.due(start, length - 1, unit)
        if wrong == "no rolling" and unit == "natural_day":
            return start + timedelta(days=length)
        if wrong == "a make-up day is off":
            return blind("work").due(start, length, unit)
        return (
            blind("off").due(start, length, unit)
            if wrong == "a holiday is worked"
            else ORACLE.due(start, length, unit)
        )

    def blind(kind):
        return type(ORACLE)(
            ORACLE.years, {day: said for day, said in ORACLE.said.items() if said != kind}
        )

    assert any(or_gap(due, *span) != or_gap(CURRENT.due, *span) for span in spans(SAMPLE))
