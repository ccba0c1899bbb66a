"""The limits of a case with their day tables, so that a stranger counts each of them again."""

from typing import Any

from approvals.models import Filing
from approvals.services.words import day_table
from core.deadlines.counting import load_interruptions
from core.steps.papers import in_chinese
from prereview.queries.defaults import extensions_of, iso, stops_of


@in_chinese
def limits_of(filing: Filing) -> list[dict[str, Any]]:
    """Return the limits of a case that have run by a calendar and have a date."""
    rows = filing.limits.exclude(calendar=None).exclude(started_at=None).exclude(due_at=None)
    found = [
        limit
        for limit in rows.select_related("calendar", "item__item").order_by("pk")
        if not limit.fixed
    ]
    load_interruptions(found)
    return [
        {
            "rule": limit.rule,
            "name": str(limit.declared.name),
            "item": limit.item.code if limit.item else "",
            "received": limit.declared.received,
            "started_at": iso(limit.started_at),
            "length": limit.length,
            "unit": limit.unit,
            "due_at": iso(limit.due_at),
            "ended_at": iso(limit.ended_at),
            "calendar": f"editions/calendar-{limit.calendar.number}.json"
            if limit.calendar
            else None,
            "suspensions": stops_of(limit),
            "extensions": extensions_of(limit),
            "days": day_table(limit),
        }
        for limit in found
    ]
