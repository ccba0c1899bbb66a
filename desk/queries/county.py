"""The editions in force, for the administrator's page."""

from datetime import datetime
from typing import Any

from approvals.queries import catalogue_at
from core.deadlines.queries import edition_at, rulebook_at


def editions_in_force(at: datetime) -> dict[str, Any]:
    """Return calendar, rulebook with its rows, and catalogue with its items, as in force at an instant."""
    rulebook = rulebook_at(at)
    catalogue = catalogue_at(at)
    return {
        "calendar": edition_at(at),
        "rulebook": rulebook,
        "values": rulebook.values.filter(group="county_default"),
        "statutes": rulebook.values.exclude(group="county_default"),
        "catalogue": catalogue,
        "items": catalogue.items.select_related("department"),
    }
