"""A play that meets a limit nobody can handle ends there and names the case; it does not try on to its last day."""

from datetime import timedelta

import pytest

from approvals.models import StageLimit
from approvals.stages import Stage
from desk.services.replay import read_plan
from desk.services.replay.make import before
from desk.services.replay.world import ReplayError, World, cast
from tests.conftest import SHIPPED
from tests.walk import walk

pytestmark = pytest.mark.django_db


def until_a_month_later(way):
    plan = read_plan(SHIPPED / "replay-2018", before(way.now))
    world = World(plan, cast(), way.now)
    world.go(way.now + timedelta(days=30))
    return world


@pytest.fixture
def received(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)


def test_the_case_and_the_limit_are_named(received, caplog):
    running = StageLimit.objects.filter(filing=received.filing, act_at__isnull=False)
    assert running.update(rule="P999")

    with pytest.raises(ReplayError, match=received.filing.book.code) as stopped:
        until_a_month_later(received)

    assert "P999" in str(stopped.value)
    assert "could not be handled" in caplog.text


def test_what_can_be_handled_is_handled_on_the_way(received):
    world = until_a_month_later(received)

    assert world.counts["swept"]
    assert received.filing.stage == Stage.ACCEPTED  # by silence
