"""建设与验收 on the case page: reports, checks, findings, measures, acceptance — what each person may see of them."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import Calendar
from inspection.models import Archive, CreditRecord
from inspection.queries.acceptance import rounds_of


def works_of(
    filing: Filing, by: Membership, at: datetime, calendar: Calendar | None
) -> dict[str, Any]:
    """Return the parts of the section; empty before the start notification, so that nothing is asked."""
    if filing.start_notified_at is None:
        return {}
    return {
        "filing": filing,
        "reports": list(filing.reports.select_related("attachment")),
        **acceptance_of(filing),
    }


def acceptance_of(filing: Filing) -> dict[str, Any]:
    """Return the rounds of the joint acceptance, and what stands at their end."""
    return {
        "rounds": list(rounds_of(filing)),
        "record": CreditRecord.objects.filter(filing=filing).select_related("paper").first(),
        "archive": Archive.objects.filter(filing=filing).first(),
    }
