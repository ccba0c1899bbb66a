"""容缺: accepted against a promise. Kept, nothing stops; broken, the case stands still, and then it is returned.

The promise is of Thursday, 14 June 2018. It has three working days — the item's own promise, fewer than the
rulebook's five — over the Dragon Boat holiday of 16–18 June: the 15th, 19th and 20th.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import GapState, MaterialState, Stage
from core.documents.models import Paper
from prereview import services as sessions
from tests.conftest import instant
from tests.desk.test_reminders import rounds
from tests.standing import standing
from tests.stories.telling import (
    event,
    however_swept,
    in_order,
    refused,
    sound,
    told,
    undone,
)
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
FUNDS = "资金证明（银行存款证明、授信意向书等）"


def _listed(people):
    """The list is served on 14 June, and the enterprise lacks its proof of funds."""
    w = walk(people, instant("2018-06-14 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    return w


walked, listed = standing(_listed)


@pytest.fixture
def tolerated(listed, people, at):
    """Accepted against the promise to bring the proof of funds."""
    w = listed
    w.do(
        filings.promise_gap, the(w, FUNDS), signed=True, reason="银行月底出具", by=people.enterprise
    )
    w.hand_in()
    w.accept()
    assert gap(w).due_at == at("2018-06-21 00:00")
    return w


def the(w, name):
    return w.filing.materials.get(name=name)


def gap(w):
    return w.filing.gaps.get()


def supply(w, people, at=None):
    return filings.upload_material(
        the(w, FUNDS), upload=pdf(), by=people.enterprise, at=at or w.now
    )


def test_only_what_is_marked_is_tolerated_and_only_on_request(listed, people):
    w = listed
    # What the list does not mark as tolerable must come with the filing;
    with refused("没有标明"):
        w.do(
            filings.promise_gap,
            the(w, "授权委托书（原件）"),
            signed=True,
            reason="稍后",
            by=people.enterprise,
        )
    # the promise gives its reason, and is the enterprise's own: no window and no stranger promises for it.
    with refused(error=ValidationError):
        w.do(filings.promise_gap, the(w, FUNDS), signed=True, reason=" ", by=people.enterprise)
    for stranger in (people.window, people.other_enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(filings.promise_gap, the(w, FUNDS), signed=True, reason="稍后", by=stranger)
    # It is given once, and before the acceptance.
    w.do(
        filings.promise_gap, the(w, FUNDS), signed=True, reason="银行月底出具", by=people.enterprise
    )
    with refused("已提交或已申请容缺"):
        w.do(filings.promise_gap, the(w, FUNDS), signed=True, reason="再次", by=people.enterprise)
    w.hand_in()
    w.accept()
    assert told(people.enterprise, "已容缺受理")
    with refused("受理前"):
        w.do(
            filings.promise_gap,
            the(w, "勘察设计合同"),
            signed=True,
            reason="稍后",
            by=people.enterprise,
        )


def test_filled_in_time_nothing_stops(tolerated, people, at):
    w = tolerated
    w.until(at("2018-06-19 10:00"))
    supply(w, people)
    # The window has not looked yet; the date passes and does not count against the enterprise, however it is swept.
    found = however_swept(w, at("2018-07-30 09:00"))
    assert found["times"][1] is None
    assert gap(w).state == GapState.SUPPLIED
    assert "suspend" not in acts(w.filing.book)
    # Only the window checks it, and what is supplied is checked once.
    with refused(error=PermissionDenied):
        w.do(filings.check_gap, gap(w), fine=True, by=people.enterprise)
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    with refused("还没有补交"):
        w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    assert (gap(w).state, the(w, FUNDS).state) == (GapState.CLOSED, MaterialState.ACCEPTED)
    assert FUNDS not in [row["subject"] for row in w.filing.gate_missing()]
    assert in_order(
        ["promise_gap", "hand_in", "accept", "upload_material", "check_gap"], acts(w.filing.book)
    )
    w.call_survey()
    assert sound()


def test_the_last_instant_is_in_time(tolerated, people, at):
    w = tolerated
    due = gap(w).due_at
    with undone(w):
        supply(w, people, at=due)
        w.until(due + timedelta(days=40))
        assert (gap(w).state, w.filing.suspended_at) == (GapState.SUPPLIED, None)
    # A microsecond later the case is suspended all the same, although the paper waits for the window's check.
    supply(w, people, at=due + TICK)
    found = however_swept(w, due + timedelta(days=10))
    assert found["times"][1] == due
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    assert w.filing.suspended_at is None
    assert in_order(["suspend", "check_gap", "resume"], acts(w.filing.book))


def test_late_it_is_suspended_and_resumes_with_the_paper(tolerated, people, at):
    w = tolerated
    found = however_swept(w, at("2018-07-06 09:00"))
    # Suspended from the promised date, wherever the sweep was; fifteen working days more.
    assert found["times"][1] == at("2018-06-21 00:00")
    assert event(w.filing.book, "suspend") == at("2018-06-21 00:00")
    assert (gap(w).state, gap(w).rule) == (GapState.SUSPENDED, "P14")
    assert gap(w).due_at == at("2018-07-12 00:00")
    assert told(people.enterprise, "中止办理")
    # The case stands still: neither survey nor meeting.
    with refused("还不能上会"):
        w.call_survey()
    with refused("中止"):
        w.do(sessions.skip_survey, w.filing, reason="不涉及现场", by=people.convenor)
    # The paper alone does not resume it; the window's check does, and says so.
    supply(w, people)
    assert w.filing.suspended_at is not None
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    assert (w.filing.suspended_at, gap(w).state) == (None, GapState.CLOSED)
    assert told(people.enterprise, "恢复办理")
    w.call_survey()
    assert w.filing.stage == Stage.SURVEYING
    assert sound()


def test_past_its_date_the_case_stands_still_before_any_sweep(tolerated, people):
    """What the law stops is stopped by the date: no step slips through before the sweep comes by."""
    w = tolerated
    w.now = gap(w).due_at + TICK
    with refused("届满"):
        w.call_survey()
    with refused("届满"):
        w.do(sessions.skip_survey, w.filing, reason="不涉及现场", by=people.convenor)
    assert w.filing.stage == Stage.ACCEPTED


def test_late_twice_the_case_is_returned(tolerated, people, at):
    w = tolerated
    due = at("2018-07-12 00:00")
    found = however_swept(w, at("2018-08-01 09:00"))
    assert found["stage"][:2] == (Stage.RETURNED, due)
    assert found["gaps"] == [(FUNDS, GapState.FAILED, "P14", due, due)]
    assert in_order(["accept", "suspend", "send_back"], acts(w.filing.book))
    assert [event(w.filing.book, act) for act in ("suspend", "send_back")] == [
        at("2018-06-21 00:00"),
        due,
    ]
    assert told(people.enterprise, "已退件")
    assert FUNDS in w.filing.ended_because
    # No clock runs on, and nothing is taken in any more; the project may be filed anew.
    assert not w.filing.limits.filter(ended_at=None).exists()
    with refused():
        supply(w, people)
    with refused():
        w.do(filings.withdraw, w.filing, reason="不办了", by=people.enterprise)
    again = walk(people, w.now, to=Stage.SUBMITTED)
    assert again.filing.number != w.filing.number
    assert sound()


def test_too_late_for_the_second_limit_before_any_sweep(tolerated, people, at):
    w = tolerated
    w.until(at("2018-06-25 09:00"))
    due = gap(w).due_at
    with undone(w):
        supply(w, people, at=due)
        w.until(due + timedelta(days=20))
        assert w.filing.stage == Stage.ACCEPTED  # in time; it waits for the window's check
    with refused("届满"):
        supply(w, people, at=due + TICK)
    with refused("届满"):
        filings.withdraw(w.filing, reason="不办了", by=people.enterprise, at=due + TICK)


def test_never_swept_between_the_two_limits_a_late_paper_is_no_way_out(tolerated, people, at):
    """The first date and the second both pass unswept: a paper after the second changes nothing."""
    w = tolerated
    supply(w, people, at=at("2018-07-12 00:00") + TICK)
    found = however_swept(w, at("2018-08-01 09:00"))
    assert found["stage"][:2] == (Stage.RETURNED, at("2018-07-12 00:00"))
    assert found["gaps"][0][1] == GapState.FAILED


def test_supplied_wrong_it_is_told_once_more_and_the_clock_runs_on(tolerated, people, at):
    w = tolerated
    w.until(at("2018-06-19 10:00"))
    supply(w, people)
    # Wrong must be said how;
    with refused(error=ValidationError):
        w.do(filings.check_gap, gap(w), fine=False, by=people.window)
    w.do(filings.check_gap, gap(w), fine=False, reason="没有银行盖章", by=people.window)
    assert (gap(w).state, gap(w).due_at) == (GapState.OPEN, at("2018-06-21 00:00"))
    told_so = Paper.objects.get(book=w.filing.book, kind="DOC57")
    assert told_so.content["effects"][0] == "补齐期限不因本告知中断，到2018年6月20日24时。"
    assert told(people.enterprise, "没有银行盖章")
    # the same date holds, and past it the case is suspended.
    with undone(w):
        supply(w, people)
        w.do(filings.check_gap, gap(w), fine=True, by=people.window)
        w.until(at("2018-07-30 09:00"))
        assert (gap(w).state, w.filing.stage) == (GapState.CLOSED, Stage.ACCEPTED)
    found = however_swept(w, at("2018-07-02 09:00"))
    assert found["times"][1] == at("2018-06-21 00:00")
    assert gap(w).state == GapState.SUSPENDED


@pytest.mark.parametrize("swept", [True, False])
def test_supplied_in_time_and_found_wrong_after_it_the_enterprise_gets_the_time_anew(
    tolerated, people, at, swept
):
    w = tolerated
    supply(w, people, at=at("2018-06-20 23:00"))
    if swept:
        w.until(at("2018-06-25 09:00"))
    w.now = at("2018-06-25 09:00")
    w.do(filings.check_gap, gap(w), fine=False, reason="没有银行盖章", by=people.window)
    # The window's slowness is not the enterprise's: the days run again from the finding.
    assert gap(w).due_at == at("2018-06-29 00:00")
    assert (gap(w).state, w.filing.suspended_at) == (GapState.OPEN, None)
    told_so = Paper.objects.get(book=w.filing.book, kind="DOC57")
    assert told_so.content["effects"][0].endswith("自本告知之日起重新计算，到2018年6月28日24时。")
    found = however_swept(w, at("2018-07-10 09:00"))
    assert found["times"][1] == at("2018-06-29 00:00")


def test_a_correction_that_never_comes_returns_the_case_too(listed, people, at):
    """补正: told at once what is wrong, ten working days; silence returns the case."""
    w = listed
    w.hand_in()
    with refused("没有标为"):
        w.do(filings.ask_correction, w.filing, by=people.window)
    w.do(filings.check_material, the(w, FUNDS), fine=False, reason="没有盖章", by=people.window)
    w.do(filings.ask_correction, w.filing, by=people.window)
    assert told(people.enterprise, "请补正")
    with refused("没有重新提交"):
        w.do(filings.hand_in_correction, w.filing, by=people.enterprise)
    due = w.filing.limits.get(rule="P19").due_at
    assert due == at("2018-06-30 00:00")
    with undone(w):
        supply(w, people, at=due)
        filings.hand_in_correction(w.filing, by=people.enterprise, at=due)
        w.until(due + timedelta(minutes=10))
        assert w.filing.stage == Stage.RECEIVED
    supply(w, people, at=due)
    for verb in (filings.hand_in_correction, filings.withdraw):
        more = {"reason": "不办了"} if verb is filings.withdraw else {}
        with refused("届满"):
            verb(w.filing, by=people.enterprise, at=due + TICK, **more)
    found = however_swept(w, at("2018-07-10 09:00"))
    assert found["stage"][:2] == (Stage.RETURNED, due)
    assert told(people.enterprise, "已退件")
    assert Filing.objects.running().filter(pk=w.pk).count() == 0
    assert sound()


def test_what_was_closed_and_is_returned_again_may_be_promised_again(listed, people, at):
    """One paper, one gap: closed, found wrong after all, and promised or left open once more."""
    w = listed
    w.do(filings.promise_gap, the(w, FUNDS), signed=True, reason="月底出具", by=people.enterprise)
    first = gap(w).paper
    w.hand_in()
    supply(w, people)
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    w.do(filings.check_material, the(w, FUNDS), fine=False, reason="账号有误", by=people.window)
    with undone(w):  # the window does nothing more: what silence accepts is to be supplied later
        due = w.filing.limits.get(rule="1").due_at
        w.until(due + timedelta(minutes=5))
        assert (w.filing.stage, w.filing.accepted_by_silence) == (Stage.ACCEPTED, True)
        assert (gap(w).state, gap(w).deemed, gap(w).closed_at) == (GapState.OPEN, True, None)
        assert gap(w).promised_at is None
    w.do(filings.ask_correction, w.filing, by=people.window)
    w.do(filings.promise_gap, the(w, FUNDS), signed=True, reason="银行重开", by=people.enterprise)
    assert (gap(w).state, gap(w).closed_at, gap(w).ended_at) == (GapState.OPEN, None, None)
    assert (gap(w).reason, gap(w).paper == first) == ("银行重开", False)
    assert gap(w).started_at == gap(w).promised_at
    w.do(filings.hand_in_correction, w.filing, by=people.enterprise)
    supply(w, people)
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    assert (gap(w).state, the(w, FUNDS).state) == (GapState.CLOSED, MaterialState.ACCEPTED)
    assert sound()


def test_of_two_gaps_each_keeps_its_own_promise(listed, people, at):
    w = listed
    w.do(
        filings.promise_gap, the(w, FUNDS), signed=True, reason="银行月底出具", by=people.enterprise
    )
    w.until(at("2018-06-20 09:00"))
    other = w.filing.materials.filter(tolerable=True, needed_by="intake").exclude(name=FUNDS)[0]
    w.do(filings.promise_gap, other, signed=True, reason="尚未取得", by=people.enterprise)
    w.hand_in()
    w.accept()
    w.until(at("2018-06-21 09:00"))
    first, second = (w.filing.gaps.get(material__name=name) for name in (FUNDS, other.name))
    assert (first.state, second.state) == (GapState.SUSPENDED, GapState.OPEN)
    # The second is supplied in time and found wrong: its own promise is not broken by the first one's.
    w.do(filings.upload_material, second.material, upload=pdf(), by=people.enterprise)
    w.do(filings.check_gap, second, fine=False, reason="没有盖章", by=people.window)
    assert w.filing.gaps.get(pk=second.pk).state == GapState.OPEN
    with undone(w):
        supply(w, people)
        w.do(filings.check_gap, first, fine=True, by=people.window)
        assert w.filing.suspended_at is None
    # Both broken: what is supplied and not yet checked still suspends.
    w.until(second.due_at + timedelta(days=1))
    supply(w, people)
    w.do(filings.upload_material, second.material, upload=pdf(), by=people.enterprise)
    w.do(filings.check_gap, first, fine=True, by=people.window)
    assert w.filing.suspended_at is not None
    w.do(filings.check_gap, second, fine=True, by=people.window)
    assert w.filing.suspended_at is None
    assert sound()


def test_before_each_of_its_days_the_enterprise_is_reminded_of_what_silence_does(tolerated, people):
    heard = [(day, m.body) for day, m in rounds(tolerated, 30) if m.to == people.enterprise]

    assert [(day, body.partition("前")[2]) for day, body in heard] == [
        ("06-19", "未补齐的，中止办理。"),
        ("06-20", "未补齐的，中止办理。"),
        ("07-02", "未补交的，退件，可以重新申报。"),
        ("07-10", "未补交的，退件，可以重新申报。"),
        ("07-11", "未补交的，退件，可以重新申报。"),
    ]
    assert tolerated.filing.stage == Stage.RETURNED
