"""What holds while a meeting runs: one item at a time, and who has come is not warned of an absence."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from desk.queries.work.others import department
from desk.queries.work.rows import Seen
from prereview import services
from prereview.queries.words import silence
from prereview.views.room import agenda_rows
from tests.approvals.browse import text
from tests.conftest import instant
from tests.prereview.meeting import Meeting
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused

pytestmark = pytest.mark.django_db


def _begun(people):
    """Two filings in a meeting that is open; the first of its departments has come in."""
    meeting = Meeting(people, instant("2018-03-05 09:00"), filings=2).call().open()
    return meeting.come(next(iter(meeting.departments())))


walked, room = standing(_begun)


def two_of(room):
    """Who has come, and who has not."""
    came, away, *_rest = room.departments().values()
    return came, away


def test_one_item_at_a_time(room, people):
    first, second = room.item(1), room.item(2)
    room.do(services.open_item, first, by=people.convenor)
    # closed unopened, it would be opened, too
    for service in (services.open_item, services.close_item):
        with refused("“示例项目1”正在审议"):
            room.do(service, room.item(2), by=people.convenor)
    with pytest.raises(PermissionDenied):  # the wrong person learns nothing of what runs
        room.do(services.open_item, second, by=two_of(room)[0])
    assert room.item(2).opened_at is None
    rows = agenda_rows(room.fresh, people.convenor)
    assert [(row["can_open"], row["can_close"]) for row in rows] == [(False, True), (False, False)]
    room.do(services.open_item, room.item(1), by=people.convenor)  # said twice it stands once
    room.do(services.close_item, room.item(1), by=people.convenor)
    room.do(services.open_item, room.item(2), by=people.convenor)
    assert [room.item(n).opened_at is not None for n in (1, 2)] == [True, True]


def test_the_second_may_be_heard_first(room, people):
    room.do(services.open_item, room.item(2), by=people.convenor)
    with refused("“示例项目2”正在审议"):
        room.do(services.open_item, room.item(1), by=people.convenor)


def test_a_refusal_because_its_time_is_past_asks_nobody_to_change_what_they_typed(room, people):
    room.do(services.open_item, room.item(1), by=people.convenor)
    refusal = Page(people.convenor, room).post("item_open", room.item(2).pk)
    assert refusal.status_code == 409
    assert "现在不能办理" in text(refusal)
    assert "还有内容需要改" not in text(refusal)
    away = Page(two_of(room)[1], room)
    wrong = away.post("by_code", room.session.public_id, code="AAAAAAAA")
    assert wrong.status_code == 422
    assert "还有内容需要改" in text(wrong)


def read_by(room, clerk):
    """What the desk and the page of the session say to somebody."""
    seen = Seen(clerk, room.now, None)
    client = Client()
    client.force_login(clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    with room.shown():
        (row,) = [row for row in department(seen) if room.session.number in row.sub]
        page = client.get(reverse("prereview:session", args=[room.session.public_id]))
    return str(row.silence), page.content.decode()


def test_who_has_come_reads_nothing_of_an_absence_and_who_has_not_does(room):
    came, away = two_of(room)
    for one, warned in ((came, False), (away, True)):
        slot = room.slots(department=one.organisation)[0]
        sentence = silence(slot, room.summons(one.organisation.code))
        for said in (sentence, *read_by(room, one)):
            assert ("无正当理由缺席" in said) is warned
            assert "视同无异议" in said, "what silence comes to is said to both"
        page = read_by(room, one)[1]
        assert "应办的审批仍须办理" in page
        assert "不视为同意" in page
    room.do(services.leave, room.summons(came.organisation.code), by=came)
    assert all("无正当理由缺席" in said for said in read_by(room, came))
