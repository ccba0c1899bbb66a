"""A department sat in the meeting and said nothing: 视同无异议, by the calendar and by nobody's program.

The meeting is on Friday, 28 September 2018. The three working days run over the National Day holiday: the
29th and 30th are a weekend on which the country works, 1–7 October are off, and 8 October is the third day.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals.stages import Approval, Stage
from prereview import services as sessions
from prereview.models import Opinion
from prereview.stages import Conclusion, Position, SlotState
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
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


@pytest.fixture
def silent(people, at):
    """A meeting of 28 September: everybody came, and all have spoken but the weather bureau."""
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == at("2018-09-28 09:00")
    w.hold(w.meeting, silent=["QXJ"])
    return w


def test_nothing_goes_on_before_the_limit_has_passed(silent, people, at):
    w, slot = silent, silent.slot("QXJ", "C03")
    # The limit does not count the day of the meeting, and counts the working weekend before the holiday.
    assert slot.due_at == at("2018-10-09 00:00")
    # The convenor cannot conclude over an opinion that is still awaited,
    with refused("意见未齐"):
        w.conclude()
    # nor confirm a default that nobody has drawn up, nor dismiss it,
    with refused("拟视同无异议"):
        w.do(sessions.confirm_default, slot, by=people.convenor)
    with refused("拟视同无异议"):
        w.do(sessions.dismiss_default, slot, reason="其他", by=people.convenor)
    # and no other department speaks for the silent one; nor does the enterprise.
    for stranger in (people.department("ZJJ"), people.enterprise, people.window):
        with refused(error=PermissionDenied):
            w.do(sessions.give_opinion, slot, position=Position.AGREE, by=stranger)
    # A disagreement without its clause is no opinion and stops no clock.
    with refused(error=ValidationError):
        w.do(
            sessions.give_opinion,
            slot,
            position=Position.DISAGREE,
            reason="不妥",
            by=people.department("QXJ"),
        )
    # All through the holiday the sweep finds nothing to do.
    w.until(at("2018-10-08 23:59"))
    assert w.slot("QXJ", "C03").state == SlotState.AWAITED


def test_the_last_instant_counts_and_the_next_microsecond_does_not(silent, people):
    w, slot = silent, silent.slot("QXJ", "C03")
    clerk = people.department("QXJ")
    # At 24:00 of the last day it is in time: the opinion stands, and silence comes to nothing.
    with undone(w):
        sessions.give_opinion(slot, position=Position.AGREE, by=clerk, at=slot.due_at)
        w.until(slot.due_at + timedelta(days=9))
        assert w.slot("QXJ", "C03").opinion.position == Position.AGREE
    # One microsecond later it is late, although no sweep has run;
    late = slot.due_at + TICK
    with refused("期限已过"):
        sessions.give_opinion(slot, position=Position.AGREE, by=clerk, at=late)
    assert sessions.agree_to_all([slot], by=clerk, at=late) == 0
    # and what is not late cannot be called late.
    with refused("期限未过"):
        sessions.give_late_opinion(
            slot, position=Position.AGREE, reason="", clause="", by=clerk, at=slot.due_at
        )


def test_silence_is_no_objection_whenever_the_sweep_comes(silent, people, at):
    w = silent
    found = however_swept(w, at("2018-10-15 09:00"))
    deemed = ("meeting", 1, "QXJ", "C03", Position.DEEMED_TIMEOUT, at("2018-10-09 00:00"))
    assert deemed in found["opinions"]
    # It takes effect when the time ended and confirms itself on the second working day after; the minutes' limit
    # begins with that day, the 10th, which is not counted: its two days are the 11th and the 12th of October.
    minutes = next(row for row in found["limits"] if row[0] == "P5c")
    assert minutes[2:4] == (first_instant(at("2018-10-10 00:00")), at("2018-10-13 00:00"))
    # It is written in the book as the system's act, effective then, after it was drawn up as a candidate.
    book = w.filing.book
    assert in_order(
        ["agenda_closed", "slot_candidate", "deemed_timeout", "issue_paper"], acts(book)
    )
    assert acts(book).count("deemed_timeout") == 1
    assert event(book, "deemed_timeout") == at("2018-10-09 00:00")
    # A numbered notice tells the department and the enterprise; it says no objection, and nowhere agreement.
    assert len(papers(book, "DOC14")) == 1
    opinion = Opinion.objects.get(slot=w.slot("QXJ", "C03"))
    assert opinion.paper.number == papers(book, "DOC14")[0]
    assert (opinion.deemed, opinion.given_by.role) == (True, "system")
    assert "默认" in opinion.paper.content["kind_text"]
    assert "同意" not in str(opinion.paper.content["matters"])
    for person in (people.department("QXJ"), people.enterprise):
        assert told(person, "视同无异议")
    assert told(people.convenor, "拟视同无异议")
    # Silence has approved nothing: what the statute demands is owed as before.
    assert w.filing.items.get(code="C03").approval == Approval.OWED
    assert sound()


def test_the_proof_counts_each_day_of_the_holiday(silent, at):
    silent.until(at("2018-10-10 09:00"))
    proof = Opinion.objects.get(slot=silent.slot("QXJ", "C03")).proof
    counted = [row["date_text"] for row in proof["days"] if row["counted"].startswith("第")]
    assert counted == ["2018年9月29日", "2018年9月30日", "2018年10月8日"]
    assert proof["acknowledged_at"]
    assert proof["calendar"]
    assert proof["rulebook"]
    assert proof["red_line"] is False


def test_the_lead_unit_may_confirm_it_or_dismiss_it(silent, people, at):
    w = silent
    w.until(at("2018-10-09 09:00"))
    slot = w.slot("QXJ", "C03")
    assert slot.state == SlotState.CANDIDATE
    # Only the lead unit has that word, and a dismissal needs its reasons.
    for stranger in (people.department("QXJ"), people.window, people.supervisor, people.enterprise):
        with refused(error=PermissionDenied):
            w.do(sessions.confirm_default, slot, by=stranger)
    with refused(error=ValidationError):
        w.do(sessions.dismiss_default, slot, reason=" ", by=people.convenor)
    # Dismissed, the slot is held and nothing is drawn from silence, until it is served again with a new limit.
    with undone(w):
        w.do(sessions.dismiss_default, slot, reason="系统当日停机", by=people.convenor)
        w.until(at("2018-10-16 09:00"))
        held = w.slot("QXJ", "C03")
        assert (held.state, held.held_because[:6]) == (SlotState.HELD, "默认已被驳回")
        with refused("意见未齐"):
            w.conclude()
        w.do(sessions.serve_slot_again, held, by=people.convenor)
        again = w.slot("QXJ", "C03")
        assert again.due_at == at("2018-10-20 00:00")
        assert told(people.department("QXJ"), "重新送达")
        found = however_swept(w, at("2018-10-29 09:00"))
        assert ("meeting", 1, "QXJ", "C03", Position.DEEMED_TIMEOUT, again.due_at) in found[
            "opinions"
        ]
    # Confirmed, it stands at once, with the same effective time; confirming twice is refused.
    w.do(sessions.confirm_default, slot, by=people.convenor)
    assert Opinion.objects.get(slot=slot).effective_at == at("2018-10-09 00:00")
    with refused("拟视同无异议"):
        w.do(sessions.confirm_default, slot, by=people.convenor)
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING


def test_what_comes_late_is_kept_and_vetoes_nothing(silent, people, at):
    w, clerk = silent, people.department("QXJ")
    w.until(at("2018-10-10 09:00"))
    slot = w.slot("QXJ", "C03")
    # A late disagreement must name its clause; then it is kept and opens a correction case,
    with refused(error=ValidationError):
        w.do(
            sessions.give_late_opinion,
            slot,
            position=Position.DISAGREE,
            reason="间距不足",
            clause="",
            by=clerk,
        )
    w.do(
        sessions.give_late_opinion, slot, position=Position.DISAGREE, reason="间距不足",
        clause="气象灾害防御条例第二十三条", by=clerk,
    )  # fmt: skip
    # which discharges the make-up duty and changes nothing that stands.
    slot = w.slot("QXJ", "C03")
    assert (slot.opinion.position, slot.late_opinions.count()) == (Position.DEEMED_TIMEOUT, 1)
    assert slot.opinion.make_up.done_at
    assert slot.opinion.make_up.ended_at
    assert w.filing.correction_cases.count() == 1
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING
    assert papers(w.filing.book, "DOC13")
    assert in_order(["deemed_timeout", "late_opinion", "pass_prereview"], acts(w.filing.book))
    assert sound()


def test_a_make_up_that_never_comes_is_the_supervisors(silent, people, at):
    silent.until(at("2018-10-10 09:00"))
    assert not told(people.supervisor, "补做意见")
    silent.until(at("2018-10-15 09:00"))
    assert told(people.supervisor, "补做意见")
    assert acts(silent.filing.book).count("make_up_overdue") == 1
    # The case has not waited for it.
    silent.conclude(Conclusion.PASS)
    assert silent.filing.stage == Stage.COMMITTING


def test_silence_after_the_survey_goes_on_to_the_meeting(people, at):
    """To the record of the visit silence is no objection too, and the meeting opens by itself."""
    w = walk(people, at("2018-06-11 09:00"), to=Stage.SURVEYING)
    w.hold(w.survey, silent=["ZRJ"])
    slot = w.slot("ZRJ", session=w.survey)
    # One working day after the survey of 13 June; the Dragon Boat holiday is from Saturday to Monday.
    assert slot.due_at == at("2018-06-15 00:00")
    with refused("还不能上会"):
        w.call_meeting()
    found = however_swept(w, at("2018-06-25 09:00"))
    # It confirms itself on the second working day after the 14th: not the 18th, which is off, but the 19th.
    assert found["stage"][:2] == (Stage.PREREVIEWING, first_instant(at("2018-06-19 00:00")))
    assert ("survey", 1, "ZRJ", None, Position.DEEMED_TIMEOUT, slot.due_at) in found["opinions"]
    w.call_meeting()
    assert sound()
