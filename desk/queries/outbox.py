"""What is on its way out of the system, and what could not leave: for the administrator."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from core.notify.models import Message, Sending
from core.notify.services.ways import WAYS_OUT
from core.notify.stages import Way


def undelivered() -> QuerySet[Sending]:
    """Return the letters that were given up, newest first, with what their rows show."""
    failed = Sending.objects.filter(failed_at__isnull=False)
    return failed.select_related("to__user", "to__organisation").prefetch_related("messages")


def ways_now(at: datetime) -> list[dict[str, Any]]:
    """Return for each way whether it is set up, what waits, since when, and why the last try failed."""
    tried = Q(next_at__isnull=False) & ~Q(error="")
    counts = Sending.objects.values("way").annotate(
        waiting=Count("pk", filter=Q(next_at__isnull=False)),
        oldest=Min("created_at", filter=Q(next_at__isnull=False)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
        error=Max("error", filter=tried),
    )
    found = {row["way"]: row for row in counts.order_by("way")}
    nothing = {"waiting": 0, "oldest": None, "failed": 0, "error": ""}
    return [
        {**nothing, **found.get(way, {}), "way": way, "label": way.label, "on": WAYS_OUT[way].on()}
        for way in Way
    ]


def not_handed_over() -> int:
    """Return how many messages wait for the next pass of `deliver`."""
    return Message.objects.filter(sent_at=None).count()
