"""What a department's defaults come to for it: a pure function, whatever the order and whatever is withdrawn."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prereview.rules.accountability import Numbers, Occasion, followed_up, kind_of, period_of
from prereview.stages import FollowUpKind
from tests.chance import drawn

SHIPPED = Numbers(interview=1, referral=2, years=1)
TALK, REFER = FollowUpKind.INTERVIEW, FollowUpKind.REFERRAL


def occasion(department, agenda, day):
    at = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return Occasion(department, agenda, at, at.year)


@pytest.mark.parametrize(
    ("numbers", "kinds"),
    [
        (SHIPPED, [TALK, REFER, REFER, REFER]),
        (Numbers(1, 3, 1), [TALK, TALK, REFER, REFER]),
        (Numbers(2, 3, 1), ["", TALK, REFER, REFER]),
        (Numbers(1, 1, 1), [REFER, REFER, REFER, REFER]),
        (Numbers(9, 9, 1), ["", "", "", ""]),
    ],
)
def test_the_nth_occasion(numbers, kinds):
    assert [kind_of(n, numbers) for n in (1, 2, 3, 4)] == kinds


def kinds(occasions, numbers=SHIPPED):
    return {
        (one.department, one.agenda): kind for one, _nth, kind in followed_up(occasions, numbers)
    }


FIRST, SECOND, OTHER, NEXT_YEAR = (
    occasion(1, 10, "2018-03-05"), occasion(1, 20, "2018-12-31T23:59:59"), occasion(2, 10, "2018-03-05"),
    occasion(1, 30, "2019-01-01"),
)  # fmt: skip


def test_each_department_and_each_year_counts_for_itself():
    assert kinds([FIRST, SECOND, OTHER, NEXT_YEAR]) == {
        (1, 10): TALK, (1, 20): REFER, (2, 10): TALK, (1, 30): TALK,
    }  # fmt: skip


def test_a_period_of_two_years_counts_on():
    assert kinds([FIRST, SECOND, NEXT_YEAR], Numbers(1, 2, 2)) == {
        (1, 10): TALK,
        (1, 20): REFER,
        (1, 30): REFER,
    }
    assert period_of(2018, 2) == period_of(2019, 2) != period_of(2020, 2)


def test_what_is_withdrawn_takes_its_task_back_and_makes_the_next_one_milder():
    assert kinds([SECOND]) == {(1, 20): TALK}


def test_the_order_in_which_they_were_recorded_is_no_matter():
    seed = drawn("accountability")
    print(f"seed {seed}")
    dice = random.Random(seed)
    start = FIRST.effective_at
    many = [
        Occasion(dice.randrange(4), n, moment, moment.year)
        for n in range(60)
        for moment in [start + timedelta(hours=dice.randrange(24 * 700))]
    ]
    in_order = kinds(many)
    for _time in range(20):
        dice.shuffle(many)
        assert kinds(many) == in_order
