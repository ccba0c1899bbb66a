"""The time that a department has for its opinion is stopped: of who is excused too, and into a year nobody knows."""

import pytest

from approvals import services as filings
from approvals.stages import Stage
from core.deadlines.rules import StopKind
from prereview import services as sessions
from prereview.stages import Position, SlotState
from tests.stories.telling import refused, sound, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
AWAY = ["QXJ"]
WHY = {"reason": "委托专家评审", "expected_days": 5, "paper_number": "评审委托书1号"}


def meeting(people, at, start):
    """A meeting to which everybody is called; nobody has answered yet."""
    w = walk(people, at(start), to=Stage.PREREVIEWING)
    w.call_meeting()
    return w


def stop(w, slot):
    w.do(filings.suspend_limit, slot, kind=StopKind.EXPERT_REVIEW, by=w.people.convenor, **WHY)


def resume(w, slot):
    w.do(
        filings.resume_limit, slot, kind=StopKind.EXPERT_REVIEW, reason="评审意见已收到",
        by=w.people.convenor,
    )  # fmt: skip


def test_who_was_excused_has_a_time_that_can_be_stopped(people, at):
    w = meeting(people, at, "2018-04-11 09:00")
    w.acknowledge(w.meeting)
    summons = w.meeting.invitations.get(department__code="QXJ")
    said = {"ground": "上级或者县里安排的紧急任务", "text": "全员值守"}
    w.do(sessions.lodge_excuse, summons, by=people.head("QXJ"), **said)
    w.do(sessions.decide_excuse, summons, granted=True, reason="准假", by=people.convenor)
    w.open(w.meeting, absent=AWAY)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=AWAY)
    due = w.slot("QXJ", "C03").due_at

    stop(w, w.slot("QXJ", "C03"))
    assert w.slot("QXJ", "C03").due_at is None
    w.until(due)
    w.morning(9)
    assert w.slot("QXJ", "C03").state == SlotState.AWAITED
    resume(w, w.slot("QXJ", "C03"))
    assert w.slot("QXJ", "C03").due_at > due
    w.do(sessions.give_opinion, w.slot("QXJ", "C03"), position=Position.AGREE, by=people.department("QXJ"))  # fmt: skip
    assert sound()


def test_the_time_of_who_stayed_away_is_over_and_stops_no_more(people, at):
    w = meeting(people, at, "2018-04-11 09:00")
    w.acknowledge(w.meeting)
    w.open(w.meeting, absent=AWAY)
    w.close(w.meeting)

    with refused("没有到会"):
        stop(w, w.slot("QXJ", "C03"))


def test_one_that_goes_on_into_an_unpublished_year_is_held_at_once_and_somebody_is_told(people, at):
    w = meeting(people, at, "2026-12-21 09:00")
    w.hold(w.meeting, silent=AWAY)
    stop(w, w.slot("QXJ", "C03"))
    w.until(at("2026-12-31 10:00"))
    resume(w, w.slot("QXJ", "C03"))

    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.provisional, slot.due_at) == (SlotState.HELD, True, None)
    assert "尚未公布" in slot.held_because
    assert told(people.convenor, "默认已暂停")
