"""How long a mark is shown, and which ground bears which measure: two tables."""

from datetime import date

import pytest

from approvals.stages import Stage
from inspection.rules.credit import Bounds, add_months, bounds_of, repairable_from, shown_until
from inspection.rules.measures import GROUNDS, STAGES, at_once, bears, meets
from inspection.stages import Ground, MeasureKind, Severity

ROWS = {
    "30a": (3, "month"),
    "30b1": (3, "month"),
    "30b2": (1, "year"),
    "30c1": (1, "year"),
    "30c2": (3, "year"),
}
BOUNDS = {
    Severity.MINOR: Bounds(0, 3),
    Severity.GENERAL: Bounds(3, 12),
    Severity.SERIOUS: Bounds(12, 36),
}


@pytest.mark.parametrize("severity", Severity)
def test_the_bounds_come_from_the_rulebook_in_months(severity):
    assert bounds_of(severity, ROWS.__getitem__) == BOUNDS[severity]


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 4, 1), 3, date(2026, 7, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),  # no corresponding day: the month's last
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 6, 15), 36, date(2029, 6, 15)),
        (date(2026, 6, 15), 0, date(2026, 6, 15)),
    ],
)
def test_months_end_on_the_corresponding_day(day, months, until):
    assert add_months(day, months) == until


@pytest.mark.parametrize(
    ("severity", "months"),
    [
        (Severity.MINOR, 4), (Severity.GENERAL, 2), (Severity.GENERAL, 0), (Severity.GENERAL, 13),
        (Severity.SERIOUS, 11), (Severity.SERIOUS, 37), (Severity.SERIOUS, 0), (Severity.MINOR, -1),
    ],
)  # fmt: skip
def test_a_time_outside_its_bounds_is_refused(severity, months):
    with pytest.raises(ValueError, match=str(months)):
        shown_until(date(2026, 5, 1), months, BOUNDS[severity])


@pytest.mark.parametrize(
    ("severity", "months", "until"),
    [
        (Severity.MINOR, 0, None),
        (Severity.MINOR, 3, date(2026, 8, 1)),
        (Severity.GENERAL, 3, date(2026, 8, 1)),
        (Severity.GENERAL, 12, date(2027, 5, 1)),
        (Severity.SERIOUS, 12, date(2027, 5, 1)),
        (Severity.SERIOUS, 36, date(2029, 5, 1)),
    ],
)
def test_a_mark_is_shown_until(severity, months, until):
    assert shown_until(date(2026, 5, 1), months, BOUNDS[severity]) == until


def test_a_repair_waits_for_the_least_time():
    assert repairable_from(date(2026, 5, 1), BOUNDS[Severity.MINOR]) == date(2026, 5, 1)
    assert repairable_from(date(2026, 5, 1), BOUNDS[Severity.SERIOUS]) == date(2027, 5, 1)


ALLOWED = {
    (MeasureKind.STOP, Ground.NOT_MENDED), (MeasureKind.STOP, Ground.DANGER),
    (MeasureKind.EXIT, Ground.WISH), (MeasureKind.EXIT, Ground.NOT_MENDED),
    (MeasureKind.EXIT, Ground.CHANGED),
    (MeasureKind.REVOKE, Ground.DECEIT), (MeasureKind.REVOKE, Ground.OFFICIAL_FAULT),
    (MeasureKind.CREDIT, Ground.NOT_MENDED), (MeasureKind.CREDIT, Ground.DECEIT),
}  # fmt: skip


@pytest.mark.parametrize("kind", MeasureKind)
@pytest.mark.parametrize("ground", Ground)
def test_a_ground_bears_what_the_table_says_and_nothing_else(kind, ground):
    assert bears(kind, ground) == ((kind, ground) in ALLOWED)
    assert at_once(kind, ground) == ((kind, ground) == (MeasureKind.STOP, Ground.DANGER))


def test_every_ground_bears_something_and_every_kind_has_its_stages():
    assert {ground for grounds in GROUNDS.values() for ground in grounds} == set(Ground)
    assert set(STAGES) == set(GROUNDS) == set(MeasureKind)


@pytest.mark.parametrize(
    ("kind", "stage", "met"),
    [
        (MeasureKind.EXIT, Stage.COMMITTED, False),
        (MeasureKind.EXIT, Stage.NOTICED, True),
        (MeasureKind.EXIT, Stage.COMPLETED, False),
        (MeasureKind.REVOKE, Stage.NOTICED, False),
        (MeasureKind.REVOKE, Stage.CLEARED, True),
        (MeasureKind.REVOKE, Stage.COMPLETED, True),
        (MeasureKind.STOP, Stage.CLEARED, False),
        (MeasureKind.STOP, Stage.BUILDING, True),
        (MeasureKind.CREDIT, Stage.REVOKED, True),
        (MeasureKind.CREDIT, Stage.WITHDRAWN, False),
    ],
)
def test_a_case_is_met_from_its_stage_on(kind, stage, met):
    assert meets(kind, stage) == met
