"""建设与验收 on the case page: reports, checks, findings, measures, acceptance — what each person may see of them."""

from datetime import datetime
from typing import Any

from django.db.models import Count

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import Calendar
from core.steps.limits import card
from inspection.models import Archive, CreditRecord
from inspection.queries.acceptance import rounds_of
from inspection.queries.checks import checks_seen
from inspection.queries.nodes import nodes_of
from inspection.queries.works import clauses_of, examined


def works_of(
    filing: Filing, by: Membership, at: datetime, calendar: Calendar | None
) -> dict[str, Any]:
    """Return the parts of the section; empty before the start notification, so that nothing is asked."""
    if filing.start_notified_at is None:
        return {}
    return {
        "filing": filing,
        "reports": list(filing.reports.select_related("attachment", "node__node")),
        "nodes": list(nodes_of(filing)),
        **checks_of(filing, by, at, calendar),
        **acceptance_of(filing),
    }


def checks_of(
    filing: Filing, by: Membership, at: datetime, calendar: Calendar | None
) -> dict[str, Any]:
    """Return the checks the reader knows of, the findings with their state and date, and what nobody has checked."""
    checks = checks_seen(by).filter(filing=filing)
    findings = filing.findings.select_related("clause", "department", "calendar")
    return {
        "checks": list(checks.annotate(found=Count("results__finding")).order_by("planned_on")),
        "findings": [
            {
                "finding": finding,
                "state": finding.state_at(at).label,
                "limit": card(finding, at, calendar, table=False) if finding.running else None,
            }
            for finding in findings
        ],
        "unchecked": clauses_of(filing).exclude(pk__in=examined().values("clause")).count(),
    }


def acceptance_of(filing: Filing) -> dict[str, Any]:
    """Return the rounds of the joint acceptance, and what stands at their end."""
    return {
        "rounds": list(rounds_of(filing)),
        "record": CreditRecord.objects.filter(filing=filing).select_related("paper").first(),
        "archive": Archive.objects.filter(filing=filing).first(),
    }
