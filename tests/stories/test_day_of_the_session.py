"""A session is held on the day it was called for, and that day is worked; otherwise nobody is absent from it.

The meeting is called on Monday, 16 April 2018, for Wednesday. Saturday 28 April 2018 is a make-up working day, Sunday
29 April to Tuesday 1 May are holidays.
"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core.deadlines.models import EditionKind
from core.deadlines.services import local
from core.notify.models import Message
from desk.queries.work import waiting_for
from desk.services.calendars import decision_of, load_decision
from prereview import services as sessions
from prereview.models import Opinion
from prereview.policies import filing_opinions_are_settled
from prereview.queries import open_slots, ready_for
from prereview.stages import SessionKind, SessionStage
from tests.calendars import forget_after
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


def _called(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == instant("2018-04-18 09:00")
    return w


walked, called = standing(_called)


@pytest.fixture
def to_call(people):
    """A case that waits for its meeting, on Monday, 23 April 2018."""
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-23 09:00"))
    return w


def call(w, day):
    return w.do(
        sessions.call_session, kind=SessionKind.MEETING, filings=[w.filing],
        opens_at=local(date.fromisoformat(day), 9), place="会议室", by=w.people.convenor,
    )  # fmt: skip


@pytest.mark.parametrize("day", ["2018-04-29", "2018-05-01", "2018-05-05"])
def test_no_session_is_called_for_a_day_that_is_not_worked(to_call, day):
    with refused("不上班", error=ValidationError):
        call(to_call, day)


@pytest.mark.parametrize("day", ["2018-04-28", "2018-05-02"])
def test_one_is_called_for_a_make_up_day_and_a_plain_one(to_call, day):
    assert call(to_call, day).stage == SessionStage.CALLED


def test_the_page_says_so_beside_the_day(to_call, people):
    visit = Visit(people.convenor, to_call)
    body = {"filings": [to_call.pk], "opens_at": "2018-05-01T09:00", "place": "会议室"}

    answer = visit.post("/sessions/call/?kind=meeting", body)

    assert answer.status_code == 422
    assert "这一天不上班" in text(answer)


def close_the_county(w, day):
    """It snows: the county closes for a day, decided that morning."""
    forget_after("2018-12-31")
    said = decision_of(
        first=date.fromisoformat(day), last=None, reason="示例：暴雪",
        decided_on=date.fromisoformat(day),
    )  # fmt: skip
    w.do(
        load_decision, said, kind=EditionKind.CLOSURE, paper=pdf(), by=w.people.administrator,
    )  # fmt: skip


def test_a_day_on_which_the_county_closed_counts_as_no_session(called, people):
    w = called
    w.acknowledge(w.meeting)
    w.until(instant("2018-04-18 08:00"))
    close_the_county(w, "2018-04-18")
    told = Message.objects.filter(key__startswith=f"off:session:{w.meeting.pk}:")
    assert [message.to for message in told] == [people.convenor]
    w.until(instant("2018-04-18 09:00"))
    with refused("这一天不上班"):
        w.do(sessions.open_session, w.meeting, by=people.convenor)

    page = text(Visit(people.convenor, w).get(f"/sessions/{w.meeting.public_id}/"))
    assert "这一天不上班" in page
    assert "改期：联合预审会" in [row.title for row in waiting_for(people.convenor, w.now)]
    w.do(sessions.cancel_session, w.meeting, reason="县里停办", by=people.convenor)
    w.until(instant("2018-04-19 09:00"))
    assert not Opinion.objects.filter(slot__filing=w.filing, slot__kind="meeting").exists()
    again = call(w, "2018-04-23")
    w.meeting = again
    w.hold(again)
    assert again.agenda.get().open_slots().count() == 0


def test_what_a_department_says_is_not_its_own_waits_for_the_next_session(called, people):
    w = called
    slot = w.open_slots(w.meeting)[0]
    own = people.department(slot.department.code)
    w.do(sessions.give_opinion, slot, position="not_ours", reason="应属应急局", by=own)
    w.do(sessions.cancel_session, w.meeting, reason="县里停办", by=people.convenor)
    again = call(w, "2018-04-23")
    slot.refresh_from_db()
    assert (slot.agenda.session, slot.not_ours_reason) == (again, "应属应急局")
    w.do(sessions.decide_not_ours, slot, accepted=True, reason="属实", by=people.convenor)


def test_who_opens_in_the_convenors_place_does_not_name_themselves_as_recorder(called, people):
    """Two persons keep the room: neither under one office nor under another is the opener the second."""
    w, clerk = called, people.window
    opener = Membership.objects.create(
        user=clerk.user, organisation=people.convenor.organisation, role=Role.CONVENOR, valid_from=clerk.valid_from
    )  # fmt: skip
    w.acknowledge(w.meeting)
    w.until(w.meeting.opens_at)
    for recorder in (clerk, opener):
        with refused("记录人", error=ValidationError):
            w.do(sessions.open_session, w.meeting, recorder=recorder, by=opener)
    w.do(sessions.open_session, w.meeting, recorder=clerk, by=people.convenor)


def test_with_the_first_instant_of_the_next_day_it_is_past(called, people):
    w = called
    w.until(instant("2018-04-19 00:00"))
    with refused("通知的日子已经过去"):
        w.do(sessions.open_session, w.meeting, by=people.convenor)


def test_a_session_whose_day_is_past_is_called_anew_and_nobody_was_absent(called, people):
    w = called
    w.acknowledge(w.meeting)
    w.until(instant("2018-04-19 09:00"))
    with refused("通知的日子已经过去"):
        w.do(sessions.open_session, w.meeting, by=people.convenor)

    assert "改期：联合预审会" in [row.title for row in waiting_for(people.convenor, w.now)]
    assert "通知的日子已经过去" in text(
        Visit(people.convenor, w).get(f"/sessions/{w.meeting.public_id}/")
    )
    w.do(sessions.cancel_session, w.meeting, reason="当天未能召开", by=people.convenor)
    assert not Opinion.objects.filter(slot__filing=w.filing, slot__kind="meeting").exists()
    assert w.filing in ready_for(SessionKind.MEETING)


def test_until_the_last_microsecond_of_its_day_it_may_begin(called, people):
    w = called
    w.until(instant("2018-04-18 23:59:59.999999"))

    assert w.do(sessions.open_session, w.meeting, by=people.convenor).stage == SessionStage.OPEN


def test_what_a_department_has_begun_outlasts_the_calling_off(called, people):
    """A draft stays with its question; nobody is asked meanwhile, and the next session asks it again, once."""
    w = called
    slot = w.meeting.agenda.get().slots.select_related("department").order_by("pk").first()
    asked = w.filing.slots.filter(kind="meeting").count()
    clerk = people.department(slot.department.code)
    w.do(sessions.save_draft, slot, reason="还要核对", by=clerk)

    w.do(sessions.cancel_session, w.meeting, reason="示例", by=people.convenor)

    left = w.filing.slots.filter(kind="meeting")
    assert [one.pk for one in left] == [slot.pk]
    assert left.get().draft.reason == "还要核对"
    assert not left.waiting().exists()
    assert not open_slots(clerk).filter(filing=w.pk).exists()
    assert filing_opinions_are_settled(w.filing)
    w.meeting = call(w, "2018-04-23")
    slot.refresh_from_db()
    assert slot.agenda.session == w.meeting
    assert w.filing.slots.filter(kind="meeting").count() == asked
