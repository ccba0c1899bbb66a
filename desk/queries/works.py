"""建设与验收 on the case page: reports, checks, findings, measures, acceptance — what each person may see of them."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import Calendar


def works_of(
    filing: Filing, by: Membership, at: datetime, calendar: Calendar | None
) -> dict[str, Any]:
    """Return the parts of the section; empty before the start notification, so that nothing is asked."""
    if filing.start_notified_at is None:
        return {}
    return {
        "filing": filing,
        "reports": list(filing.reports.select_related("attachment")),
    }
