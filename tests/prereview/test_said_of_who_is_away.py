"""What is said of who did not come, before the rules have come to anything: 未到会 is seen, 缺席 is concluded."""

import pytest
from django.utils import timezone

from approvals.stages import Stage
from prereview.queries.words import lamp, mark, silence
from prereview.stages import SlotState
from tests.conftest import instant
from tests.walk import walk

pytestmark = pytest.mark.django_db


def said(w):
    """Light, mark and sentence of the slot of who was away, as pages and programs show them."""
    slot, summons = w.slot("QXJ", "C03"), w.meeting.invitations.get(department__code="QXJ")
    return slot.state, lamp(slot, summons, w.now, None), str(mark(slot)[1]), silence(slot, summons)


def test_a_slot_that_is_still_awaited_is_not_called_absent(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    w.hold(w.meeting, absent=["QXJ"])
    assert timezone.localdate(w.now) == timezone.localdate(w.meeting.opens_at)

    state, light, marked, sentence = said(w)
    assert (state, light) == (SlotState.AWAITED, ("red", "未到会，期限已届满"))
    assert sentence.startswith("因未到会，期限已随议程结束届满：")
    assert not any("缺席" in text for text in (light[1], marked, sentence))

    w.until(instant("2018-04-20 09:00"))  # and settled it is said as what it is
    state, light, marked, sentence = said(w)
    assert (state, light, sentence) == (SlotState.SETTLED, ("grey", ""), "")
    assert "缺席" in marked
