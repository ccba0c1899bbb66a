"""A department stayed away: served in time, not excused, not in the room when its item closed.

The meeting is on Wednesday, 18 April 2018; the item closes at 09:30-odd. Who was there has three working days
to speak; for who stayed away the time ends with the item.
"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals.stages import Approval, Channel, Stage
from desk.queries.work import waiting_for
from prereview import services as sessions
from prereview.models import Opinion
from prereview.stages import Answer, Position, SessionKind, SlotState
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import (
    event,
    first_instant,
    however_swept,
    in_order,
    papers,
    refused,
    sound,
    told,
    undone,
)
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db
AWAY = ["QXJ"]


def _called(people):
    """A meeting called for 18 April; nobody has signed for the summons yet."""
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == instant("2018-04-18 09:00")
    return w


walked, called = standing(_called)


def hold(w, skip=()):
    """The meeting with the weather bureau away; all others speak."""
    w.acknowledge(w.meeting, skip=skip)
    w.open(w.meeting, absent=AWAY)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=AWAY)
    return w


def summons(w, code="QXJ"):
    return w.meeting.invitations.get(department__code=code)


def test_before_the_hour_and_outside_the_room_nobody_is_marked(called, people):
    w = called
    # Nobody signs in before the session is open, and it does not open before its hour.
    with refused("尚未开始"):
        w.do(sessions.check_in, summons(w), by=people.department("QXJ"))
    with refused("还没有到通知的开始时间"):
        w.do(sessions.open_session, w.meeting, by=people.convenor)
    # A summons is signed for by its own department, and an excuse is the head's and has a reason.
    with refused(error=PermissionDenied):
        w.do(sessions.acknowledge, summons(w), by=people.department("ZJJ"))
    with refused(error=PermissionDenied):
        w.do(
            sessions.lodge_excuse,
            summons(w),
            ground="上级或者县里安排的紧急任务",
            text="全员值守",
            by=people.department("QXJ"),
        )
    with refused(error=ValidationError):
        w.do(
            sessions.lodge_excuse,
            summons(w),
            ground="上级或者县里安排的紧急任务",
            text=" ",
            by=people.head("QXJ"),
        )
    # After the opening it is too late for an excuse.
    w.acknowledge(w.meeting)
    w.open(w.meeting, absent=AWAY)
    with refused("开始前"):
        w.do(
            sessions.lodge_excuse,
            summons(w),
            ground="上级或者县里安排的紧急任务",
            text="全员值守",
            by=people.head("QXJ"),
        )


def test_absence_is_no_objection_from_the_close_of_the_item(called, people, at):
    w = hold(called)
    closed = w.meeting.agenda.get().closed_at
    slot = w.slot("QXJ", "C03")
    # The time of who stayed away ended with the item: an opinion the same afternoon is a late one,
    with refused("期限已过"):
        w.do(sessions.give_opinion, slot, position=Position.AGREE, by=people.department("QXJ"))
    # yet the conclusion waits until the default stands, and nobody may hurry it on the same day.
    with refused("意见未齐"):
        w.conclude()
    with refused("拟视同无异议"):
        w.do(sessions.confirm_default, slot, by=people.convenor)
    found = however_swept(w, at("2018-04-27 09:00"))
    assert ("meeting", 1, "QXJ", "C03", Position.DEEMED_ABSENCE, closed) in found["opinions"]
    # Candidate on the 19th, confirmed by itself on Friday the 20th: only then the minutes' limit begins.
    assert next(row for row in found["limits"] if row[0] == "P5c")[2] == first_instant(
        at("2018-04-20 00:00")
    )
    book = w.filing.book
    assert in_order(
        ["agenda_closed", "slot_candidate", "deemed_absence", "issue_paper"], acts(book)
    )
    assert event(book, "slot_candidate") == at("2018-04-19 00:00")
    assert event(book, "deemed_absence") == closed
    # The notice of absence is another paper than that of silence, and rests on the roll.
    assert (len(papers(book, "DOC15")), papers(book, "DOC14")) == (1, [])
    notice = Opinion.objects.get(slot=w.slot("QXJ", "C03")).paper
    assert "未签到" in notice.content["facts_text"]
    # It shows the notice that was kept: counted from the signature, over on the day on which its table ends.
    limit, days = notice.content["limit"], notice.content["day_table"]
    assert limit["starts_text"] == days[0]["date_text"]
    assert limit["due_text"] == days[-1]["date_text"]
    assert told(people.department("QXJ"), "视同无异议")
    assert told(people.enterprise, "视同无异议")
    # What the statute demands of the bureau is owed as before, and the case goes on.
    assert w.filing.items.get(code="C03").approval == Approval.OWED
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING
    assert sound()


def test_absence_before_the_long_holiday_of_the_new_year(people, at):
    """The item closes on 14 February, the eve of the Spring Festival holiday: the 22nd and 23rd come next."""
    w = walk(people, at("2018-02-09 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    assert w.meeting.opens_at == at("2018-02-14 09:00")
    w.hold(w.meeting, absent=AWAY)
    found = however_swept(w, at("2018-02-28 09:00"))
    assert (
        "meeting",
        1,
        "QXJ",
        "C03",
        Position.DEEMED_ABSENCE,
        w.meeting.agenda.get().closed_at,
    ) in found["opinions"]
    assert event(w.filing.book, "slot_candidate") == at("2018-02-22 00:00")
    assert next(row for row in found["limits"] if row[0] == "P5c")[2] == first_instant(
        at("2018-02-23 00:00")
    )
    assert sound()


def test_a_meeting_called_long_before_gives_the_notice_its_own_end(people, at):
    """Two working days from the 16th are over on the 18th, whenever the meeting is."""
    w = walk(people, at("2018-04-16 09:00"), to=Stage.PREREVIEWING)
    called = {"filings": [w.filing], "opens_at": at("2018-04-25 09:00"), "place": "示例会议室"}
    w.meeting = w.do(sessions.call_session, kind=SessionKind.MEETING, by=people.convenor, **called)
    w.hold(w.meeting, absent=AWAY)
    however_swept(w, at("2018-05-07 09:00"))

    content = Opinion.objects.get(slot=w.slot("QXJ", "C03")).paper.content
    first, last = content["day_table"][0], content["day_table"][-1]
    assert content["limit"]["starts_text"] == first["date_text"]
    assert content["limit"]["due_text"] == last["date_text"]
    assert last["date_text"] < "2018年4月25日"


def test_without_proof_of_service_nothing_is_drawn(called, people, at):
    """Nobody signed for the summons: the slot is held, and its way out is to serve anew."""
    w = hold(called, skip=AWAY)
    # The limit to sign for it passed, and the convenor was told to serve it another way.
    assert in_order(["serve", "second_channel"], acts(w.meeting.book))
    assert event(w.meeting.book, "second_channel") == at("2018-04-18 00:00")
    assert told(people.convenor, "第二种方式送达")
    w.until(at("2018-04-30 09:00"))
    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.held_because[:6]) == (SlotState.HELD, "没有送达凭证")
    assert told(people.convenor, "默认已暂停")
    (row,) = (row for row in waiting_for(people.convenor, w.now) if "防雷" in row.title)
    assert row.silence.endswith("处理以前不会视同无异议。")  # not what silence would have done
    assert papers(w.filing.book, "DOC15") == []
    with refused("意见未齐"):
        w.conclude()
    with refused("没有送达凭证"):
        w.do(sessions.serve_slot_again, slot, by=people.convenor)
    # Without a scan the second channel proves nothing; signing today proves nothing for the meeting of then.
    second = {"channel": Channel.PAPER, "received_by": "孙示例", "by": people.window}
    with refused(error=ValidationError):
        w.do(sessions.serve_by_second_channel, summons(w), **second)
    w.do(sessions.serve_by_second_channel, summons(w), upload=png(), **second)
    w.until(at("2018-05-03 09:00"))
    assert w.slot("QXJ", "C03").state == SlotState.HELD
    # Served again the department has a limit of its own: 4, 7 and 8 May, after the holiday of 1 May.
    w.do(sessions.serve_slot_again, w.slot("QXJ", "C03"), by=people.convenor)
    assert w.slot("QXJ", "C03").due_at == at("2018-05-09 00:00")
    with undone(w):
        w.do(
            sessions.give_opinion,
            w.slot("QXJ", "C03"),
            position=Position.AGREE,
            by=people.department("QXJ"),
        )
        assert w.slot("QXJ", "C03").opinion.position == Position.AGREE
    found = however_swept(w, at("2018-05-16 09:00"))
    assert ("meeting", 1, "QXJ", "C03", Position.DEEMED_TIMEOUT, at("2018-05-09 00:00")) in found[
        "opinions"
    ]
    assert sound()


def lodge(w, people):
    w.do(
        sessions.lodge_excuse,
        summons(w),
        ground="上级或者县里安排的紧急任务",
        text="全员值守",
        by=people.head("QXJ"),
    )
    assert told(people.convenor, "请假")
    return w


def test_an_excuse_that_is_granted_leaves_the_time_to_write(called, people, at):
    w = lodge(called, people)
    # Only the convenor decides it, and once.
    with refused(error=PermissionDenied):
        w.do(sessions.decide_excuse, summons(w), granted=True, reason="", by=people.head("QXJ"))
    w.do(sessions.decide_excuse, summons(w), granted=True, reason="属实", by=people.convenor)
    with refused("没有待决定的请假"):
        w.do(sessions.decide_excuse, summons(w), granted=False, reason="", by=people.convenor)
    hold(w)
    # The department owes its opinion in writing within three working days: 19, 20 and 23 April.
    slot = w.slot("QXJ", "C03")
    assert slot.due_at == at("2018-04-24 00:00")
    with undone(w):
        w.until(at("2018-04-23 16:00"))
        w.do(sessions.give_opinion, slot, position=Position.AGREE, by=people.department("QXJ"))
        w.conclude()
        assert w.filing.stage == Stage.COMMITTING
    # Silent all the same, it is a timeout and no absence.
    found = however_swept(w, at("2018-05-04 09:00"))
    assert ("meeting", 1, "QXJ", "C03", Position.DEEMED_TIMEOUT, slot.due_at) in found["opinions"]
    assert papers(w.filing.book, "DOC15") == []


def test_an_excuse_that_nobody_decided_holds_the_default(called, people, at):
    w = hold(lodge(called, people))
    closed = w.meeting.agenda.get().closed_at
    w.until(at("2018-04-26 09:00"))
    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.held_because[:6]) == (SlotState.HELD, "缺席理由尚未")
    with refused("意见未齐"):
        w.conclude()
    # Refused days later, the absence is one from the close; the next step opens only with the refusal.
    w.do(
        sessions.decide_excuse,
        summons(w),
        granted=False,
        reason="值班表上另有三人",
        by=people.convenor,
    )
    assert summons(w).answer == Answer.REFUSED
    opinion = Opinion.objects.get(slot=slot)
    assert (opinion.position, opinion.effective_at) == (Position.DEEMED_ABSENCE, closed)
    assert w.filing.limits.get(rule="P5c").started_at == at("2018-04-26 09:00")
    assert sound()


def test_who_leaves_before_the_item_closes_was_not_there(called, people, at):
    w = called
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.do(sessions.leave, summons(w), by=people.department("QXJ"))
    w.close(w.meeting)
    w.opinions(w.meeting, silent=AWAY)
    found = however_swept(w, at("2018-04-27 09:00"))
    closed = w.meeting.agenda.get().closed_at
    assert ("meeting", 1, "QXJ", "C03", Position.DEEMED_ABSENCE, closed) in found["opinions"]
    # Its default can be contested; the roll in the book says when it left.
    assert in_order(["check_in", "leave", "close_item"], acts(w.meeting.book))


def test_an_opinion_given_before_the_meeting_stands_in_absence(called, people, at):
    """Who has spoken in writing beforehand is not silent, even if its chair stays empty."""
    w = called
    w.acknowledge(w.meeting)
    w.do(
        sessions.give_opinion,
        w.slot("QXJ", "C03"),
        position=Position.AGREE,
        by=people.department("QXJ"),
    )
    w.open(w.meeting, absent=AWAY)
    w.close(w.meeting)
    w.opinions(w.meeting)
    w.until(at("2018-04-27 09:00"))
    assert w.slot("QXJ", "C03").opinion.position == Position.AGREE
    assert papers(w.filing.book, "DOC15") == []


def test_absent_from_the_survey_no_second_visit_is_demanded(people, at):
    w = walk(people, at("2018-04-11 09:00"), to=Stage.SURVEYING)
    w.hold(w.survey, absent=["ZRJ"])
    closed = w.survey.agenda.get().closed_at
    found = however_swept(w, at("2018-04-23 09:00"))
    # Even the department behind a red line: to the record of a visit nobody's approval is tied.
    assert ("survey", 1, "ZRJ", None, Position.DEEMED_ABSENCE, closed) in found["opinions"]
    assert found["stage"][:2] == (Stage.PREREVIEWING, first_instant(at("2018-04-17 00:00")))
    assert w.filing.items.get(code="R04").approval == Approval.OWED
    opinion = Opinion.objects.get(slot__filing=w.filing, slot__department__code="ZRJ")
    assert "再次勘察" in opinion.paper.content["matters"][0]["effect"]
    assert sound()


def test_who_left_before_the_end_is_not_on_the_roll_of_the_minutes(called, people):
    w = called
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.do(sessions.leave, summons(w), by=people.department("QXJ"))
    w.close(w.meeting)
    w.opinions(w.meeting, silent=AWAY)
    w.morning(3)
    w.conclude()
    paper = w.filing.minutes.content
    left = {row["department"]: row["note"] for row in paper["absent"]}
    assert list(left.values()) == ["本项议程结束前离会"]
    assert not {row["department"] for row in paper["present"]} & set(left)
    notice = w.slot("QXJ", "C03", w.meeting).opinion.paper
    assert "不在会场" in notice.content["facts_text"]


def test_served_on_paper_too_late_for_the_minimum_notice_nothing_is_drawn_from_absence(
    called, people, at
):
    """Two working days' notice, and the paper came on the morning of the meeting."""
    w = called
    w.acknowledge(w.meeting, skip=AWAY)
    w.until(at("2018-04-18 08:30"))
    second = {"channel": Channel.PAPER, "received_by": "孙示例", "upload": png()}
    w.do(sessions.serve_by_second_channel, summons(w), by=people.window, **second)
    w.open(w.meeting, absent=AWAY)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=AWAY)
    w.until(at("2018-04-27 09:00"))
    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.held_because[:7]) == (SlotState.HELD, "通知少于规定的")
    # Served again it has a limit of its own; silence then is a timeout, and the notice tells the service as it was.
    w.do(sessions.serve_slot_again, slot, by=people.convenor)
    w.until(at("2018-05-14 09:00"))
    opinion = w.slot("QXJ", "C03").opinion
    assert opinion.position == Position.DEEMED_TIMEOUT
    assert opinion.paper.content["service"][0]["served_text"].startswith("2018年4月18日")
    # The lightning item is committed to here: no approval is owed before the start once the letter is published.
    assert "由承诺代替" in opinion.paper.content["matters"][0]["approval"]
