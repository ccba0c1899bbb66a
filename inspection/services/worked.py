"""What a check that was held takes off the supervision plan."""

from datetime import datetime

from core.deadlines.services import end
from inspection.models import Check
from inspection.queries.works import examined
from inspection.stages import VisitPurpose


def work_off(check: Check, at: datetime) -> None:
    """End the visits of a department of which every clause has been looked at; a check without a look ends none."""
    looked = examined().filter(visit__filing=check.filing)
    seen = set(looked.values_list("clause_id", flat=True))
    mine = check.filing.planned_visits.filter(department=check.department, ended_at=None)
    for visit in mine.prefetch_related("clauses"):
        whole = {clause.pk for clause in visit.clauses.all()} <= seen
        if whole or visit.purpose == VisitPurpose.REPORT:
            visit.check_held = check
            end(visit, at=at)
