"""The round of a day: reminders before a limit ends, the ladder after it; said once, caught up when missed."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Membership
from approvals.models import Filing, StageLimit
from approvals.stages import Stage
from core import clock
from core.deadlines.counting import last_day_of
from core.deadlines.services import RETRY
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from core.notify.models import Message
from desk.models import Raised, Round
from desk.services.reminders import county_steps, remind
from desk.stages import Rung
from public_notice.services import publish_notice
from public_notice.services.openness import note_what_arose
from tests.conftest import instant
from tests.desk.conftest import SHIPPED_STEPS
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
# Signed on Friday, 28 September 2018 or so: the letter is offered, five working days to sign it.
BEGIN = instant("2018-09-03 09:00")

walked, offered = standing(lambda people: walk(people, BEGIN, to=Stage.COMMITTING))


def go_round(now):
    with clock.driven(now):
        return remind(now)


def rounds(w, days, hour=8):
    """Let the days come, each with its sweep at 00:05 and its round at 08:05; return what was told on which."""
    told = []
    for _day in range(days):
        w.until((w.now + timedelta(days=1)).replace(hour=hour, minute=5, second=0))
        before = Message.objects.count()
        go_round(w.now)
        new = Message.objects.order_by("pk")[before:]
        told += [(w.now.strftime("%m-%d"), m) for m in new if m.key.startswith(("remind", "raise"))]
    return told


def limit_of(w, code):
    return w.filing.limits.get(rule=code, ended_at=None)


def test_the_shipped_steps_are_what_the_tests_reckon_with(at):
    assert county_steps(at("2018-09-03 09:00")) == SHIPPED_STEPS


def test_whose_move_it_is_hears_in_steps_what_silence_will_do(offered, people):
    w, due = offered, limit_of(offered, "P6").due_at
    told = [
        (day, m)
        for day, m in rounds(w, 10)
        if m.to == people.enterprise and "催办后" not in m.subject
    ]

    assert [m.subject.partition("”")[2][:6] for _day, m in told][:3] == [
        "时限已过半，",
        "还剩1个工作",
        "今天24:0",
    ]
    assert {m.to for _day, m in told} == {people.enterprise}
    assert told[2][0] == last_day_of(due).strftime("%m-%d")
    for _day, message in told:
        assert "未签署的，催办一次" in message.body
        assert "remind" in message.body_en
        assert message.link == f"/cases/{w.filing.public_id}/"
        with translation.override("en"):
            assert message.label != message.subject
    # All before the limit ended.
    assert all(m.created_at <= due for _day, m in told[:3])


def test_a_round_is_made_once_a_day_and_not_before_the_first_clerks_come(offered):
    w = offered
    rounds(w, 1, hour=7)
    assert not Round.objects.exists()
    day = w.now.replace(hour=8, minute=0)
    go_round(day)
    assert Round.objects.count() == 1
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert go_round(day + timedelta(hours=9)) == 0
    assert len(seen) == 1


def test_a_round_that_was_missed_is_caught_up_by_the_newest_reminder_alone(offered, people):
    w, due = offered, limit_of(offered, "P6").due_at
    w.until(due - timedelta(hours=10))
    go_round(w.now)

    told = [
        m.subject for m in Message.objects.filter(to=people.enterprise, key__startswith="remind")
    ]
    assert len(told) == 1
    assert "今天24:00截止" in told[0]
    # A round made twice, on another day or by another program, says nothing twice.
    Round.objects.all().delete()
    go_round(w.now)
    assert Message.objects.filter(key__startswith="remind").count() == 1


@pytest.mark.parametrize("why", ["ended", "provisional", "suspended", "left"])
def test_what_does_not_run_is_not_reminded_of(offered, people, why):
    w, limit = offered, limit_of(offered, "P6")
    if why == "ended":
        StageLimit.objects.filter(pk=limit.pk).update(ended_at=w.now, act_at=None)
    elif why == "provisional":
        StageLimit.objects.filter(pk=limit.pk).update(provisional=True, due_at=None, act_at=None)
    elif why == "suspended":
        Filing.objects.filter(pk=w.pk).update(suspended_at=w.now)
    else:
        from approvals.services import withdraw

        w.do(withdraw, w.filing, reason="不建了", by=people.enterprise)
    for day in range(1, 6):
        go_round(w.now.replace(hour=9) + timedelta(days=day))

    assert not Message.objects.filter(key__startswith="remind").exists()


def test_a_later_end_is_news_but_half_of_the_time_is_said_once(offered, people):
    w, limit = offered, limit_of(offered, "P6")
    w.until(limit.due_at - timedelta(hours=10))
    go_round(w.now - timedelta(days=4))
    go_round(w.now)
    StageLimit.objects.filter(pk=limit.pk).update(due_at=limit.due_at + timedelta(days=1))
    go_round(w.now + timedelta(days=1))

    subjects = Message.objects.filter(to=people.enterprise, key__startswith="remind")
    assert sum("今天24:00截止" in m.subject for m in subjects) == 2


def test_an_opinion_that_is_owed_is_one_message_whatever_the_number_of_items(people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.hold(w.meeting, silent=["ZJJ"])
    told = [m for _day, m in rounds(w, 5) if "预审意见" in m.subject]  # from Friday to Wednesday

    clerk, head = people.department("ZJJ"), people.head("ZJJ")
    assert {m.to for m in told} == {clerk, head}
    # Its items are one message; the one behind a red line, of which silence makes something else, is another.
    owed = w.filing.slots.unsettled().filter(department=clerk.organisation)
    red = [m for m in told if m.to == clerk and "不视为同意" in m.body]
    mine = [m for m in told if m.to == clerk and m not in red]
    assert ["还剩" in m.subject for m in mine] == [
        True,
        False,
    ]  # the last day but one, and the last
    assert len(red) == 2
    assert all(f"（{owed.count() - 1}项）" in m.subject for m in mine)
    assert all("视同无异议" in m.body for m in mine)
    assert all("deemed" in m.body_en for m in mine)
    # Each of a candidate's or a default's own messages is somebody else's.
    w.past(w.filing.slots.unsettled().first().due_at)
    before = Message.objects.filter(key__startswith="remind").count()
    go_round(w.now)
    assert Message.objects.filter(key__startswith="remind").count() == before


# — the ladder ————————————————————————————————————————————————————————————————————


def test_a_delay_climbs_rung_by_rung_until_the_thing_is_done(offered, people):
    w = offered
    w.commit()  # now the window owes the notice, within two working days
    limit = limit_of(w, "P35")
    told = [(day, m) for day, m in rounds(w, 12) if m.key.startswith("raise")]
    by_rung = {r.rung: r for r in Raised.objects.filter(limit=f"approvals.stagelimit:{limit.pk}")}

    assert [(r, by_rung[r].days_late) for r in Rung.values] == [
        ("responsible", 1), ("head", 2), ("lead", 3), ("leadership", 5),
    ]  # fmt: skip
    assert len(told) == 4
    # The window bureau has no head and the county no leader here: the supervisor hears it in their place.
    assert [m.to for _day, m in told] == [
        people.window, people.supervisor, people.convenor, people.supervisor,
    ]  # fmt: skip
    assert "升级至县领导" in told[-1][1].subject
    assert "county leadership" in told[-1][1].subject_en.lower()
    # Above the first rung the book says so, by the system, and its chain holds.
    entries = Entry.objects.filter(book_id=w.filing.book_id, act="raise_delay").order_by("sequence")
    assert [json.loads(e.payload)["rung"] for e in entries] == ["head", "lead", "leadership"]
    assert {e.actor.role for e in entries} == {"system"}
    assert verify(Book.objects.get(pk=w.filing.book_id)) is None
    # Nothing comes twice, and nothing more once the notice is published.
    w.do(publish_notice, w.filing, by=people.window)
    count = Raised.objects.count()
    assert not [m for _day, m in rounds(w, 3) if m.key.startswith("raise")]
    assert Raised.objects.count() == count


def test_a_leader_is_told_where_the_county_has_one(offered, people, county):
    leader = Membership.objects.create(
        user=people.other_enterprise.user, organisation=county.supervision, role="head",
        valid_from=BEGIN.date(),
    )  # fmt: skip
    w = offered
    w.commit()
    rounds(w, 12)

    top = Message.objects.filter(key__startswith="raise:leadership")
    assert [m.to for m in top] == [leader]


def test_what_silence_settles_climbs_nowhere_and_an_enterprise_s_delay_no_higher_than_the_lead(
    people, at
):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.START_NOTIFIED)
    limit = limit_of(w, "P26")  # the enterprise reports its start within ninety days
    w.now = limit.due_at - timedelta(hours=12)
    rounds(w, 14)

    mine = Raised.objects.filter(limit=f"approvals.stagelimit:{limit.pk}")
    assert list(mine.values_list("rung", "days_late")) == [("lead", 3)]
    owed = {"16"}  # what was approved on the way is to be published, by somebody else
    assert set(Raised.objects.values_list("rule", flat=True)) - owed == {"P26"}


def test_a_delay_that_was_met_days_late_is_told_on_every_rung_it_reached(offered):
    w = offered
    w.commit()
    w.morning(9)
    go_round(w.now)

    assert sorted(Raised.objects.values_list("rung", flat=True)) == sorted(Rung.values)


# — cost, workers, faults ——————————————————————————————————————————————————————————


CODE = "2018-140722-13-03-00000"


def another(people, at, number):
    """One more case at the same place."""
    return walk(people, at("2018-05-14 09:00"), to=Stage.COMMITTING, project_code=f"{CODE}{number}")


def _statements(now):
    Round.objects.all().delete()
    with CaptureQueriesContext(connection) as seen:
        go_round(now)
    return len(seen)


def test_a_round_with_nothing_to_say_takes_a_fixed_number_of_statements(people, at):
    first = walk(people, at("2018-05-14 09:00"), to=Stage.COMMITTING)
    go_round(first.now)
    one = _statements(first.now)
    for number in (2, 3):
        w = another(people, at, number)
    go_round(w.now)

    assert _statements(w.now) == one <= 53


def test_what_is_said_before_the_end_is_written_in_sets(people, at):
    """Three cases with their reminders cost what one costs."""
    costs = []
    for cases in (1, 2):
        for number in range(cases):
            w = another(people, at, 3 * cases + number)
        now = limit_of(w, "P6").due_at - timedelta(hours=10)
        Message.objects.filter(key__startswith="remind").delete()
        note_what_arose(now)  # a month that is over is written once, by whichever round is first
        costs.append(_statements(now))
        assert Message.objects.filter(key__startswith="remind").count() >= cases

    assert costs[0] == costs[1]


def test_a_book_that_fails_holds_up_no_other_and_is_tried_again(offered, people, caplog):
    """The book of one case refuses to be written in; the other's delay climbs all the same."""
    caplog.set_level("CRITICAL", "chengnuo.ladder")
    w = offered
    w.commit()
    w.morning(9)
    sound = w.filing.book
    other = walk(people, BEGIN, to=Stage.COMMITTED, project_code="2018-140722-13-03-000009")
    other.morning(9)
    broken = StageLimit.objects.filter(filing_id=other.pk, rule="P35")
    broken.update(book_id=_book_with_a_gap(other.filing.book))
    go_round(w.now)

    assert set(Raised.objects.values_list("book_id", flat=True)) == {sound.pk}
    assert Round.objects.get().again_at == w.now + RETRY
    broken.update(book_id=other.filing.book_id)
    go_round(w.now + RETRY)
    assert Round.objects.get().again_at is None
    assert Raised.objects.filter(book_id=other.filing.book_id).count() == len(Rung)


def _book_with_a_gap(book):
    """A book whose next place is taken: the database refuses the next entry."""
    bad = Book.objects.create(code="broken", sequence=0)
    entry = Entry.objects.filter(book=book).first()
    Entry.objects.create(
        book=bad, sequence=1, act="x", actor=entry.actor, event_at=entry.event_at, entered_at=entry.entered_at,
        payload="{}", previous=entry.previous, digest=entry.digest,
    )  # fmt: skip
    return bad.pk


def test_the_command_makes_the_round(offered, people, capsys):
    w = offered
    w.until(limit_of(w, "P6").due_at - timedelta(hours=10))
    with clock.driven(w.now):
        call_command("remind")

    assert capsys.readouterr().out.startswith("提醒和升级 ")
    assert Round.objects.count() == 1
