"""Checks and findings as a person may see them, and each clause followed forward to what became of it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from inspection.models import Check, CheckResult, Finding, Recheck
from inspection.queries.works import clauses_of
from inspection.stages import CheckMode, FindingState

OPEN = Q(held_at__isnull=True, called_off_at__isnull=True)


def checks_seen(by: Membership) -> QuerySet[Check]:
    """Return the checks of the cases a person may see; the enterprise hears of an unannounced one once it is held."""
    found = Check.objects.filter(filing__in=Filing.objects.visible_to(by))
    if by.role == Role.ENTERPRISE:
        found = found.filter(Q(held_at__isnull=False) | Q(mode=CheckMode.PLANNED))
    return found.select_related("filing__enterprise", "department", "paper", "attachment")


def check_list(by: Membership) -> QuerySet[Check]:
    """Return the checks for the list: a department its own, others what they see; with the count of findings."""
    found = checks_seen(by)
    if by.role in (Role.CLERK, Role.HEAD):
        found = found.filter(department_id=by.organisation_id)
    return found.annotate(found=Count("results__finding")).order_by("-planned_on", "-pk")


def findings_seen(by: Membership) -> QuerySet[Finding]:
    """Return the findings of the cases a person may see, with what their page names."""
    return Finding.objects.filter(filing__in=Filing.objects.visible_to(by)).select_related(
        "filing__enterprise", "filing__rulebook", "clause__item__item", "department", "paper",
        "evidence", "result__visit__paper", "calendar", "book",
    )  # fmt: skip


MEND = (FindingState.OPEN, FindingState.FAILED)


def next_to_mend(filing: Filing) -> Finding | None:
    """Return the finding that the enterprise has to mend first, by the end of its days."""
    return filing.findings.filter(state__in=MEND).order_by("due_at", "pk").first()


def next_to_recheck(filing: Filing, by: Membership) -> Finding | None:
    """Return the finding that a person's department has to look at again first."""
    mine = filing.findings.filter(department_id=by.organisation_id, state=FindingState.REPORTED)
    return mine.order_by("due_at", "pk").first()


def next_to_hold(filing: Filing, by: Membership) -> Check | None:
    """Return the check that a person's department has to hold first."""
    mine = filing.checks.filter(OPEN, department_id=by.organisation_id)
    return mine.order_by("planned_on", "pk").first()


def followed(filing: Filing, at: datetime) -> list[dict[str, Any]]:
    """Return each clause of the present letter with its results and findings, in three queries more."""
    rechecks = Prefetch("rechecks", Recheck.objects.select_related("paper"))
    findings = Finding.objects.select_related("paper").prefetch_related(rechecks)
    results = (
        CheckResult.objects.filter(visit__held_at__isnull=False)
        .select_related("visit__paper", "visit__department")
        .prefetch_related(Prefetch("finding", findings))
        .order_by("visit__held_at")
    )
    return [
        {
            "clause": clause,
            "results": [_seen(result, at) for result in clause.results.all()],
            "unchecked": not any(result.examines for result in clause.results.all()),
        }
        for clause in clauses_of(filing).prefetch_related(Prefetch("results", results))
    ]


def _seen(result: CheckResult, at: datetime) -> dict[str, Any]:
    finding = getattr(result, "finding", None)
    return {
        "result": result,
        "visit": result.visit,
        "finding": finding,
        "state": FindingState(finding.state_at(at)).label if finding else "",
    }
