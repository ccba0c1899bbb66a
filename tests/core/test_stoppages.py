"""A limit whose clock is stopped has no date and is not swept, goes on with exactly the rest, and is lengthened once.

Twenty working days from Monday 4 June 2018 end on 3 July: the 16th and 17th are a weekend, the 18th is 端午.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from approvals.models import StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from core.deadlines.counting import interruptions, load_interruptions
from core.deadlines.models import CalendarEdition, Suspension
from core.deadlines.queries import explain, left_in_words, light
from core.deadlines.rules import StopKind
from core.deadlines.services import end, go_on, lengthen, reproject, stand_still, start, sweep
from core.steps.limits import card

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
PAPER = {
    "reason": "评审",
    "basis": "行政许可法 45",
    "certainty": "A",
    "paper_number": "评审委托书1号",
}


@pytest.fixture
def filing(people, at):
    return open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))


@pytest.fixture
def limit(filing, at):
    return start(
        StageLimit(filing=filing, book=filing.book),
        limits.GATE,
        at=at("2018-06-04 10:00"),
        length=20,
    )


@pytest.fixture
def stop(people):
    def stopped(limit, since, kind=StopKind.EXPERT_REVIEW):
        return stand_still(
            limit, since=since, kind=kind, expected_days=5, by=people.convenor, **PAPER
        )

    return stopped


def now(limit):
    return StageLimit.objects.get(pk=limit.pk)


def last(limit):
    return timezone.localtime(now(limit).due_at - MICROSECOND).strftime("%m-%d")


def test_twenty_days_without_a_stop(limit):
    assert last(limit) == "07-03"


def test_while_its_clock_stands_it_has_no_date_and_is_never_swept(limit, stop, at):
    stop(limit, at("2018-06-06 15:00"))

    stood = now(limit)
    assert (stood.suspended, stood.due_at, stood.act_at, stood.provisional) == (
        True,
        None,
        None,
        False,
    )
    assert not stood.late(at("2019-01-01 09:00"))
    assert sweep(at("2018-12-01 09:00")) == 0
    assert now(limit).escalated_at is None
    assert light(stood, at("2018-06-07 09:00")) == "grey"
    assert left_in_words(stood, at("2018-06-07 09:00")) == "期限中止"  # a list has not read why
    load_interruptions([stood])
    assert "2018-06-06" in left_in_words(stood, at("2018-06-07 09:00"))


def test_a_new_calendar_leaves_it_alone_until_it_goes_on(limit, stop, at):
    stop(limit, at("2018-06-06 15:00"))
    CalendarEdition.objects.create(
        number=99, known_from=at("2018-06-07 08:00").date(), first_day=at("2017-01-01 00:00").date(),
        last_day=at("2018-12-31 00:00").date(), digest="z" * 64,
    )  # fmt: skip

    assert reproject(at("2018-06-08 09:00")) == 0
    assert now(limit).due_at is None


def test_it_shows_its_days_while_it_stands_and_after(limit, stop, people, at):
    stopped = stop(limit, at("2018-06-06 15:00"))
    shown = card(now(limit), at("2018-06-08 09:00"))

    assert [row.mark for row in shown["rows"]] == [
        "start",
        "counted",
        "counted",
        "suspended",
        "suspended",
    ]
    assert all("专家评审" in row.name and people.convenor.organisation.label in row.name
               for row in shown["rows"] if row.mark == "suspended")  # fmt: skip
    go_on(now(limit), stopped, until=at("2018-06-13 09:00"))
    rows = explain(now(limit))
    assert [row.date.day for row in rows if row.mark == "suspended"] == [7, 8, 9, 10, 11, 12, 13]
    assert [row.number for row in rows if row.number] == [*range(1, 21)]


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("2018-06-06 15:00", "2018-06-13 09:00", "07-10"),  # the 7th to the 13th: five working days
        ("2018-06-06 00:00", "2018-06-13 00:00", "07-10"),  # midnight is 24:00 of the day before
        ("2018-06-06 00:00:00.000001", "2018-06-13 00:00:00.000001", "07-10"),
        ("2018-06-06 09:00", "2018-06-06 18:00", "07-03"),  # on the same day: nothing changes
        ("2018-06-15 09:00", "2018-06-18 18:00", "07-03"),  # only days off lie between
        ("2018-07-03 23:59:59.999999", "2018-07-10 09:00", "07-11"),  # the last day, whole again
    ],
)
def test_it_goes_on_with_exactly_the_rest(limit, stop, at, since, until, due):
    go_on(limit, stop(limit, at(since)), until=at(until))

    assert last(limit) == due
    assert not now(limit).suspended
    assert now(limit).act_at > now(limit).due_at


def test_it_goes_on_when_the_last_reason_has_ended(limit, stop, at):
    first = stop(limit, at("2018-06-05 09:00"))
    second = stop(limit, at("2018-06-06 09:00"), StopKind.FORCE_MAJEURE)
    go_on(limit, first, until=at("2018-06-07 09:00"))
    assert now(limit).suspended

    go_on(limit, second, until=at("2018-06-12 09:00"))
    assert last(limit) == "07-10"


def test_the_sweep_finds_it_at_its_new_end_and_not_at_the_old_one(limit, stop, at):
    go_on(limit, stop(limit, at("2018-06-06 15:00")), until=at("2018-06-13 09:00"))

    sweep(at("2018-07-04 09:00"))
    assert now(limit).escalated_at is None
    sweep(at("2018-07-11 09:00"))
    assert now(limit).escalated_at == now(limit).due_at


def test_the_same_reason_stops_it_once(limit, stop, at):
    stop(limit, at("2018-06-06 15:00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        stop(limit, at("2018-06-06 15:00"))


def test_the_database_refuses_a_suspension_that_ends_before_it_starts(limit, stop, at):
    stopped = stop(limit, at("2018-06-06 15:00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.filter(pk=stopped.pk).update(until=at("2018-06-06 14:59"))


def add(limit, at, by, days=10):
    return lengthen(limit, days=days, at=at, signed_by=by, **PAPER)


def test_it_is_lengthened_by_whole_days_of_its_budget(limit, people, at):
    add(limit, at("2018-07-03 18:00"), people.convenor)

    assert last(limit) == "07-17"
    assert sum(1 for row in explain(now(limit)) if row.number) == 30
    assert card(now(limit), at("2018-07-04 09:00"))["ordinal"] == "第30个工作日"


def test_stops_and_days_that_were_added_make_one_budget(limit, stop, people, at):
    stopped = stop(limit, at("2018-06-06 15:00"))
    add(limit, at("2018-06-08 09:00"), people.convenor)
    assert now(limit).due_at is None
    go_on(limit, stopped, until=at("2018-06-13 09:00"))

    assert last(limit) == "07-24"


def test_days_added_twice_make_one_budget_and_no_turn_comes_twice(limit, people, at):
    first = add(limit, at("2018-07-02 09:00"), people.convenor)
    second = add(now(limit), at("2018-07-02 09:00"), people.convenor, days=5)

    assert (first.turn, second.turn) == (1, 2)
    assert sum(1 for row in explain(now(limit)) if row.number) == 35
    with pytest.raises(IntegrityError), transaction.atomic():
        type(first).objects.filter(pk=second.pk).update(turn=1)


@pytest.mark.parametrize(
    ("after", "works"), [(-MICROSECOND, True), (0 * MICROSECOND, True), (MICROSECOND, False)]
)
def test_the_database_lengthens_nothing_that_has_passed(limit, people, after, works):
    instant = limit.due_at + after
    if works:
        add(limit, instant, people.convenor)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        add(limit, instant, people.convenor)


@pytest.mark.parametrize("days", [0, -1])
def test_the_database_adds_no_day_that_is_none(limit, people, at, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        add(limit, at("2018-06-05 09:00"), people.convenor, days)


@pytest.mark.parametrize("length", [0, -1])
def test_a_limit_without_a_day_is_none(filing, at, length):
    with pytest.raises(ValueError, match="at least one"):
        start(
            StageLimit(filing=filing, book=filing.book),
            limits.GATE,
            at=at("2018-06-04 09:00"),
            length=length,
        )


def test_what_is_begun_anew_is_another_limit(limit, stop, people, at):
    add(limit, at("2018-06-05 09:00"), people.convenor)
    stop(limit, at("2018-06-06 15:00"))
    again = start(limit, limits.GATE, at=at("2018-06-11 09:00"), length=20)

    assert (last(again), again.interrupted) == ("07-10", False)
    add(again, at("2018-06-12 09:00"), people.convenor)


def test_what_has_ended_waits_for_nothing(limit, stop, at):
    stop(limit, at("2018-06-06 15:00"))
    end(limit, at=at("2018-06-07 09:00"))

    assert not Suspension.objects.filter(until=None).exists()
    assert not now(limit).suspended


def test_a_list_reads_what_stopped_its_limits_in_two_queries(
    filing, stop, at, django_assert_num_queries
):
    rows = [
        start(StageLimit(filing=filing, book=filing.book), limits.GATE, at=at("2018-06-04 10:00"), length=n)
        for n in (5, 6, 7)
    ]  # fmt: skip
    for row in rows[:2]:
        stop(row, at("2018-06-05 09:00"))
    again = list(StageLimit.objects.order_by("pk"))

    with django_assert_num_queries(2):
        load_interruptions(again)
    with django_assert_num_queries(0):
        assert [len(interruptions(row).standing) for row in again] == [1, 1, 0]
    with django_assert_num_queries(0):
        load_interruptions(again[2:])
