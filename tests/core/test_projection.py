"""A new calendar edition counts every open limit anew: it may lengthen one that was served, and never shortens it.

The fixtures are the two years in which the State Council changed its notice within the year: May Day 2019
(notice of 22 March) and the Spring Festival of 2020 (notice of 26 January).
"""

import json
import re
from datetime import date

import pytest

from approvals.models import StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from approvals.stages import Stage
from core.deadlines import projecting
from core.deadlines.calendar import reckon
from core.deadlines.models import CalendarEdition
from core.deadlines.queries import calendar_at, edition_at, explain, last_day_of
from core.deadlines.services import end, projection, reproject, start, sweep
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from core.notify.models import Message
from tests.walk import walk

pytestmark = pytest.mark.django_db
# A start under the older edition, and the morning on which the newer one is known.
YEARS = {
    "May Day 2019": ("2019-03-20 10:00", "2019-03-22 08:00"),
    "Spring Festival 2020": ("2020-01-17 10:00", "2020-01-26 08:00"),
}
LENGTHS = range(1, 61)


@pytest.fixture
def run(people, at):
    """`run(instant, length)` starts a limit of a draft of its own."""

    def begin(instant, length, **more):
        filing = open_draft(by=people.enterprise, at=at(instant))
        limit = StageLimit(filing=filing, book=filing.book)
        return start(limit, limits.SIGN, at=at(instant), length=length, **more)

    return begin


def now(limit):
    return StageLimit.objects.get(pk=limit.pk)


def acts(limit):
    return list(limit.book.entries.exclude(act="open_draft").values_list("act", flat=True))


@pytest.mark.parametrize(("begun", "known"), YEARS.values(), ids=YEARS)
def test_each_limit_ends_by_the_later_of_both_calendars(run, at, begun, known):
    old, new = calendar_at(at(begun)), calendar_at(at(known))
    running = {length: run(begun, length) for length in LENGTHS}
    was = {length: limit.due_at for length, limit in running.items()}

    reproject(at(known))

    seen = set()
    for length, limit in running.items():
        before = reckon(old, last_day_of(at(begun)), length, "working_day").due
        after = reckon(new, last_day_of(at(begun)), length, "working_day").due
        found = now(limit)
        if was[length] <= at(known[:10]):
            wanted, said = before, []  # it had ended before the notice: nothing of it is touched
        elif after > before:
            wanted, said = after, ["move_limit"]
        elif after < before:
            wanted, said = before, ["keep_limit"]
        else:
            wanted, said = before, []
        assert last_day_of(found.due_at) == wanted, length
        assert acts(limit) == said, length
        assert [row.date for row in explain(found)][-1] == wanted, length
        seen |= {*said, "ended" if was[length] <= at(known[:10]) else "open"}
    assert {"move_limit", "open"} <= seen


def test_what_would_end_earlier_stays_as_it_was_served(run, at):
    """28 April 2019 became a day of work: the 29th working day would be 30 April instead of 2 May."""
    limit = run("2019-03-20 10:00", 29)
    assert last_day_of(limit.due_at) == date(2019, 5, 2)

    assert reproject(at("2019-03-22 08:00")) == 0

    found = now(limit)
    assert (found.due_at, found.act_at, found.calendar) == (
        limit.due_at,
        limit.act_at,
        limit.calendar,
    )
    said = json.loads(limit.book.entries.get(act="keep_limit").payload)
    assert said["instead_of"].startswith("2019-05-01T00:00")


def test_kept_is_said_once_though_a_late_sweep_starts_another_limit_of_that_book(run, at):
    """A limit that begins in the past is counted by the calendar of then, and the whole book is looked at again."""
    limit = run("2019-03-20 10:00", 29)
    reproject(at("2019-03-22 08:00"))
    again = StageLimit(filing=limit.filing, book=limit.book)
    start(again, limits.GATE, at=at("2019-03-21 10:00"), length=60)

    reproject(at("2019-03-22 09:00"))

    assert acts(limit).count("keep_limit") == 1
    assert now(again).calendar == edition_at(at("2019-03-22 08:00"))


def test_the_ledger_says_from_when_to_when_and_by_which_calendar(run, at):
    limit = run("2019-03-20 10:00", 30)  # 3 May by the older calendar, 5 May by the newer
    reproject(at("2019-03-22 08:00"))

    found = now(limit)
    assert found.due_at > limit.due_at
    entry = Entry.objects.filter(book=limit.book).latest("sequence")
    said = json.loads(entry.payload)
    assert (entry.act, entry.actor.role) == ("move_limit", "system")
    assert said["rule"] == "P6"
    assert said["calendar"] == edition_at(at("2019-03-22 08:00")).number
    assert {"due_at", "instead_of"} <= set(said)
    assert verify(found.book) is None


def test_said_twice_it_is_done_once(run, at):
    limit = run("2019-03-20 10:00", 30)

    assert reproject(at("2019-03-21 23:00")) == 0
    assert reproject(at("2019-03-22 08:00")) == 1
    assert reproject(at("2019-03-22 08:01")) == 0
    assert reproject(at("2019-06-01 08:00")) == 0
    assert acts(limit) == ["move_limit"]


def test_the_sweep_counts_anew_before_it_acts(run, at):
    """Nobody swept for weeks: what the newer calendar lengthened has not passed by the older one."""
    limit = run("2019-03-20 10:00", 30)
    old = limit.due_at

    sweep(old.replace(hour=20))

    found = now(limit)
    assert found.due_at > old
    assert found.ended_at is None
    assert "remind_sign" not in acts(limit)


@pytest.mark.parametrize("where", ["telling", "reckoning"])
def test_a_book_that_fails_waits_for_the_next_pass_and_the_others_get_on(
    run, at, monkeypatch, where
):
    begun, known = YEARS["May Day 2019"]
    good, bad, last = (run(begun, 30) for _number in range(3))

    def fail_for(limit):
        if limit.pk == bad.pk:
            raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        if where == "telling":
            planted.setattr(
                projection, "MOVED", [lambda moves, _now: [fail_for(m.limit) for m in moves]]
            )
        else:
            ends = projecting.ends
            planted.setattr(projecting, "ends", lambda row, by: fail_for(row) or ends(row, by))
        assert reproject(at(known)) == 2
        assert now(bad).due_at == bad.due_at
        assert acts(bad) == []
    assert now(good).due_at == now(last).due_at > good.due_at

    assert reproject(at(known)) == 1
    assert now(bad).due_at == now(good).due_at
    assert [acts(limit) for limit in (good, bad, last)] == [["move_limit"]] * 3
    assert not any(verify(Book.objects.get(pk=limit.book_id)) for limit in (good, bad, last))


def test_many_books_cost_no_more_statements_than_few(run, at, django_assert_max_num_queries):
    begun, known = YEARS["May Day 2019"]
    for _number in range(40):
        run(begun, 30)

    with django_assert_max_num_queries(60):
        assert reproject(at(known)) == 40


def test_what_has_ended_is_not_touched(run, at):
    limit = run("2019-03-20 10:00", 30)
    end(limit, at=at("2019-03-21 12:00"))

    assert reproject(at("2019-03-22 08:00")) == 0
    assert now(limit).due_at == limit.due_at


def test_what_silence_has_been_acted_on_is_not_touched(people, at):
    """A notice that is loaded late: the limit passed and went to the supervisor meanwhile."""
    filing = open_draft(by=people.enterprise, at=at("2019-04-01 09:00"))
    older = edition_at(at("2019-03-20 09:00"))
    limit = start(
        StageLimit(filing=filing, book=filing.book), limits.CHECKLIST, at=at("2019-03-20 10:00")
    )
    assert limit.calendar == older
    limit.escalated_at, limit.act_at = limit.due_at, None
    limit.save()

    assert reproject(at("2019-04-01 08:00")) == 0
    assert now(limit).due_at == limit.due_at


def test_a_book_whose_limits_are_of_today_costs_nothing(run, at, django_assert_num_queries):
    for length in (3, 4, 5):
        run("2019-04-01 10:00", length)

    with django_assert_num_queries(2):
        reproject(at("2019-04-02 08:00"))


def test_an_edition_that_is_skipped_is_counted_all_the_same(run, at):
    """From the calendar of 2018 to that of 2020 at once: the way between does not matter to what only grows."""
    direct = run("2018-11-20 10:00", 300)
    for known in ("2018-12-06 08:00", "2019-03-22 08:00", "2019-11-21 08:00"):
        reproject(at(known))
    stepwise = now(direct).due_at
    other = run("2018-11-20 10:00", 300)
    reproject(at("2019-11-21 08:00"))

    assert now(other).due_at == stepwise is not None
    assert now(other).calendar == now(direct).calendar


def test_both_sides_are_told_once_and_why(people, at):
    w = walk(people, at("2019-03-12 09:00"), to=Stage.COMMITTING)
    limit = w.filing.limits.get(rule="P6", ended_at=None)
    again = start(
        StageLimit(filing=w.filing, book=w.filing.book),
        limits.GATE,
        at=at("2019-03-20 10:00"),
        length=30,
    )
    before = set(Message.objects.values_list("pk", flat=True))

    w.until(at("2019-03-22 09:00"))
    w.sweep()

    told = Message.objects.exclude(pk__in=before).filter(
        key__startswith=f"moved:approvals.stagelimit:{again.pk}"
    )
    assert {message.to.role for message in told} >= {"enterprise", "window"}
    assert "只延长、不缩短" in told[0].body
    assert "2019年5月5日" in told[0].subject
    assert "2019" in told[0].subject_en
    assert not re.search(r"[年月日周]", told[0].subject_en.removeprefix(str(w.filing)))
    assert now(limit).rule == "P6"


def test_the_end_of_a_published_notice_is_a_date_and_stays(people, at):
    w = walk(people, at("2019-03-01 09:00"), to=Stage.NOTICED)
    ends = w.notice.due_at
    older = CalendarEdition.objects.order_by("number").first()
    type(w.notice).objects.filter(pk=w.notice.pk).update(calendar=older)
    w.filing.book.counted_by = older.number
    w.filing.book.save()

    reproject(w.now)

    w.notice.refresh_from_db()
    assert w.notice.due_at == ends
