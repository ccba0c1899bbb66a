"""整改期限 is lengthened once, before it ends; the gate, the plan and clauses for programs."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from approvals.services import extend_limit
from approvals.stages import Stage
from core import clock
from inspection.stages import FindingState
from tests.api.programs import Program
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)
SAID = {"days": 5, "reason": "设备到货推迟", "paper_number": "示例函1号"}


def test_a_rectification_is_lengthened_by_the_head_of_its_department(building, people):
    w = building
    finding = w.breach("ZJJ")
    due = finding.due_at
    for stranger in (
        people.department("ZJJ"),
        people.head("QXJ"),
        people.enterprise,
        people.convenor,
    ):
        with refused(error=PermissionDenied):
            w.do(extend_limit, finding, **SAID, by=stranger)
    with refused("已经届满|已过|届满"):
        extend_limit(finding, **SAID, by=people.head("ZJJ"), at=due + TICK)

    w.do(extend_limit, finding, **SAID, by=people.head("ZJJ"))

    finding.refresh_from_db()
    assert finding.due_at > due
    with refused("已经延长过一次"):
        w.do(extend_limit, finding, **SAID, by=people.head("ZJJ"))
    # What would have been too late is in time now.
    assert finding.state_at(due + TICK) == FindingState.OPEN
    w.until(due + timedelta(hours=10))
    w.report_rectified(finding)
    finding.refresh_from_db()
    assert not finding.reported_late


def test_a_program_reads_the_gate_the_plan_and_a_clause_with_all_that_became_of_it(
    people, at, client, building
):
    w = building
    shut = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    clause = w.clauses("ZJJ")[0]
    finding = w.breach("ZJJ")
    with clock.driven(max(w.now, shut.now)):
        program = Program(client, people.department("ZJJ"), days=300)
        gate = program.get(f"filings/{shut.filing.public_id}/gate/").json()
        chain = program.get(f"clauses/{clause.pk}/").json()
        visits = program.get("planned-visits/", {"filing": w.filing.public_id}).json()["results"]
        unchecked = program.get(
            "clauses/", {"filing": w.filing.public_id, "unchecked": "true", "present": "true"}
        ).json()["results"]
        stranger = Program(client, people.other_enterprise, days=300)
        assert stranger.get(f"clauses/{clause.pk}/").status_code == 404

    assert gate["open"] is False
    assert gate["missing"] == shut.filing.gate_missing()
    assert chain["clause"]["number"] == clause.number
    assert chain["clause"]["safety"] is True
    assert [one["finding"] for one in chain["results"]] == [finding.pk]
    assert chain["unchecked"] is False
    assert {one["department"]["code"] for one in visits} >= {"ZJJ", "QXJ"}
    assert clause.number not in {one["number"] for one in unchecked}
    assert unchecked
