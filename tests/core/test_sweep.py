"""The sweep is only a clerk: late, doubled, out of order or twice at once, it comes to the same."""

import logging
from datetime import timedelta
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from approvals.stages import Stage
from core import clock
from core.deadlines.services import RETRY, act_next, end, start, sweep, sweep_book
from core.deadlines.services.sweep import portion
from core.ledger.models import Book, Entry
from core.ledger.queries import verify_all
from core.ledger.services import lock
from core.steps.moves import move
from core.steps.reasons import NotNow
from tests.core.threads import alone, at_once, shared_database
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def filing(people, at):
    """A draft: no limit runs of itself."""
    return open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))


def begin(filing, rule, instant, **more):
    return start(StageLimit(filing=filing, book=filing.book), rule, at=instant, **more)


def test_nothing_happens_before_the_end_nor_within_the_grace(filing, at):
    begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))

    assert sweep(at("2018-06-05 23:59")) == 0
    assert sweep(at("2018-06-06 00:00")) == 0
    assert sweep(at("2018-06-06 00:01")) == 0
    assert sweep(at("2018-06-06 00:02")) == 1


def test_a_second_pass_does_nothing(filing, at):
    limit = begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))

    done = [sweep(at("2018-06-06 00:02")) for _pass in range(3)]

    limit.refresh_from_db()
    assert done == [1, 0, 0]
    assert acts(filing.book).count("escalate") == 1
    assert limit.escalated_at == limit.due_at


def test_what_happened_happened_at_the_limit_and_was_written_when_it_was(filing, at, driven):
    begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))

    with driven("2018-06-20 08:00"):
        sweep(at("2018-06-20 08:00"))

    entry = Entry.objects.get(book=filing.book, act="escalate")
    assert (entry.event_at, entry.entered_at) == (at("2018-06-06 00:00"), at("2018-06-20 08:00"))
    assert entry.actor.role == "system"


def test_an_ended_limit_is_left_alone(filing, at):
    limit = begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))
    end(limit, at=at("2018-06-05 17:00"))

    assert sweep(at("2018-06-20 08:00")) == 0
    assert "escalate" not in acts(filing.book)


def test_the_book_rings_next_for_what_is_still_to_come(filing, at):
    begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))
    later = begin(filing, limits.SIGN, at("2018-06-04 09:00"))

    sweep(at("2018-06-07 08:00"))

    assert Book.objects.get(pk=filing.book_id).next_due == later.act_at
    sweep(at("2018-06-30 08:00"))
    rest = StageLimit.objects.filter(book=filing.book, act_at__isnull=False).order_by("act_at")
    assert Book.objects.get(pk=filing.book_id).next_due == rest.get().act_at


def test_a_bell_for_nothing_is_set_back(filing, at):
    limit = begin(filing, limits.SIGN, at("2018-06-04 09:00"))
    act_next(limit, at("2018-06-05 00:00"))  # not saved: the row itself wants nothing then

    assert sweep(at("2018-06-05 08:00")) == 0

    limit.refresh_from_db()
    assert Book.objects.get(pk=filing.book_id).next_due == limit.act_at == at("2018-06-12 00:02")


def test_a_book_that_does_not_ring_is_not_opened(filing, at):
    begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))
    Book.objects.filter(pk=filing.book_id).update(next_due=at("2018-06-30 00:00"))

    assert sweep_book(filing.book_id, at("2018-06-20 08:00")) == 0


def test_a_fault_in_one_limit_stops_no_other(filing, at, caplog):
    """A correction that ends on a draft cannot be: its handler fails, the others of the book act."""
    caplog.set_level(logging.CRITICAL, "chengnuo.sweep")
    broken = begin(filing, limits.CORRECTION, at("2018-06-01 09:00"))
    broken.act_at = at("2018-06-05 00:00")
    broken.save()
    good = begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))
    other = open_draft(by=filing.created_by, at=at("2018-06-01 09:00"))
    begin(other, limits.ACCEPTANCE, at("2018-06-04 09:00"))
    before = acts(filing.book)
    now = at("2018-06-06 00:02")

    assert sweep(now) == 2

    good.refresh_from_db()
    assert good.escalated_at == good.due_at
    assert "escalate" in acts(other.book)
    assert acts(filing.book) == [*before, "escalate"]
    assert Book.objects.get(pk=filing.book_id).next_due == now + RETRY
    assert sweep(now + timedelta(minutes=1)) == 0
    broken.refresh_from_db()
    assert broken.ended_at is None


def test_the_command_says_how_much_it_did(filing, at, capsys):
    begin(filing, limits.ACCEPTANCE, at("2018-06-04 09:00"))

    with clock.driven(at("2018-06-20 08:00")):
        call_command("sweep")
        call_command("sweep")

    assert capsys.readouterr().out.splitlines() == ["处理到期时限 1 条。", "处理到期时限 0 条。"]


# — whenever it comes —————————————————————————————————————————————————————————————


def hours(first, last, step):
    return [
        first + timedelta(hours=n) for n in range(0, int((last - first) / timedelta(hours=1)), step)
    ]


def outcome(way, passes, last):
    """What becomes of a filing left alone, swept at the given instants and once at the end; then undone."""
    with transaction.atomic():
        for now in [*passes, last]:
            way.sweep(now)
        case = way.filing
        result = (
            case.stage,
            list(case.book.entries.order_by("event_at", "act").values_list("act", "event_at")),
            list(
                case.limits.order_by("rule").values_list("rule", "started_at", "due_at", "ended_at")
            ),
        )
        transaction.set_rollback(True)
    return result


@pytest.mark.slow
@pytest.mark.parametrize(
    ("goal", "comes_to"),
    [
        (Stage.RECEIVED, Stage.ACCEPTED),  # nobody decides on acceptance: deemed accepted, surveyed by none
        (Stage.COMMITTING, Stage.LAPSED),  # nobody signs: reminded, then lapsed
        (Stage.SUBMITTED, Stage.SUBMITTED),  # the window serves no list: escalated, never more
    ],
)  # fmt: skip
def test_whenever_the_sweep_comes_the_outcome_is_the_same(people, at, goal, comes_to):
    way, last = walk(people, at("2018-03-05 09:00"), to=goal), at("2018-06-29 08:00")
    first = way.now + timedelta(minutes=7)
    daily = hours(first, last, 24)
    schedules = {
        "once, weeks late": [],
        "daily": daily,
        "every forty hours, each twice": [now for now in hours(first, last, 40) for _twice in "12"],
        "in the wrong order": [*daily[40:], *daily[:40]],
    }

    outcomes = {name: outcome(way, passes, last) for name, passes in schedules.items()}

    expected = outcomes["daily"]
    assert expected[0] == comes_to
    assert all(found == expected for found in outcomes.values()), outcomes


@pytest.mark.slow
def test_two_sweeps_at_once_act_once(transactional_db, people, at, tmp_path):
    def set_up():
        case = open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))
        with transaction.atomic():
            begin(case, limits.ACCEPTANCE, at("2018-06-04 09:00"))
        return case

    with shared_database(tmp_path):
        cases = [alone(set_up) for _case in range(4)]
        done = at_once(*[lambda: sweep(at("2018-06-20 08:00"))] * 3)
        written = alone(lambda: [acts(case.book).count("escalate") for case in cases])
        faults = alone(lambda: verify_all()[2])

    assert sum(done) == 4
    assert written == [1, 1, 1, 1]
    assert faults == []


@pytest.mark.slow
def test_a_new_calendar_at_once_from_three_sides_moves_each_limit_once(
    transactional_db, people, at, tmp_path
):
    def set_up():
        case = open_draft(by=people.enterprise, at=at("2019-03-20 09:00"))
        with transaction.atomic():
            begin(case, limits.SIGN, at("2019-03-20 10:00"), length=30)
        return case

    with shared_database(tmp_path):
        cases = [alone(set_up) for _case in range(4)]
        at_once(*[lambda: sweep(at("2019-03-22 08:00"))] * 3)
        alone(
            lambda: sweep(at("2019-03-22 08:01"))
        )  # whoever found a book held left it to the next pass
        written = alone(lambda: [acts(case.book).count("move_limit") for case in cases])
        faults = alone(lambda: verify_all()[2])

    assert written == [1, 1, 1, 1]
    assert faults == []


@pytest.mark.slow
def test_a_book_that_somebody_holds_is_passed_by(transactional_db, people, at, tmp_path):
    """A person is at one case while the sweep comes: on PostgreSQL it does the others first and waits for nobody.

    On SQLite, which has one writer, it waits its turn. Either way each limit is acted on once.
    """
    held, let_go = Event(), Event()
    waits = connection.vendor == "sqlite"
    now = at("2018-06-20 08:00")

    def set_up():
        case = open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))
        with transaction.atomic():
            begin(case, limits.ACCEPTANCE, at("2018-06-04 09:00"))
        return case

    def hold(case):
        with transaction.atomic():
            lock(case.book_id)
            held.set()
            assert let_go.wait(60)

    def pass_by():
        assert held.wait(60)
        if waits:
            let_go.set()
        try:
            return sweep(now)
        finally:
            let_go.set()

    with shared_database(tmp_path):
        cases = [alone(set_up) for _case in range(3)]
        _held, done = at_once(lambda: hold(cases[0]), pass_by)
        left = alone(lambda: sweep(now))
        written = alone(lambda: [acts(case.book).count("escalate") for case in cases])

    assert (done, left) == ((3, 0) if waits else (2, 1))
    assert written == [1, 1, 1]


@pytest.mark.slow
def test_a_person_in_time_and_the_sweep_have_one_effect(transactional_db, people, at, tmp_path):
    """What the window accepted in the last moment is written while the sweep deems it accepted: one of the two."""

    def set_up():
        way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
        way.check_materials()
        return way.filing, way.filing.limits.get(rule="1", ended_at=None)

    def accept(filing, limit):
        with clock.driven(limit.act_at):
            return move(filing.accept, by=people.window, at=limit.due_at)

    with shared_database(tmp_path):
        filing, limit = alone(set_up)
        said, swept = at_once(lambda: accept(filing, limit), lambda: sweep(limit.act_at))
        written = alone(lambda: acts(filing.book))
        faults = alone(lambda: verify_all()[2])

    first = "accept" if isinstance(said, Filing) else "deem_accepted"
    assert isinstance(said, Filing | NotNow)
    assert isinstance(swept, int)
    assert [act for act in written if act in {"accept", "deem_accepted"}] == [first]
    assert faults == []


@pytest.mark.parametrize(
    ("left", "most", "taken"),
    [(5_000, 300, 300), (1_000, 300, 250), (200, 300, 75), (40, 300, 75), (40, 2, 2)],
)
def test_towards_the_end_fewer_books_are_taken_so_that_two_processes_end_together(
    left, most, taken
):
    assert portion(left, most) == taken
