"""No stage is a dead end: at each one somebody has a step, and if nobody takes it the silence leads somewhere.

Each stage is reached by the real services; then nobody acts, and the sweep comes far in the future. The case has
ended or moved on, or a named person has been told that it stands, or the public's time has passed and closed it.
"""

from datetime import timedelta

import pytest

from accounts.stages import Role
from approvals.stages import ENDS, Stage
from core.notify.models import Message
from core.steps.offers import offered
from tests.stories.telling import sound
from tests.walk import WAY, Walk

pytestmark = pytest.mark.django_db
ON_THE_ROAD = [stage for stage, _step in WAY if stage not in (Stage.DRAFT, Stage.COMPLETED)]
# Where only the enterprise has the move and its waiting costs nobody anything: nothing was received of it yet.
ITS_OWN_TIME = (Stage.LISTED,)


def somebody(people):
    """One person of each role, and a clerk of every department of the case."""
    return [people.enterprise, people.window, people.convenor, people.supervisor]


def steps_of(filing, person):
    return [offer.name for offer in offered(filing, person) if offer.allowed]


def told_of(filing):
    """The messages about a case that went to a supervisor."""
    found = Message.objects.filter(to__role=Role.SUPERVISOR, link__contains=filing.public_id)
    return list(found.values_list("subject", flat=True))


@pytest.mark.slow
@pytest.mark.parametrize("stage", ON_THE_ROAD)
def test_somebody_has_a_step_and_silence_leads_somewhere(people, at, stage):
    w = Walk(people, at("2018-03-05 09:00")).to(stage)
    filing = w.filing
    departments = {item.department.code for item in filing.items.select_related("department")}
    everybody = somebody(people) + [people.department(code) for code in sorted(departments)]
    assert any(steps_of(filing, person) for person in everybody)
    w.sweep(w.now + timedelta(days=400))
    after = w.filing
    moved = after.stage != stage
    escalated = after.limits.filter(escalated_at__isnull=False, ended_at=None).exists()
    if stage in ITS_OWN_TIME:
        assert not moved
        assert any(steps_of(after, person) for person in everybody)
    else:
        assert moved or escalated
    if escalated:
        assert told_of(after)
    if after.stage in ENDS:
        assert not after.limits.filter(ended_at=None).exists()
        assert after.ended_because
    assert sound()
