"""代办: who may receive for an enterprise hears of its limits, and sees what it keeps, while the authority holds."""

from datetime import timedelta

import pytest

from approvals import services
from approvals.stages import Power, Stage
from core import clock
from core.notify.models import Message
from desk.services.reminders import remind
from tests.api.programs import Program
from tests.approvals.test_standing import keep
from tests.conftest import instant
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
BEGIN = instant("2018-09-03 09:00")
walked, offered = standing(lambda people: walk(people, BEGIN, to=Stage.COMMITTING))


def grant(w, *powers, days=60):
    return services.grant_authority(
        w.filing, agent=w.people.other_enterprise, valid_from=w.now.date(),
        valid_to=w.now.date() + timedelta(days=days), powers=powers, upload=pdf(),
        by=w.people.enterprise, at=w.now,
    )  # fmt: skip


def reminded(w, person):
    """What a round on the morning of the last day says to a person of the limit to sign."""
    due = w.filing.limits.get(rule="P6", ended_at=None).due_at
    morning = due - timedelta(hours=15)
    with clock.driven(morning):
        remind(morning)
    told = Message.objects.filter(to=person, subject__contains="签署承诺书")
    return told.filter(subject__contains="今天24:00截止")


@pytest.mark.parametrize(
    ("powers", "days", "hears"),
    [((Power.RECEIVE,), 60, True), ((Power.FILL,), 60, False), ((Power.RECEIVE,), 0, False)],
)
def test_of_a_limit_hears_who_may_receive_and_while_they_may(offered, people, powers, days, hears):
    grant(offered, *powers, days=days)
    assert reminded(offered, people.other_enterprise).exists() is hears
    assert reminded(offered, people.enterprise).exists()


def test_programs_of_an_agent_list_the_versions_in_use(client, offered, people):
    w = offered
    with clock.driven(w.now):
        keep(w)
        newest = keep(w)
        other = Program(client, people.other_enterprise)
        own = Program(client, people.enterprise)
        assert other.get("standing/").json()["results"] == []
        given = grant(w, Power.FILL)
        (row,) = other.get("standing/").json()["results"]
        assert (row["id"], row["enterprise"]) == (newest.pk, people.enterprise.organisation.uscc)
        assert len(own.get("standing/").json()["results"]) == 2
        services.end_authority(given, reason="换人", by=people.enterprise, at=w.now)
        assert other.get("standing/").json()["results"] == []


def test_who_may_only_receive_does_not_see_what_is_kept(client, offered, people):
    with clock.driven(offered.now):
        keep(offered)
        grant(offered, Power.RECEIVE)
        assert Program(client, people.other_enterprise).get("standing/").json()["results"] == []
