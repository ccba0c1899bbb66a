"""处理 on the case page: what is intended, decided, stopped or marked, each with the limit that runs."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from approvals.models import Filing
from approvals.stages import MAY_EXIT, Stage
from core.deadlines.calendar import Calendar
from core.steps.limits import card

# Before the notice nobody has promised anything, so nothing is asked.
LOOKED_AT = (*MAY_EXIT, Stage.COMPLETED, Stage.ORDINARY, Stage.REVOKED)


def measures_url(filing: Filing) -> str:
    """Return the address of a case's measures."""
    return reverse("inspection:measures", args=[filing.public_id])


def measures_on(filing: Filing, at: datetime, calendar: Calendar | None) -> list[dict[str, Any]]:
    """Return the measures of a case, newest first, each with the limit that runs."""
    if filing.stage not in LOOKED_AT:
        return []
    url = measures_url(filing)
    return [
        {
            "measure": m,
            "url": url,
            "limit": card(m, at, calendar, table=False) if m.running else None,
        }
        for m in sorted(filing.measures.all(), key=lambda m: m.pk, reverse=True)
    ]
