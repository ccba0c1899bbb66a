"""Excuses, substitutes, authority: received before the opening to the microsecond; decided with a date, or refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from approvals.stages import Stage
from prereview import services as sessions
from prereview.models import Opinion
from prereview.queries import grounds_at
from prereview.stages import Answer, Authority, Position, SlotState
from tests.conftest import instant
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import evidence, refused, told
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
MICRO = timedelta(microseconds=1)
GROUND = "不可抗力"
OPENS = instant("2018-04-18 09:00")


def _called(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting)
    return w


walked, called = standing(_called)


def summons(w, code="QXJ"):
    return w.meeting.invitations.get(department__code=code)


def slot_of(w):
    return w.slot("QXJ", "C03")


def lodge(w, people, **said):
    fields = {"ground": GROUND, "text": "道路中断", **said}
    return w.do(sessions.lodge_excuse, summons(w), by=people.head("QXJ"), **fields)


def decide(w, people, granted=True, reason="属实", **said):
    return w.do(
        sessions.decide_excuse, summons(w), granted=granted, reason=reason, by=people.convenor, **said
    )  # fmt: skip


def hold(w):
    w.open(w.meeting, absent=["QXJ"])
    w.close(w.meeting)
    w.opinions(w.meeting, silent=["QXJ"])


@pytest.mark.parametrize(
    ("received", "counts"), [(-MICRO, True), (timedelta(), False), (MICRO, False)]
)
def test_an_excuse_is_received_before_the_recorded_opening_or_it_is_none(
    called, people, received, counts
):
    """Its request was under way when the convenor opened: the instant of its receipt decides, not of its turn."""
    w = called
    w.until(OPENS + timedelta(minutes=2))
    w.do(sessions.open_session, w.meeting, by=people.convenor)
    w.meeting.refresh_from_db()
    w.now = w.meeting.opened_at + received
    if not counts:
        with refused("请假须在会议（勘察）开始前"):
            lodge(w, people)
        return
    lodge(w, people)
    assert summons(w).answer == Answer.EXCUSE


def test_the_grounds_are_the_countys(called, people, at):
    w = called
    assert GROUND in [one.name for one in grounds_at(w.now)]
    assert all(one.basis and one.certainty == "I" for one in grounds_at(w.now))
    with refused("请选择县规则列明的事由", error=ValidationError):
        lodge(w, people, ground="工作忙")
    page = Page(people.head("QXJ"), w)
    assert "依法应当回避" in page.says("excuse", summons(w).pk)
    assert page.post("excuse", summons(w).pk, ground="工作忙", text="忙").status_code == 422


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        (date(2018, 4, 18), "之后的一个工作日"),  # the day of the meeting
        (date(2018, 4, 22), "之后的一个工作日"),  # a Sunday
        (date(2018, 4, 29), "之后的一个工作日"),  # the holiday of 1 May
        (date(2019, 6, 3), "尚未公布"),
    ],
)
def test_a_date_for_the_opinion_is_a_working_day_after_the_meeting(called, people, day, wrong):
    w = called
    lodge(w, people)
    with refused(wrong, error=ValidationError):
        decide(w, people, opinion_by=day)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (None, "2018-04-24 00:00"),  # three working days, as for everybody
        (date(2018, 4, 19), "2018-04-24 00:00"),  # never less than the rule gives
        (date(2018, 4, 23), "2018-04-24 00:00"),
        (date(2018, 4, 28), "2018-04-29 00:00"),  # the make-up Saturday before 1 May
    ],
)
def test_granted_with_a_new_date_the_limit_runs_until_then_and_passing_it_is_a_timeout(
    called, people, at, day, due
):
    w = called
    lodge(w, people)
    decide(w, people, opinion_by=day)
    assert told(people.department("QXJ"), "请假已准")
    hold(w)
    slot = slot_of(w)
    assert slot.due_at == at(due)
    w.until(at("2018-05-09 09:00"))
    opinion = Opinion.objects.get(slot=slot)
    assert (opinion.position, opinion.effective_at) == (Position.DEEMED_TIMEOUT, at(due))


def test_granted_days_after_the_meeting_the_time_begins_with_the_decision(called, people, at):
    w = called
    lodge(w, people)
    hold(w)
    w.until(at("2018-04-26 09:00"))
    assert slot_of(w).state == SlotState.HELD
    decide(w, people)
    # 27 and 28 April (a make-up Saturday) and 2 May; else the grant would have come with a default.
    assert (slot_of(w).state, slot_of(w).due_at) == (SlotState.AWAITED, at("2018-05-03 00:00"))
    w.do(sessions.give_opinion, slot_of(w), position=Position.AGREE, by=people.department("QXJ"))
    assert slot_of(w).opinion.position == Position.AGREE


def test_a_substitute_has_to_come_or_it_is_an_absence(called, people, at):
    w = called
    lodge(w, people)
    for wrong in ({"granted": False, "substitute": "周示例"},):
        with refused("派员代替", error=ValidationError):
            decide(w, people, **wrong)
    page = Page(people.convenor, w)
    answer = page.post(
        "decide_excuse", summons(w).pk, granted="yes", substitute="周示例", reason="属实"
    )
    assert answer.status_code == 302
    assert (summons(w).answer, summons(w).representative) == (Answer.SUBSTITUTE, "周示例")
    hold(w)
    w.until(at("2018-04-27 09:00"))
    opinion = slot_of(w).opinion
    assert opinion.position == Position.DEEMED_ABSENCE
    assert opinion.paper.content["excuse_text"] == "须派员代替到会"


@pytest.mark.parametrize(
    ("answered", "said", "authority"),
    [
        ("周示例", {}, Authority.NAMED),
        ("周示例", {"representative": "周示例"}, Authority.NAMED),
        ("周示例", {"representative": "吴示例"}, Authority.NONE),  # another than was named
        ("", {"representative": "吴示例"}, Authority.NONE),
        ("", {"representative": "吴示例", "authority": Authority.ROLE}, Authority.ROLE),
        ("周示例", {"authority": Authority.NONE}, Authority.NONE),
    ],
)
def test_by_what_a_representative_speaks(called, people, answered, said, authority):
    w = called
    if answered:
        w.do(
            sessions.answer_coming, summons(w), representative=answered, by=people.department("QXJ")
        )
    w.open(w.meeting, absent=["QXJ"])
    w.do(sessions.check_in, summons(w), by=people.convenor, **said)
    assert summons(w).authority == authority
    assert evidence(w.meeting.book, "check_in")["authority"] == authority


def test_a_letter_is_kept_and_its_own_people_need_none(called, people):
    w = called
    w.open(w.meeting, absent=["QXJ", "ZJJ"])
    with refused("请上传委托书", error=ValidationError):
        w.do(sessions.check_in, summons(w), authority=Authority.LETTER, by=people.convenor)
    w.do(
        sessions.check_in, summons(w), representative="吴示例", authority=Authority.LETTER,
        upload=pdf("委托书.pdf"), by=people.convenor,
    )  # fmt: skip
    assert summons(w).authority_file.name == "委托书.pdf"
    w.do(sessions.check_in, summons(w, "ZJJ"), by=people.department("ZJJ"))
    assert summons(w, "ZJJ").authority == Authority.ROLE
    page = Page(people.convenor, w).says("session", w.meeting.public_id)
    assert "授权委托书" in page


def test_who_comes_without_authority_was_there_and_silent_not_absent(called, people, at):
    w = called
    w.open(w.meeting, absent=["QXJ"])
    w.do(sessions.check_in, summons(w), representative="吴示例", by=people.convenor)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=["QXJ"])
    due = slot_of(w).due_at
    assert due == at("2018-04-24 00:00")
    w.until(at("2018-05-04 09:00"))
    opinion = slot_of(w).opinion
    assert (opinion.position, opinion.effective_at) == (Position.DEEMED_TIMEOUT, due)
    w.conclude()
    there = {row["name"] for row in w.filing.minutes.content["present"]}
    assert "吴示例（未出示授权，按到会未表态处理）" in there


def test_who_comes_after_its_item_was_closed_was_not_there_for_it(called, people, at):
    w = called
    w.open(w.meeting, absent=["QXJ"])
    item = w.meeting.agenda.get()
    w.do(sessions.open_item, item, by=people.convenor)
    w.do(sessions.close_item, item, by=people.convenor)
    w.do(sessions.check_in, summons(w), by=people.department("QXJ"))
    w.opinions(w.meeting, silent=["QXJ"])
    w.until(at("2018-04-27 09:00"))
    opinion = slot_of(w).opinion
    closed = w.meeting.agenda.get().closed_at
    assert (opinion.position, opinion.effective_at) == (Position.DEEMED_ABSENCE, closed)
