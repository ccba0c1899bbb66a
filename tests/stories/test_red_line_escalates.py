"""Behind a red line silence approves nothing: it is escalated, recorded as 未表态, and the gate stays shut.

The planning bureau owes its opinion on the construction planning permit (R04), without which no statute lets
anybody start. The meeting is on Friday, 27 April 2018, before the holiday of May Day: Saturday the 28th is a
working day, the 29th to 1 May are off.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.stages import Approval, Stage
from desk.queries.work import waiting_for
from prereview import services as sessions
from prereview.models import Opinion
from prereview.queries.words import silence, supervised_until
from prereview.stages import DEEMED, Conclusion, Position, SlotState
from tests.stories.telling import (
    event,
    evidence,
    however_swept,
    in_order,
    papers,
    refused,
    sound,
    told,
    undone,
)
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


@pytest.fixture
def silent(people, at):
    """The meeting of 27 April: everybody came, and all have spoken but the planning bureau."""
    w = walk(people, at("2018-04-20 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-04-25 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == at("2018-04-27 09:00")
    w.hold(w.meeting, silent=["ZRJ"])
    # 28 April, 2 and 3 May.
    assert w.slot("ZRJ", "R04").due_at == at("2018-05-04 00:00")
    return w


def unspoken(w, at):
    """Past the supervisor's limit, 4 and 7 May."""
    w.until(at("2018-05-08 09:00"))
    return w


def test_no_default_is_drawn_and_the_supervisor_learns_of_it(silent, people, at):
    w = silent
    w.until(at("2018-05-04 09:00"))
    slot = w.slot("ZRJ", "R04")
    assert (slot.state, slot.escalated_at) == (SlotState.ESCALATED, at("2018-05-04 00:00"))
    rows = waiting_for(people.department("ZRJ"), w.now)
    (row,) = (row for row in rows if row.title.startswith("提出意见"))
    assert "已转效能监督督办" in row.silence  # what comes now, not what silence will do
    assert "未提出意见的，转效能监督督办" not in row.silence
    assert event(w.filing.book, "slot_escalated") == at("2018-05-04 00:00")
    # The date that a person reads is the limit's own, 24:00 of 7 May, not the moment at which a sweep looks.
    assert supervised_until(slot) == at("2018-05-08 00:00") < slot.act_at
    assert "5月7日（周一） 24:00前仍未提出意见的，记为未表态" in silence(slot, None)
    # The supervisor and the bureau's head are told; neither convenor nor anybody else can make it a default,
    assert told(people.supervisor, "红线事项逾期")
    assert told(people.head("ZRJ"), "红线事项逾期")
    with refused("拟视同无异议"):
        w.do(sessions.confirm_default, slot, by=people.convenor)
    with refused("没有暂停"):
        w.do(sessions.serve_slot_again, slot, by=people.convenor)
    # and the conclusion waits.
    with refused("意见未齐"):
        w.conclude()


def test_the_supervisor_obtains_the_opinion_until_the_last_instant(silent, people, at):
    w, slot, clerk = silent, silent.slot("ZRJ", "R04"), people.department("ZRJ")
    ends = at("2018-05-08 00:00")
    w.until(at("2018-05-07 16:00"))
    with undone(w):
        sessions.give_opinion(slot, position=Position.AGREE, by=clerk, at=ends)
        w.until(at("2018-05-14 09:00"))
        assert w.slot("ZRJ", "R04").opinion.position == Position.AGREE
    # What comes a microsecond later is late, whether or not any sweep has run.
    with refused("期限已过"):
        sessions.give_opinion(slot, position=Position.AGREE, by=clerk, at=ends + TICK)
    # A disagreement obtained behind a red line cannot be passed over, whatever the reasons.
    w.do(
        sessions.give_opinion, slot, position=Position.DISAGREE, reason="越过道路红线",
        clause="城乡规划法第四十条", by=clerk,
    )  # fmt: skip
    with refused("不能通过", ValidationError):
        w.conclude(Conclusion.PASS, reasons="仍可通过")
    w.conclude(Conclusion.FAIL, reasons="越过道路红线，须调整总平面")
    assert w.filing.stage == Stage.NOT_PASSED
    assert "总平面" in w.filing.ended_because
    assert papers(w.filing.book, "DOC13")


def test_no_opinion_is_given_whenever_the_sweep_comes(silent, people, at):
    w = silent
    found = however_swept(w, at("2018-05-14 09:00"))
    ends = at("2018-05-08 00:00")
    assert ("meeting", 1, "ZRJ", "R04", Position.NO_OPINION, ends) in found["opinions"]
    assert next(row for row in found["limits"] if row[0] == "P5c")[2] == ends
    book = w.filing.book
    assert in_order(["agenda_closed", "slot_escalated", "no_opinion"], acts(book))
    assert event(book, "no_opinion") == ends
    # It is no default: nothing is deemed, no notice of default is issued, nobody is told so.
    assert not Opinion.objects.filter(slot__filing=w.filing, position__in=DEEMED).exists()
    assert papers(book, "DOC14") == papers(book, "DOC15") == []
    assert not told(people.enterprise, "视同无异议")
    assert w.filing.items.get(code="R04").approval == Approval.OWED
    # The minutes say what it is.
    w.conclude()
    minutes = str(w.meeting.agenda.get().minutes.content)
    assert "未表态" in minutes
    assert "视同无异议（" not in minutes
    assert sound()


def test_the_gate_stays_shut_until_the_approval_is_there_by_number(silent, people, at):
    w = unspoken(silent, at)
    w.conclude()
    w.commit()
    w.publish()
    w.wait_out()
    w.approve(skip=["R04"])
    assert w.filing.stage == Stage.CLEARED
    # Everything else is done; the gate names what is missing and whose move it is,
    missing = w.filing.gate_missing()
    assert [row["subject"][:8] for row in missing] == [str(w.filing.items.get(code="R04"))[:8]]
    with refused("开工条件尚未齐备"):
        w.do(filings.notify_start, w.filing, by=people.window)
    # and however long one waits, silence does not open it.
    found = however_swept(w, w.now + timedelta(days=21))
    assert found["stage"][0] == Stage.CLEARED
    assert not [row for row in found["limits"] if row[0] == "P8"]
    with refused("开工条件尚未齐备"):
        w.do(filings.notify_start, w.filing, by=people.window)
    # The approval is recorded by the bureau that issued it (or the window), with its number and a day that has come.
    item = w.filing.items.get(code="R04")
    today = w.now.date()
    granted = {"number": "左规建〔2018〕6号", "issued_on": today}
    for stranger in (people.department("ZJJ"), people.enterprise, people.supervisor):
        with refused(error=PermissionDenied):
            w.do(filings.record_approval, item, by=stranger, **granted)
    clerk = people.department("ZRJ")
    with refused("文号", ValidationError):
        w.do(filings.record_approval, item, by=clerk, number=" ", issued_on=today)
    with refused("不能晚于今天", ValidationError):
        w.do(filings.record_approval, item, by=clerk, number="一号", issued_on=date(2030, 1, 1))
    w.do(filings.record_approval, item, by=clerk, **granted)
    # Now it is open: the window's one day runs, the enterprise knows, and the start is notified, once.
    assert w.filing.gate_missing() == []
    assert w.filing.limits.get(rule="P8").running
    assert told(people.enterprise, "开工条件已齐备")
    with refused(error=PermissionDenied):
        w.do(filings.notify_start, w.filing, by=clerk)
    w.do(filings.notify_start, w.filing, by=people.window)
    assert w.filing.stage == Stage.START_NOTIFIED
    assert in_order(
        ["no_opinion", "pass_prereview", "clear", "record_approval", "notify_start"],
        acts(w.filing.book),
    )
    facts = evidence(w.filing.book, "notify_start")["facts"]
    assert {"item": "R04", "approval": Approval.ISSUED, "number": "左规建〔2018〕6号"} in facts
    assert sound()


def test_absent_behind_a_red_line_is_escalated_from_the_close(people, at):
    w = walk(people, at("2018-04-20 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-04-25 09:00"))
    w.call_meeting()
    w.hold(w.meeting, absent=["ZRJ"])
    closed = w.meeting.agenda.get().closed_at
    # The supervisor's two days follow the day of the meeting: 28 April and 2 May.
    found = however_swept(w, at("2018-05-10 09:00"))
    assert event(w.filing.book, "slot_escalated") == closed
    assert ("meeting", 1, "ZRJ", "R04", Position.NO_OPINION, at("2018-05-03 00:00")) in found[
        "opinions"
    ]
    assert papers(w.filing.book, "DOC15") == []
    assert sound()
