"""The figures of a period, reckoned once for as long as nothing that they rest on has changed.

What somebody does has an entry in the ledger, and with it another mark (`open_forms.stamp`). What time alone changes is
known beforehand: a promise falls due, a limit begins. Until the first of these instants the same figures are right.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.db.models import Min, QuerySet

from approvals.models import Filing, Gap, LaterRequest
from prereview.models import Slot
from public_notice.models import Objection
from public_notice.queries.figures import Span, figures_of
from public_notice.queries.open_forms import stamp


def figures_now(span: Span, at: datetime) -> dict[str, Any]:
    """Return what `figures_of` returns, each process reckoning it once under a mark: one narrow question otherwise."""
    name = sha256(f"{span.period}|{stamp(at).mark}".encode()).hexdigest()
    kept = caches["open"].get(f"figures-{name}")
    if kept is not None:
        since, until, found = kept
        if since <= at and (until is None or at < until):
            return dict(found)
    found = figures_of(span, at)
    caches["open"].set(f"figures-{name}", (at, _until(at), found))
    return found


def _until(at: datetime) -> datetime | None:
    """Return the first instant, this one or later, at which time alone could change a figure; None where none could."""
    by_time: tuple[tuple[QuerySet[Any], str], ...] = (
        (Gap.objects.all(), "due_at"),
        (Gap.objects.all(), "promised_at"),
        (Slot.objects.all(), "started_at"),
        (Filing.objects.all(), "accepted_at"),
        (LaterRequest.objects.all(), "asked_at"),
        (Objection.objects.all(), "received_at"),
    )
    found = (
        rows.filter(**{f"{field}__gte": at}).aggregate(first=Min(field))["first"]
        for rows, field in by_time
    )
    return min((first for first in found if first is not None), default=None)
