"""Planning a session: what is ready, who can come when, and a room that two cannot have."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import Organisation
from approvals.stages import Stage
from core import clock
from core.deadlines.services import local
from desk.queries.work import week_of
from prereview import services as sessions
from prereview.models import AgendaItem, DayAway, RoomHour, Session
from prereview.queries.planning import plan_for, ready_filings, shown
from prereview.queries.second_visits import NOT_HERE, why_not_asked
from prereview.rules.proposal import AWAY, BUSY, propose
from prereview.stages import SessionKind
from tests.api.programs import Program
from tests.approvals.browse import text
from tests.conftest import instant
from tests.prereview.onsite import Device
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import evidence, refused
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _two(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.ACCEPTED)
    other = walk(
        people, instant("2018-04-11 09:00"), to=Stage.ACCEPTED, project_name="示例二号项目",
        project_code="2018-140722-13-03-000102", site_detail="示例二村",
    )  # fmt: skip
    w.other = other.pk
    w.until(instant("2018-04-16 09:00"))
    return w


walked, ready = standing(_two)


def call(w, *filings, opens_at="2018-04-18 09:00", **more):
    return w.do(
        sessions.call_session, kind=SessionKind.SURVEY, filings=list(filings) or [w.filing],
        opens_at=instant(opens_at), by=w.people.convenor, **{"place": "示例村口", **more},
    )  # fmt: skip


def other(w):
    return type(w.filing).objects.get(pk=w.other)


# — the page ——————————————————————————————————————————————————————————————————————————


def test_the_page_says_since_when_until_when_where_and_whom(ready, people):
    page = Page(people.convenor, ready).says("plan", kind="survey")
    assert page.count("示例小杂粮加工项目") == 1
    assert "示例二村" in page
    assert "住房" in page
    assert "须在以前" in page


def test_chosen_together_they_get_the_earliest_time_and_are_called_on_one_route(ready, people):
    desk = Page(people.convenor, ready)
    chosen = [ready.pk, ready.other]
    page = desk.says("plan", kind="survey", filings=chosen)
    assert "为什么不能更早" in page
    assert "2018年4月18日" in page
    done = desk.post(
        "plan", query="?kind=survey", filings=chosen, opens_at="2018-04-18T09:00", place="示例村口"
    )
    assert done.status_code == 302
    session = Session.objects.get()
    times = [item.planned_at for item in session.agenda.all()]
    assert times == [instant("2018-04-18 09:00"), instant("2018-04-18 10:15")]
    assert "10:15" in desk.says("route_sheet", session.public_id)


def test_nothing_chosen_is_said_and_what_waits_for_the_other_kind_is_one_step_away(ready, people):
    desk = Page(people.convenor, ready)
    assert "请至少选择一个申报件" not in desk.says("plan", kind="survey")
    assert "请至少选择一个申报件" in desk.says("plan", kind="survey", look="1")
    assert "等待联合勘察的有2件" in desk.says("plan")


def test_a_survey_meets_at_its_first_site_and_too_early_is_said_with_the_day(ready, people):
    desk = Page(people.convenor, ready)
    page = desk.says("plan", kind="survey", filings=[ready.other])
    assert "示例二村" in page.split("地点")[-1]
    refusal = desk.post(
        "plan", query="?kind=survey", filings=[ready.other], opens_at="2018-04-17T09:00", place="示例二村"
    )  # fmt: skip
    assert "最早可在4月18日（周三）召开" in refusal.content.decode()


def test_the_page_asks_the_same_number_of_questions_for_one_filing_and_for_two(
    ready, people, django_assert_max_num_queries
):
    counts = []
    for chosen in ([ready.pk], [ready.pk, ready.other]):
        with django_assert_max_num_queries(60) as asked:
            Page(people.convenor, ready).says("plan", kind="survey", filings=chosen)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_week_shows_the_days_sessions_in_their_order(ready, people):
    call(ready, ready.filing, opens_at="2018-04-18 10:30")
    call(ready, other(ready), opens_at="2018-04-18 09:30")
    week = week_of(people.convenor, ready.now, [])
    assert [one["time"] for day in week for one in day["events"]] == ["09:30", "10:30"]


# — calendars ——————————————————————————————————————————————————————————————————————————


def test_a_day_away_moves_the_proposal_and_says_why(ready, people):
    clerk = people.department("ZJJ")
    day = date(2018, 4, 18)
    with refused(error=PermissionDenied):
        ready.do(sessions.enter_day_away, day=day, reason="培训", by=people.convenor)
    with refused("今天或者以后", error=ValidationError):
        ready.do(sessions.enter_day_away, day=date(2018, 4, 13), reason="培训", by=clerk)
    away = ready.do(sessions.enter_day_away, day=day, reason="培训", by=clerk)
    with refused("已登记"):
        ready.do(sessions.enter_day_away, day=day, reason="培训", by=clerk)

    found = proposal(ready, people)

    assert found.starts.date() == date(2018, 4, 19)
    assert (found.passed[-1].why, found.passed[-1].who) == (AWAY, "ZJJ")
    with refused(error=PermissionDenied):
        ready.do(sessions.withdraw_day_away, away, by=people.department("ZRJ"))
    ready.do(sessions.withdraw_day_away, away, by=clerk)
    ready.do(sessions.withdraw_day_away, away, by=clerk)
    assert not DayAway.objects.exists()
    assert proposal(ready, people).starts.date() == day


def proposal(w, people):
    rows = shown(ready_filings(SessionKind.SURVEY, people.convenor))
    return propose(plan_for(SessionKind.SURVEY, rows, w.now).wish)


def test_a_department_that_is_summoned_elsewhere_is_not_free(ready, people):
    call(ready)
    found = proposal(ready, people)
    assert found.passed[-1].why == BUSY
    assert found.starts > instant("2018-04-18 09:00")


def test_a_time_at_which_somebody_is_elsewhere_is_taken_only_by_who_says_so(ready, people):
    held = call(ready, minutes=60)
    ready.do(
        sessions.enter_day_away, day=date(2018, 4, 18), reason="培训", by=people.department("ZJJ")
    )
    desk = Page(people.convenor, ready)
    wanted = {
        "filings": [ready.other],
        "opens_at": "2018-04-18T09:30",
        "place": "示例二村",
        "minutes": 30,
    }
    for name in ("plan", "call"):
        refusal = desk.post(name, query="?kind=survey", **wanted)
        said = text(refusal)
        assert refusal.status_code == 422
        # one session that keeps several of them is said once
        labels = [one.department.label for one in held.invitations.order_by("department__code")]
        assert f"部门已有会次（{'、'.join(labels)}，{held.number}）" in said
        assert "培训" in said
        assert "仍定在这个时间" in said
    with clock.driven(ready.now):
        program = Program(Client(), people.convenor, days=30)
        asked = {"kind": "survey", "filings": other(ready).public_id}
        plan = f"sessions/plan/?{urlencode({**asked, 'opens_at': '2018-04-18T09:30+08:00'})}"
        assert {one["why"] for one in program.get(plan).json()["clashes"]} == {str(AWAY), str(BUSY)}
        assert program.get(f"sessions/plan/?{urlencode(asked)}").json()["clashes"] == []
        assert program.get(f"{plan}x").status_code == 422
    assert "时间冲突" in text(desk.post("plan", query="?kind=survey", **wanted))
    assert Session.objects.count() == 1
    later = {**wanted, "opens_at": "2018-04-19T10:00"}
    assert "仍定在这个时间" not in text(
        desk.post("plan", query="?kind=survey", **later, room="R999")
    )
    done = desk.post("plan", query="?kind=survey", **wanted, anyway="on")
    assert done.status_code == 302
    moved = Session.objects.exclude(pk=held.pk).get()
    # a session is in its own way at no other time; the one beside it is
    onto = {"reason": "车辆检修", "minutes": 30}
    beside = desk.post("session_move", moved.public_id, opens_at="2018-04-18T09:15", **onto)
    assert held.number in text(beside)
    assert moved.number not in text(beside).split("仍定在这个时间")[0].split("还有内容需要改")[1]


# — rooms —————————————————————————————————————————————————————————————————————————————


def test_a_room_is_taken_once_and_free_again_when_the_session_is_called_off(ready, people):
    first = call(ready, room="R201", place="", minutes=60)
    with refused("已被左承勘会"):
        call(ready, other(ready), opens_at="2018-04-18 09:30", room="R201", place="")
    with refused("没有这个会议室", error=ValidationError):
        call(ready, other(ready), room="R999", place="")
    with refused("地点", error=ValidationError):
        call(ready, other(ready), place=" ")
    assert call(ready, other(ready), opens_at="2018-04-18 10:00", room="R201").place == "示例村口"
    ready.do(sessions.cancel_session, first, reason="示例", by=people.convenor)
    assert not RoomHour.objects.filter(session=first).exists()


# — the route ————————————————————————————————————————————————————————————————————————


def test_a_route_is_changed_beforehand_and_never_brought_forward_on_the_day(ready, people):
    nine, ten, eleven = (instant(f"2018-04-18 {hour}:00") for hour in ("09", "10", "11"))
    with refused("先后不同", error=ValidationError):
        call(ready, ready.filing, other(ready), stops=[ten, ten])
    session = call(ready, ready.filing, other(ready), stops=[nine, ten])
    one, two = session.agenda.all()

    def plan(order, times, by=people.convenor):
        return ready.do(sessions.plan_route, session, order=order, times=times, by=by)

    with refused(error=PermissionDenied):
        plan([two, one], [nine, ten], by=people.window)
    with refused("每一个点", error=ValidationError):
        plan([two], [nine])
    with refused("不早于", error=ValidationError):
        plan([two, one], [local(date(2018, 4, 18), 8), ten])
    plan([two, one], [nine, eleven])
    assert list(session.agenda.values_list("pk", flat=True)) == [two.pk, one.pk]
    assert len(evidence(session.book, "plan_route")["stops"]) == 2
    ready.until(local(date(2018, 4, 18), 8, 30))
    with refused("不能提前"):
        plan([two, one], [nine, ten])
    ready.until(nine)
    ready.do(sessions.open_session, session, by=people.convenor)
    with refused("提前开始"):
        ready.do(sessions.close_item, one, by=people.convenor)
    ready.do(sessions.close_item, two, by=people.convenor)


# — on the site ———————————————————————————————————————————————————————————————————————


def test_who_is_asked_at_one_stop_enters_nothing_at_another(ready, people):
    session = call(ready, ready.filing, other(ready))
    one, two = session.agenda.all()
    ready.do(
        sessions.add_department, session, department=Organisation.objects.get(code="WLJ"), reason="邻近文物",
        agenda=[one], by=people.convenor,
    )  # fmt: skip
    ready.until(session.opens_at)
    ready.do(sessions.open_session, session, by=people.convenor)
    device = Device(ready, people.department("WLJ"))
    ready.stop = two
    with refused("没有请本部门", error=PermissionDenied):
        device.finds()
    assert "现场勘察" in Page(people.department("WLJ"), ready).says("site", two.pk)
    ready.stop = one
    assert device.finds().department.code == "WLJ"
    for item in (one, two):
        ready.do(sessions.close_item, item, by=people.convenor)
    own = people.department("WLJ")
    with refused("没有被召集到这一个现场"):  # and so nobody hands it that case's file
        ready.do(sessions.ask_second_visit, two, reason="也想看", by=own)
    assert NOT_HERE not in why_not_asked(AgendaItem.objects.get(pk=one.pk), own)


def test_a_visit_has_no_recorder_and_no_wall(ready, people):
    session = call(ready)
    ready.until(session.opens_at)
    assert "记录人" not in Page(people.convenor, ready).says("session_open", session.public_id)
    with refused("不设记录人", error=ValidationError):
        ready.do(sessions.open_session, session, recorder=people.window, by=people.convenor)
    done = Page(people.convenor, ready).post("session_open", session.public_id)
    assert done.status_code == 302
    Session.objects.update(recorder=people.window)  # opened so before
    ready.stop = session.agenda.get()
    Device(ready, people.department("ZJJ")).comes()
    assert session.invitations.get(department__code="ZJJ").checked_in_at
