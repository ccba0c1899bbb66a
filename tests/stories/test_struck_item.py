"""核减: an item that does not apply takes along what only it asked for, and whom only it concerned."""

import pytest

from approvals import services as filings
from approvals.queries.gaps import gaps_seen, with_outcome
from approvals.stages import GapOutcome, GapState, MaterialState, Stage
from prereview import services as sessions
from prereview.models import Invitation, Slot
from prereview.stages import SlotState
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused, sound, told
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
FUNDS = "资金证明（银行存款证明、授信意向书等）"  # wanted by R06 alone


def _promised(people):
    """Accepted on 14 June against the promise of the proof of funds: three working days, then fifteen more."""
    w = walk(people, instant("2018-06-14 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    paper = w.filing.materials.get(name=FUNDS)
    w.do(filings.promise_gap, paper, signed=True, reason="银行月底出具", by=people.enterprise)
    w.hand_in()
    w.accept()
    return w


walked, promised = standing(_promised)


@pytest.fixture
def summoned(people, at):
    """A survey is called, and nobody has signed for the file or the summons."""
    return walk(people, at("2018-03-05 09:00"), to=Stage.SURVEYING)


def strike(w, code, *, by=None, at=None):
    w.filing.items.filter(code=code).update(applies=None)
    item = w.filing.items.get(code=code)
    who = by or w.people.window
    return filings.strike_item(item, reason="不涉及", by=who, at=at or w.now)


def gap(w):
    return w.filing.gaps.get()


def test_its_promised_paper_is_not_waited_for_any_more(promised, people, at):
    w = promised
    strike(w, "R06")
    assert (gap(w).state, gap(w).running) == (GapState.DROPPED, False)
    assert gap(w).material.state == MaterialState.VOID
    assert told(people.enterprise, "不必再补交")
    with refused("不需要提交"):
        filings.upload_material(gap(w).material, upload=pdf(), by=people.enterprise, at=w.now)
    # Both dates pass: nobody is suspended or returned for a paper that nothing asks for.
    w.until(at("2018-08-01 09:00"))
    assert (w.filing.stage, w.filing.suspended_at) == (Stage.ACCEPTED, None)
    assert not [one for one in w.filing.gate_missing() if FUNDS in one["subject"]]
    (row,) = with_outcome(gaps_seen(people.window), w.now)
    assert row.outcome == GapOutcome.DROPPED  # neither kept nor broken
    assert sound()


@pytest.mark.parametrize("swept", [True, False])
def test_a_case_that_stood_still_for_it_alone_goes_on(promised, people, at, swept):
    w = promised
    if swept:
        w.until(at("2018-06-25 09:00"))
        assert w.filing.suspended_at == at("2018-06-21 00:00")
    w.now = at("2018-06-25 09:00")
    strike(w, "R06")
    assert w.filing.suspended_at is None
    assert acts(w.filing.book).count("suspend") == acts(w.filing.book).count("resume") == 1
    assert told(people.enterprise, "恢复办理")


def test_what_the_second_date_has_returned_is_not_saved_by_striking(promised, at):
    w = promised
    with refused("中止后补齐"):
        strike(w, "R06", at=at("2018-07-12 09:00"))  # the second date passed on 11 July, unswept
    w.until(at("2018-07-13 09:00"))
    assert w.filing.stage == Stage.RETURNED


@pytest.mark.parametrize("swept", [True, False])
def test_supplied_late_and_found_wrong_the_second_date_decides_however_it_is_swept(
    promised, people, at, swept
):
    """Brought between the two dates, wrong: told again, once the second is past with the days of the second anew."""
    w = promised
    if swept:
        w.until(at("2018-06-25 09:00"))
    material = gap(w).material
    filings.upload_material(material, upload=pdf(), by=people.enterprise, at=at("2018-06-25 09:00"))
    w.now = at("2018-07-12 09:00")
    filings.check_gap(gap(w), fine=False, reason="没有盖章", by=people.window, at=w.now)
    assert gap(w).rule == "P14"
    assert gap(w).due_at > w.now
    assert (gap(w).state, w.filing.suspended_at) == (GapState.SUSPENDED, at("2018-06-21 00:00"))


def test_brought_after_the_second_date_nobody_finds_it_right_or_wrong(promised, people, at):
    """Never swept: by law the case was returned at the end of 11 July."""
    w = promised
    filings.upload_material(
        gap(w).material, upload=pdf(), by=people.enterprise, at=at("2018-07-12 00:01")
    )
    for word in ({"fine": True}, {"fine": False, "reason": "没有盖章"}):
        with refused("中止后补齐"):
            filings.check_gap(gap(w), **word, by=people.window, at=at("2018-07-12 09:00"))


def alone(w):
    """An item whose department has no other one, and that department."""
    items = list(w.filing.items.select_related("department"))
    for item in items:
        of_it = [i for i in items if i.department_id == item.department_id]
        if len(of_it) == 1 and not item.item.co_departments.exists():
            return item, item.department
    raise AssertionError


def test_the_file_it_was_sent_is_not_to_be_signed_for_any_more(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    w.do(filings.check_all_fine, w.filing, by=people.window)
    w.do(filings.accept, w.filing, by=people.window)
    item, department = alone(w)
    sent = w.filing.dispatches
    assert sent.get(department=department).running
    strike(w, item.code)
    assert not sent.get(department=department).running
    assert sent.exclude(department=department).filter(ended_at=None).exists()


def test_a_department_of_whose_items_none_is_left_owes_nothing(summoned, people):
    w = summoned
    item, department = alone(w)
    summons = Invitation.objects.get(department=department)
    assert summons.running
    strike(w, item.code)
    summons.refresh_from_db()
    assert not summons.running
    assert not Slot.objects.filter(department=department).exists()
    assert told(people.department(department.code), "不再需要签收")
    # The others go on as they were.
    assert Slot.objects.filter(filing=w.pk).exists()
    w.hold_survey()
    assert not Slot.objects.filter(department=department).exists()
    assert sound()


def test_what_silence_has_decided_before_stands(summoned, people, at):
    w = summoned
    w.hold_survey()
    w.call_meeting()
    item, _department = alone(w)
    session = w.meeting
    w.now = session.opens_at
    w.do(sessions.open_session, session, by=people.convenor)
    agenda = session.agenda.get()
    w.do(sessions.open_item, agenda, by=people.convenor)
    w.do(sessions.close_item, agenda, by=people.convenor)  # nobody came
    slot = Slot.objects.get(item=item)
    assert slot.state != SlotState.AWAITED
    strike(w, item.code)
    assert Slot.objects.filter(pk=slot.pk).exists()
