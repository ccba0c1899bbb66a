"""The start gate opens with the last thing that kept it shut; the survey's limit knows no second start."""

import pytest
from django.core.exceptions import ValidationError

from approvals import services as filings
from approvals.models import Change
from approvals.stages import Stage
from core.steps.reasons import NotNow
from prereview import services as sessions
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def nearly_open(people, at):
    """The notice is over and every approval is there but one."""
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    w.approve(skip=["R06"])
    assert not running(w, "P8")
    return w


def to_be_checked(w, code):
    """An item of which nobody knows yet whether it applies (待核)."""
    w.filing.items.filter(code=code).update(applies=None)
    return w.filing.items.get(code=code)


def running(w, rule):
    return w.filing.limits.filter(rule=rule, ended_at=None).exists()


def test_an_item_that_applies_is_not_struck_by_a_stroke_of_the_pen(nearly_open, people):
    w = nearly_open
    with pytest.raises(NotNow, match="只有“待核”的事项可以核减"):
        w.do(filings.strike_item, w.filing.items.get(code="R06"), reason="不涉及", by=people.window)
    assert w.filing.gate_missing() != []
    assert not running(w, "P8")


def test_it_opens_with_the_last_item_struck(nearly_open, people):
    w = nearly_open
    item = to_be_checked(w, "R06")
    w.do(filings.strike_item, item, reason="不涉及", by=people.window)
    assert w.filing.gate_missing() == []
    assert running(w, "P8")


def test_it_opens_with_the_last_change_made(nearly_open, people):
    w = nearly_open
    change = Change.objects.create(filing=w.filing, text="调整出入口", due_on=w.now.date())
    w.approve()
    assert not running(w, "P8")
    w.do(filings.finish_change, change, note="已改", by=people.window)
    assert running(w, "P8")


def test_a_struck_item_has_no_limit_any_more(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    item = to_be_checked(w, "C12")
    assert item.limits.get(rule="P21").running
    w.do(filings.strike_item, item, reason="不涉及", by=people.window)
    assert not item.limits.get(rule="P21").running
    w.morning(3)
    assert item.limits.get(rule="P21").escalated_at is None


def test_calling_a_survey_off_gives_no_new_limit(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SURVEYING)
    limit = w.filing.limits.get(rule="P4b")
    w.morning()
    w.do(sessions.cancel_session, w.survey, reason="大雪封路", by=people.convenor)
    assert w.filing.stage == Stage.ACCEPTED
    again = w.filing.limits.get(rule="P4b")
    assert (again.pk, again.due_at, again.running) == (limit.pk, limit.due_at, True)
    w.call_survey()
    w.hold_survey()
    assert not w.filing.limits.get(rule="P4b").running


def test_a_decision_against_somebody_says_why(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    with pytest.raises(ValidationError, match="请写明理由"):
        w.do(filings.refuse, w.filing, reason="  ", by=people.window)
    assert w.filing.stage == Stage.RECEIVED
