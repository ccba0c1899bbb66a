"""A filing's limits as its pages show them."""

from datetime import datetime
from typing import Any

from approvals.models import Filing
from core import clock
from core.deadlines.models import Timed
from core.steps import limits
from core.steps.limits import card

__all__ = ["card", "cards", "running", "silence", "silences"]


def silence(limit: Timed | None, at: datetime | None = None) -> str:
    """Say until when, and what happens if nothing does; empty without a running limit."""
    return limits.silence(limit, at or clock.now())


def running(filing: Filing, *codes: str) -> list[Any]:
    """Return a filing's running limits of these rules, soonest first; uses prefetched rows where there are any."""
    found = [limit for limit in filing.limits.all() if limit.running and limit.rule in codes]
    return sorted(found, key=lambda limit: (limit.due_at is None, limit.due_at or limit.started_at))


def silences(filing: Filing, *codes: str) -> str:
    """Return the sentences of a filing's running limits of these rules."""
    return "".join(silence(limit) for limit in running(filing, *codes))


def cards(filing: Filing, *codes: str) -> list[dict[str, Any]]:
    """Return a filing's running limits of these rules for the page."""
    at = clock.now()
    return [card(limit, at) for limit in running(filing, *codes)]
