"""The window is silent: on the fifth working day after the receipt the filing is accepted by law (行政许可法 32).

Materials come in on Monday, 12 February 2018. The 13th and 14th are working days, 15–21 February are the Spring
Festival, the 22nd and 23rd count again, and so does Saturday the 24th, which is worked in its stead: the fifth.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.stages import GapState, MaterialState, Stage
from core import clock
from core.steps.moves import move
from core.steps.offers import offered
from desk.queries.case import strip
from prereview import services as sessions
from tests.approvals.browse import Browser, text
from tests.stories.telling import (
    event,
    evidence,
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
MISSING = "资金证明（银行存款证明、授信意向书等）"


@pytest.fixture
def handed_in(people, at):
    """Everything was handed in on 12 February but the proof of funds, and the window does nothing."""
    w = walk(people, at("2018-02-12 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    w.upload(skip=[MISSING])
    w.do(filings.hand_in, w.filing, by=people.enterprise)
    return w


def test_before_the_fifth_day_silence_is_nothing(handed_in, people, at):
    w = handed_in
    limit = w.filing.limits.get(rule="1")
    assert limit.due_at == at("2018-02-25 00:00")
    # The window cannot accept what it has not looked at; no department, no enterprise, no convenor's clerk may.
    with refused("还没有全部核收"):
        w.do(filings.accept, w.filing, by=people.window)
    w.check_materials()
    with refused("还没有全部核收"):
        w.do(filings.accept, w.filing, by=people.window)
    # Nobody declares it accepted by silence before its day, and never a person.
    with refused(error=PermissionDenied):
        move(w.filing.deem_accepted, by=people.window, at=limit.due_at + timedelta(days=1))
    # The county's own promise of one day is broken on the 14th: that escalates and decides nothing.
    w.until(at("2018-02-24 23:59"))
    assert w.filing.stage == Stage.RECEIVED
    assert event(w.filing.book, "escalate") == at("2018-02-14 00:00")
    assert evidence(w.filing.book, "escalate")["rule"] == "P2"
    assert told(people.supervisor, "逾期")


def test_accepted_at_the_last_instant_and_not_one_microsecond_later(handed_in, people):
    w = handed_in
    material = w.filing.materials.get(name=MISSING)
    w.do(filings.promise_gap, material, signed=True, reason="银行月底出具", by=people.enterprise)
    w.check_materials()
    due = w.filing.limits.get(rule="1").due_at
    with undone(w):
        filings.accept(w.filing, by=people.window, at=due)
        w.until(due + timedelta(days=9))
        assert (w.filing.stage, w.filing.accepted_by_silence) == (Stage.ACCEPTED, False)
        assert w.filing.accepted_at == due
    # Too late, the window decides nothing any more, whether or not a sweep has run.
    for swept in (False, True):
        late = due + TICK
        if swept:
            late = due + timedelta(minutes=5)
            w.until(late)
        with refused():
            filings.accept(w.filing, by=people.window, at=late)
        with refused():
            filings.refuse(w.filing, reason="材料不齐", by=people.window, at=late)
        with refused():
            filings.ask_correction(w.filing, by=people.window, at=late)
    assert w.filing.accepted_by_silence


def test_accepted_as_of_the_receipt_whenever_the_sweep_comes(handed_in, people, at):
    w = handed_in
    received = w.filing.received_at
    found = however_swept(w, at("2018-03-02 09:00"))
    # It was accepted as of the receipt; what runs from here runs from the deeming: five days for the survey.
    assert found["stage"][:2] == (Stage.ACCEPTED, at("2018-02-25 00:00"))
    assert (w.filing.accepted_at, w.filing.accepted_by_silence) == (received, True)
    survey = w.filing.limits.get(rule="P4b")
    assert (survey.started_at, survey.due_at) == (at("2018-02-25 00:00"), at("2018-03-03 00:00"))
    assert in_order(["hand_in", "escalate", "deem_accepted"], acts(w.filing.book))
    assert event(w.filing.book, "deem_accepted") == at("2018-02-25 00:00")
    assert acts(w.filing.book).count("deem_accepted") == 1
    assert told(people.enterprise, "视为受理")
    assert sound()


def test_what_is_missing_cannot_hold_up_the_acceptance(handed_in, people, at):
    w = handed_in
    found = however_swept(w, at("2018-03-14 09:00"))
    # It became a correction of its own with five days from the deeming; late, it suspends nothing and returns nothing.
    assert found["gaps"] == [(MISSING, GapState.OPEN, "P25", at("2018-03-03 00:00"), None)]
    assert found["times"][1] is None
    assert w.filing.stage == Stage.ACCEPTED
    assert in_order(["deem_accepted", "gap_overdue"], acts(w.filing.book))
    # The survey is called all the same, but the start gate stays shut until the paper is in and checked.
    w.call_survey()
    assert w.filing.stage == Stage.SURVEYING
    assert MISSING in [row["subject"] for row in w.filing.gate_missing()]
    gap = w.filing.gaps.get()
    with refused("还没有补交"):
        w.do(filings.check_gap, gap, fine=True, by=people.window)
    w.do(filings.upload_material, gap.material, upload=pdf(), by=people.enterprise)
    with refused(error=PermissionDenied):
        w.do(filings.check_gap, gap, fine=True, by=people.enterprise)
    with refused(error=ValidationError):
        w.do(filings.check_gap, gap, fine=False, by=people.window)
    w.do(filings.check_gap, gap, fine=True, by=people.window)
    assert w.filing.materials.get(name=MISSING).state == MaterialState.ACCEPTED
    assert MISSING not in [row["subject"] for row in w.filing.gate_missing()]
    assert sound()


def test_after_the_period_the_window_takes_nothing_back(handed_in, people):
    """Past the period the filing is accepted by law: materials are not returned as if it were not."""
    w = handed_in
    late = w.filing.limits.get(rule="1").due_at + TICK
    material = w.filing.materials.get(name="授权委托书（原件）")
    with refused("期限已经届满"):
        filings.check_material(material, fine=False, reason="没有签字", by=people.window, at=late)
    with refused("期限已经届满"):
        filings.promise_gap(
            w.filing.materials.get(name=MISSING),
            signed=True,
            reason="稍后",
            by=people.enterprise,
            at=late,
        )


def test_a_survey_that_is_not_called_escalates_and_goes_on_waiting(handed_in, people, at):
    w = handed_in
    w.until(at("2018-03-05 09:00"))
    assert evidence(w.filing.book, "escalate")["rule"] == "P4b"
    assert w.filing.stage == Stage.ACCEPTED
    w.do(sessions.skip_survey, w.filing, reason="不涉及现场", by=people.convenor)
    assert w.filing.stage == Stage.PREREVIEWING


def test_before_any_sweep_the_page_says_that_silence_has_decided(handed_in, people, at):
    w = handed_in
    w.now = at("2018-03-20 09:00")
    with clock.driven(w.now):
        offers = {one.name: one for one in offered(w.filing, people.window)}
    for name in ("review", "accept", "ask_correction", "refuse"):
        assert "期限已经届满：视为受理" in "".join(offers[name].reasons), name
    for page in ("review", "accept", "refuse"):
        assert "期限已经届满：视为受理" in text(
            Browser(people.window, w.now).get(page, w.filing.public_id)
        )


def test_deemed_it_is_called_so_wherever_it_stands_and_nothing_is_left_to_decide(
    handed_in, people, at
):
    w = handed_in
    w.until(at("2018-02-25 09:00"))
    assert (w.filing.stage, w.filing.stage_said) == (Stage.ACCEPTED, "视为受理")
    assert "视为受理" in [step["note"] for step in strip(w.filing)]
    for by in (people.window, people.enterprise):
        with clock.driven(w.now):
            page = text(Browser(by, w.now).client.get(f"/cases/{w.filing.public_id}/"))
        assert "阶段：视为受理。" in page
        assert "自收到申请材料之日起即为受理" in page
    review = text(Browser(people.window, w.now).get("review", w.filing.public_id))
    assert "现在没有要决定的材料" in review
