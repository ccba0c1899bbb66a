"""The figures are reckoned once, and never a moment longer than they are right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import system_actor
from approvals.models import Gap
from approvals.stages import Stage
from core.ledger.services import county_book, record
from public_notice.queries.figures import figures_of, span_of
from public_notice.queries.kept_figures import figures_now
from tests.conftest import instant
from tests.walk import walk

pytestmark = pytest.mark.django_db
YEAR = span_of("2018")


@pytest.fixture
def w(people):
    return walk(people, instant("2018-06-06 09:00"), to=Stage.ACCEPTED)


def asked(at):
    with CaptureQueriesContext(connection) as seen:
        found = figures_now(YEAR, at)
    assert found == figures_of(YEAR, at)
    return len(seen)


def test_a_second_look_costs_the_mark_alone(w):
    later = w.now + timedelta(minutes=1)

    assert asked(w.now) > 5
    assert asked(later) == 1


def test_an_act_of_anybody_has_them_reckoned_anew(w):
    asked(w.now)
    record(county_book(), "forget_subscriptions", by=system_actor(), at=w.now, count=1)

    assert asked(w.now) > 5


def test_a_promise_that_falls_due_is_broken_at_that_instant_without_any_act(w):
    material = w.filing.materials.first()
    due = w.now + timedelta(hours=2)
    Gap.objects.create(
        filing=w.filing, book=w.filing.book, material=material, promised_at=w.now, due_at=due,
        started_at=w.now, length=1, unit="working_day",
    )  # fmt: skip
    for at in (w.now + timedelta(hours=1), due, due + due.resolution, due - timedelta(minutes=1)):
        asked(at)
    told = [figures_now(YEAR, at)["events"]["gap"] for at in (due, due + due.resolution)]

    assert [one["broken"] for one in told] == [0, 1]


def test_an_earlier_instant_is_answered_for_itself(w):
    asked(w.now)

    assert asked(w.now - timedelta(minutes=5)) > 5
