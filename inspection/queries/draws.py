"""The draws of the random checks, with what was drawn; and by what record projects are grouped for one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from approvals.models import CreditBar, Filing
from inspection.models import Check, CreditRecord, Draw
from inspection.stages import Group


def draws_made() -> list[Draw]:
    """Return the draws with their checks, newest first."""
    checks = Check.objects.select_related("filing", "department").order_by("pk")
    return list(
        Draw.objects.select_related("replaces", "drawn_by", "pledge").prefetch_related(
            Prefetch("checks", checks)
        )
    )


def published(draw: Draw) -> dict[str, Any]:
    """Return what anyone needs to repeat a draw; one that was not announced has no secret."""
    names = ("seed", "opening", "algorithm", "digest", "groups", "pairs", "checkpoint")
    pledge = draw.pledge
    return {
        **{name: getattr(draw, name) for name in names},
        "secret": pledge.secret if pledge else "",
        "commitment": pledge.commitment if pledge else "",
        # by it a stranger finds the first checkpoint after the announcement
        "announced_at": pledge.announced_at.isoformat() if pledge else "",
    }


def grouped(filings: Iterable[Filing], at: datetime) -> dict[Group, list[str]]:
    """Return the numbers of filings by the record of their enterprises at an instant: two queries.

    Marked: a mark of bad credit stands. Good: a commitment was kept without a finding, and no mark was ever registered.
    """
    ever = set(CreditBar.objects.values_list("enterprise_id", flat=True))
    standing = CreditBar.objects.standing(timezone.localdate(at), at)
    marked = set(standing.values_list("enterprise_id", flat=True))
    clean = CreditRecord.objects.filter(findings=0).values_list("filing__enterprise_id", flat=True)
    good = set(clean) - ever
    found: dict[Group, list[str]] = {group: [] for group in Group}
    for filing in filings:
        group = Group.USUAL
        if filing.enterprise_id in marked:
            group = Group.MARKED
        elif filing.enterprise_id in good:
            group = Group.GOOD
        found[group].append(filing.number)
    return found
