"""核减: what hangs on a struck row is kept with it; nobody is asked on it any more, and nobody is silent on it."""

import pytest

from approvals.stages import Stage
from prereview import services as sessions
from prereview.models import Slot
from prereview.stages import SlotState
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused, sound
from tests.stories.test_struck_item import alone, strike
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _called(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.SURVEYING)
    w.hold_survey()
    w.call_meeting()
    return w


walked, called = standing(_called)


def drafts(w, slot, clerk):
    w.do(sessions.save_draft, slot, reason="先记下", by=clerk)


def hands_on(w, slot, clerk):
    boss = w.people.head(slot.department.code)
    w.do(sessions.reassign_opinion, slot, receiver=boss, reason="出差", by=clerk)


def waits_for_its_head(w, slot, clerk):
    boss = w.people.head(slot.department.code)
    w.do(sessions.set_rule, slot.department, roster_binds=False, countersigns=True, by=boss)
    w.do(sessions.give_opinion, slot, position="agree", by=clerk)


def begun(w, deed):
    """Of an item whose department has no other one, somebody of the department does a deed on its row."""
    item, department = alone(w)
    slot = w.slot(department.code, item.code)
    deed(w, slot, w.people.department(department.code))
    return slot


@pytest.mark.parametrize("deed", [drafts, hands_on, waits_for_its_head])
def test_what_hangs_on_a_struck_row_is_kept_and_asked_no_more(called, people, deed):
    w = called
    slot = begun(w, deed)
    strike(w, slot.item.code)
    kept = Slot.objects.get(pk=slot.pk)
    assert (kept.state, kept.running) == (SlotState.AWAITED, False)
    assert not w.meeting.invitations.get(department=slot.department).running
    with refused("已经核减"):
        clerk = people.department(slot.department.code)
        w.do(sessions.give_opinion, slot, position="agree", by=clerk)
    if deed is not drafts:
        return
    w.hold(w.meeting, absent=[slot.department.code])
    w.past(w.meeting.agenda.get().closed_at)
    w.conclude()  # nothing waits for it, and nothing came of its silence
    assert not kept.opinions.exists()
    assert sound()


def test_struck_while_no_meeting_is_called_the_next_one_does_not_summon_for_it(called, people):
    w = called
    slot = begun(w, drafts)
    w.do(sessions.cancel_session, w.meeting, reason="示例", by=people.convenor)
    strike(w, slot.item.code)
    w.call_meeting()
    assert not w.meeting.invitations.filter(department=slot.department).exists()
    assert slot not in w.meeting.agenda.get().slots.all()
