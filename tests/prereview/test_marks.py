"""A default must be expressly allowed: at the start, in the sweep, and by the database; each check is enough alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from approvals.models import CatalogueItem
from approvals.stages import OpinionDefault, Stage
from prereview import services as sessions
from prereview.models import Opinion, Slot
from prereview.rules.outcome import NOT_MARKED, Verdict, verdict
from prereview.stages import Position, SlotState
from tests.conftest import instant
from tests.prereview.test_outcome import ABSENT, AFTER_DUE, DUE, LONG_AFTER, PRESENT, RED
from tests.standing import standing
from tests.stories.telling import refused, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
MICRO = timedelta(microseconds=1)


def unmarked(facts):
    return type(facts)(**{**vars(facts), "marked": False})


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        (PRESENT, DUE, Verdict(SlotState.AWAITED, look_at=DUE)),
        (PRESENT, DUE + MICRO, Verdict(SlotState.HELD, why=NOT_MARKED)),
        (PRESENT, LONG_AFTER, Verdict(SlotState.HELD, why=NOT_MARKED)),
        (ABSENT, LONG_AFTER, Verdict(SlotState.HELD, why=NOT_MARKED)),
        # What is escalated needs no mark: nothing is deemed there.
        (RED, DUE + MICRO, Verdict(SlotState.ESCALATED, look_at=AFTER_DUE["escalation_ends"])),
    ],
)
def test_an_item_that_nobody_marked_is_held(facts, now, expected):
    assert verdict(unmarked(facts), now) == expected


def test_what_comes_late_to_an_unmarked_item_still_counts():
    late = type(PRESENT)(**{**vars(PRESENT), "marked": False, "given_at": DUE + MICRO})
    assert verdict(late, LONG_AFTER) == Verdict(SlotState.SETTLED, "given", DUE + MICRO)


def _closed(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=["QXJ"])
    return w


walked, closed = standing(_closed)


def slot_of(w):
    return w.slot("QXJ", "C03")


def no_mark_in_the_catalogue(w):
    CatalogueItem.objects.filter(pk=slot_of(w).item.item_id).update(default_approver="")


def no_mark_in_the_slot(w):
    Slot.objects.filter(pk=slot_of(w).pk).update(mark_basis="")


@pytest.mark.parametrize("missing", [no_mark_in_the_catalogue, no_mark_in_the_slot])
def test_without_one_of_the_marks_silence_is_held_and_goes_to_the_supervisor(
    closed, people, missing
):
    w = closed
    missing(w)
    w.until(instant("2018-05-04 09:00"))
    slot = slot_of(w)
    assert (slot.state, slot.held_because) == (SlotState.HELD, str(NOT_MARKED))
    assert told(people.convenor, "默认已暂停")
    with refused("意见未齐"):
        w.conclude()
    # The way out: served anew, and silence then is the supervisor's business; nothing is ever deemed.
    w.do(sessions.serve_slot_again, slot, by=people.convenor)
    assert slot_of(w).default == OpinionDefault.ESCALATE
    w.until(instant("2018-05-25 09:00"))
    assert slot_of(w).opinion.position == Position.NO_OPINION


def test_with_its_marks_it_is_deemed_and_the_outcome_says_by_what(closed):
    w = closed
    w.until(instant("2018-05-04 09:00"))
    opinion = slot_of(w).opinion
    assert opinion.position == Position.DEEMED_TIMEOUT
    assert opinion.mark_basis == slot_of(w).item.item.default_basis != ""
    assert opinion.mark_approver == slot_of(w).item.item.default_approver != ""
    record = w.slot("QXJ", session=w.survey)
    assert (record.mark_basis[:3], record.marked) == ("P4c", True)


def test_an_item_that_turned_red_while_the_limit_ran_is_escalated(closed):
    w = closed
    w.filing.items.filter(code="C03").update(opinion_default=OpinionDefault.ESCALATE)
    w.until(instant("2018-05-04 09:00"))
    opinion = slot_of(w).opinion
    assert (opinion.position, opinion.red_line) == (Position.NO_OPINION, True)


@pytest.mark.parametrize("mark", [{}, {"mark_basis": "县规则"}, {"mark_approver": "县人民政府"}])
@pytest.mark.parametrize("position", [Position.DEEMED_TIMEOUT, Position.DEEMED_ABSENCE])
def test_the_database_alone_refuses_a_default_that_nobody_allowed(closed, people, position, mark):
    slot = slot_of(closed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(
            slot=slot, position=position, given_by=people.convenor, effective_at=closed.now,
            recorded_at=closed.now, **mark,
        )  # fmt: skip
