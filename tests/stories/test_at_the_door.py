"""Who signs in by the close of an item was there, whichever of the two had its turn first."""

from datetime import timedelta

import pytest

from approvals.stages import Stage
from core import clock
from prereview import services as sessions
from prereview.stages import Position, SlotState
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import sound
from tests.walk import walk

pytestmark = pytest.mark.django_db
LATE = ["QXJ"]
INSTANT = timedelta(microseconds=1)


def _closed(people):
    """A meeting of which nothing proves that the weather bureau knew; it is not there when the item closes."""
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting, skip=LATE)
    w.open(w.meeting, absent=LATE)
    item = w.meeting.agenda.get()
    w.do(sessions.open_item, item, by=people.convenor)
    w.minutes(30)
    w.do(sessions.close_item, item, by=people.convenor)
    return w


walked, closed = standing(_closed)


def signs_in(w, people, after):
    """The bureau signs in; its request was received so much after the close."""
    at = w.meeting.agenda.get().closed_at + after
    summons = w.meeting.invitations.get(department__code="QXJ")
    with clock.driven(at):
        sessions.check_in(summons, by=people.department("QXJ"), at=at)
    return w.slot("QXJ", "C03")


@pytest.mark.parametrize("after", [-INSTANT, 0 * INSTANT], ids=["before", "at"])
def test_received_by_the_close_it_was_there_and_its_time_runs(closed, people, after):
    w = closed
    assert w.slot("QXJ", "C03").state == SlotState.HELD
    slot = signs_in(w, people, after)

    assert (slot.state, slot.held_because) == (SlotState.AWAITED, "")
    assert slot.due_at == instant("2018-04-24 00:00")
    w.until(slot.due_at + timedelta(days=10))
    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.opinion.position) == (SlotState.SETTLED, Position.DEEMED_TIMEOUT)
    assert sound()


def test_an_instant_later_it_was_not_and_nothing_is_drawn_from_it(closed, people):
    slot = signs_in(closed, people, INSTANT)
    assert slot.state == SlotState.HELD
    closed.until(instant("2018-05-10 09:00"))

    assert closed.slot("QXJ", "C03").state == SlotState.HELD
