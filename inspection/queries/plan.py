"""The supervision plan of a case as pages and programs ask for it: a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from approvals.models import Clause, Filing
from core.deadlines.counting import load_interruptions
from core.steps.limits import card
from inspection.models import PlannedVisit
from inspection.queries.works import clauses_of
from inspection.rules.plan import DURING


def visits_with_all(found: QuerySet[PlannedVisit]) -> QuerySet[PlannedVisit]:
    """Return visits with what is shown of them: their department, clauses, clock and the check that was held."""
    clauses = Clause.objects.order_by("pk")
    return (
        found.select_related("filing", "department", "calendar", "check_held")
        .prefetch_related("department__names", Prefetch("clauses", clauses))
        .order_by("pk")
    )


def plan_of(filing: Filing, at: datetime) -> list[dict[str, Any]]:
    """Return the visits of a case, those still owed first, each with its limit where one runs."""
    visits = list(visits_with_all(filing.planned_visits.all()))
    load_interruptions(visit for visit in visits if visit.running)
    rows = [
        {"visit": visit, "limit": card(visit, at, table=False) if visit.running else None}
        for visit in visits
    ]
    return sorted(rows, key=lambda row: not row["visit"].open)


def left_to_acceptance(filing: Filing) -> list[Clause]:
    """Return the clauses that no visit looks at: the joint acceptance does."""
    return list(clauses_of(filing).exclude(checked_when=DURING))
