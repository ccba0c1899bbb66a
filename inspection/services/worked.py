"""What a check that was held takes off the supervision plan."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.asked import Asked
from core.deadlines.services import end
from inspection.models import Check, PlannedVisit
from inspection.queries.works import examined
from inspection.stages import VisitPurpose


def work_off(check: Check, at: datetime) -> None:
    """End the visits of a department of which every clause has been looked at; a check without a look ends none."""
    seen = set(_looked_at(check.filing_id))
    for visit in _planned(check.filing_id, check.department_id):
        visit.filing = check.filing
        whole = {clause.pk for clause in visit.clauses.all()} <= seen
        if whole or visit.purpose == VisitPurpose.REPORT:
            visit.check_held = check
            end(visit, at=at)


@Asked
def _looked_at(filing: int) -> QuerySet[Any]:
    return examined().filter(visit__filing=filing).order_by().values_list("clause", flat=True)


@Asked
def _planned(filing: int, department: int) -> QuerySet[PlannedVisit]:
    mine = PlannedVisit.objects.filter(filing=filing, department=department, ended_at=None)
    return mine.prefetch_related("clauses")
