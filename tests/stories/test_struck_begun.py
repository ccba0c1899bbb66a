"""核减: what hangs on a struck row is kept with it; nobody is asked on it any more, and nobody is silent on it."""

import pytest
from django.test import Client

from approvals.services import words
from approvals.stages import Stage
from core import clock
from prereview import services as sessions
from prereview.models import Slot
from prereview.queries.second_visits import _asked_here
from prereview.queries.visit import Visit
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
    minutes = w.filing.book.papers.filter(kind="DOC13").last()
    assert words.department(slot.department, w.now) not in str(minutes.content["absent"])
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


@pytest.fixture
def let_go(people, at):
    """A survey is called; a department has begun its word on the record, and then its only item is struck."""
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SURVEYING)
    item, department = alone(w)
    drafts(w, w.slot(department.code), people.department(department.code))
    strike(w, item.code)
    return w, item, department


def test_who_was_let_go_has_no_part_in_the_visit(let_go, people):
    w, _item, department = let_go
    agenda = w.survey.agenda.get()
    kept = agenda.slots.get(department=department)
    visit = Visit(agenda, w.now)
    assert department.pk not in visit.departments
    assert len(visit.departments) > 1
    assert department.code not in visit._first()
    assert not _asked_here(agenda, department.pk)
    client = Client()
    client.force_login(people.window.user)
    with clock.driven(w.now):
        shown = client.get(f"/api/v1/filings/{w.filing.public_id}/").json()["opinions"]
    assert kept.pk not in [one["id"] for one in shown]
    assert len(shown) == len(visit.departments)
    # Where nothing is left of what was asked, it is nobody's visit, and not everybody's again.
    agenda.slots.update(ended_at=w.now)
    assert Visit(agenda, w.now).departments == {}


@pytest.mark.parametrize("listed", [False, True])
def test_called_anew_it_is_asked_on_the_row_that_was_kept(let_go, people, listed):
    """The convenor asks the department all the same; or its item is on the list again after all."""
    w, item, department = let_go
    kept = w.slot(department.code)
    w.do(sessions.cancel_session, w.survey, reason="示例", by=people.convenor)
    if listed:
        w.filing.items.filter(pk=item.pk).update(applies=True)
    w.call_survey()
    agenda = w.survey.agenda.get()
    if not listed:
        assert not agenda.slots.filter(department=department).exists()
        said = {
            "department": department,
            "agenda": [agenda],
            "reason": "邻近河道",
            "by": people.convenor,
        }
        w.do(sessions.add_department, w.survey, **said)
    again = Slot.objects.get(pk=kept.pk)
    assert (again.agenda, again.ended_at, again.state) == (agenda, None, SlotState.AWAITED)
    assert w.survey.invitations.filter(department=department).exists()
    w.hold_survey()
    assert w.slot(department.code).state == SlotState.SETTLED
    assert w.filing.stage == Stage.PREREVIEWING
    assert sound()
