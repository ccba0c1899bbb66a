"""One clause followed: back to where it came from, forward to what became of it. A fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import CatalogueClause, Clause, Filing
from inspection.models import (
    AcceptanceVerdict,
    CheckResult,
    CreditRecord,
    Finding,
    Measure,
    PlannedVisit,
    Recheck,
)
from inspection.stages import MeasureKind


@dataclass(frozen=True)
class Chain:
    """A clause with its origin and its versions, and what visits, checks, findings, measures and acceptance said."""

    clause: Clause
    origin: CatalogueClause | None
    versions: list[Clause]
    visits: list[PlannedVisit]
    results: list[dict[str, Any]]
    verdicts: list[AcceptanceVerdict]
    measures: list[Measure]
    record: CreditRecord | None

    @property
    def unchecked(self) -> bool:
        """Whether nobody has examined it yet; seen in use or not due yet is not examined."""
        return not any(one["result"].examines for one in self.results)

    @property
    def marks(self) -> list[Measure]:
        """The credit marks that rest on it."""
        return [m for m in self.measures if m.kind == MeasureKind.CREDIT]


def clauses_seen(by: Membership) -> QuerySet[Clause]:
    """Return the clauses of the letters of the cases a person may see, with what they name."""
    found = Clause.objects.filter(letter__filing__in=Filing.objects.visible_to(by))
    return found.select_related(
        "letter__filing__enterprise", "letter__paper", "item__item__edition", "checked_by"
    )


def chain_of(clause: Clause, by: Membership, at: datetime) -> Chain:
    """Return a clause followed both ways, as a person may see it."""
    filing = clause.letter.filing
    same = {"letter__filing": filing, "number": clause.number}
    versions = Clause.objects.filter(**same).select_related("letter__paper").order_by("letter")
    verdicts = AcceptanceVerdict.objects.filter(clause=clause).select_related(
        "acceptance__paper", "department"
    )
    measures = Measure.objects.filter(finding__clause=clause).select_related("paper", "notice")
    record = CreditRecord.objects.filter(filing=filing).select_related("paper").first()
    return Chain(
        clause=clause,
        origin=_origin(clause),
        versions=list(versions),
        visits=list(clause.planned_visits.select_related("department").order_by("pk")),
        results=[_result(one, at) for one in _results(clause)],
        verdicts=list(verdicts.order_by("acceptance__round")),
        measures=[m for m in measures.order_by("pk") if _told(m, by)],
        record=record,
    )


def _origin(clause: Clause) -> CatalogueClause | None:
    """Return the row of the catalogue; a condition of the pre-review has none."""
    if clause.from_opinion:
        return None
    number = clause.number.rpartition("-")[2]
    return CatalogueClause.objects.filter(item=clause.item.item, number=number).first()


def _results(clause: Clause) -> QuerySet[CheckResult]:
    rechecks = Prefetch("rechecks", Recheck.objects.select_related("paper"))
    findings = Finding.objects.select_related("paper").prefetch_related(rechecks)
    return (
        clause.results.filter(visit__held_at__isnull=False)
        .select_related("visit__paper", "visit__department")
        .prefetch_related(Prefetch("finding", findings))
        .order_by("visit__held_at")
    )


def _result(result: CheckResult, at: datetime) -> dict[str, Any]:
    finding = getattr(result, "finding", None)
    state = finding.state_at(at).label if finding else ""
    return {"result": result, "visit": result.visit, "finding": finding, "state": state}


def _told(measure: Measure, by: Membership) -> bool:
    """An enterprise reads a measure once it was told of it; everybody else as it stands."""
    return by.role != Role.ENTERPRISE or measure.notice_id is not None
