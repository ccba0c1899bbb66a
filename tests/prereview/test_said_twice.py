"""What is done twice, by two persons at once, or after the end: the first stands, and nothing is written over."""

import pytest
from django.core.exceptions import PermissionDenied

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import Channel, Stage
from prereview import services as sessions
from prereview.stages import Conclusion, SessionKind
from tests.stories.telling import refused
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(people, at):
    """A meeting is called; nobody has signed for the summons yet."""
    w = walk(people, at("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-04-16 09:00"))
    w.call_meeting()
    return w


def summons(w, code="QXJ"):
    return w.meeting.invitations.get(department__code=code)


def test_who_left_before_the_close_is_not_there_by_leaving_once_more(called, people):
    w = called
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.do(sessions.leave, summons(w), by=people.department("QXJ"))
    left = summons(w).left_at
    item = w.meeting.agenda.get()
    w.do(sessions.open_item, item, by=people.convenor)
    w.do(sessions.close_item, item, by=people.convenor)
    w.do(sessions.leave, summons(w), by=people.department("QXJ"))
    assert summons(w).left_at == left
    assert not summons(w).present_at(w.meeting.agenda.get().closed_at)
    assert acts(w.meeting.book).count("leave") == 1
    with refused(error=PermissionDenied):
        w.do(sessions.leave, summons(w), by=people.department("ZJJ"))


def test_a_service_proven_in_time_is_not_written_over(called, people):
    w = called
    w.acknowledge(w.meeting)
    signed = summons(w).acknowledged_at
    with refused("已签收"):
        w.do(
            sessions.serve_by_second_channel,
            summons(w),
            channel=Channel.PAPER,
            received_by="张示例",
            upload=png(),
            by=people.window,
        )
    assert summons(w).acknowledged_at == signed


def test_a_session_is_called_on_what_the_filing_is_and_not_on_what_a_page_remembers(people, at):
    w = walk(people, at("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    remembered = w.filing
    Filing.objects.filter(pk=w.pk).update(round=2)
    w.until(at("2018-04-16 09:00"))
    w.meeting = w.do(
        sessions.call_session,
        kind=SessionKind.MEETING,
        filings=[remembered],
        opens_at=at("2018-04-23 09:00"),
        place="政务大厅",
        by=people.convenor,
    )
    assert w.meeting.agenda.get().round == 2
    assert set(w.filing.slots.filter(agenda__session=w.meeting).values_list("round")) == {(2,)}


def test_nothing_is_concluded_about_a_filing_that_was_taken_back(called, people):
    w = called
    w.hold(w.meeting)
    w.do(filings.withdraw, w.filing, reason="另选址", by=people.enterprise)
    with refused("当前阶段"):
        w.conclude(Conclusion.AGAIN, reasons="补充材料后再议")
    assert (w.filing.stage, w.filing.round) == (Stage.WITHDRAWN, 1)
    assert w.meeting.agenda.get().minutes is None
