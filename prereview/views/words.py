"""Opinions as pages show them: the mark, the date, what is left, and what silence comes to."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.stages import OpinionDefault
from core.deadlines.calendar import Calendar
from core.deadlines.queries import calendar_or_none, explain
from prereview.models import Invitation, Slot
from prereview.queries.words import (
    SHORT,
    absent,
    consequence,
    lamp,
    mark,
    silence,
    summons_of,
    what,
)

__all__ = [
    "SHORT",
    "absent",
    "card",
    "cards",
    "consequence",
    "lamp",
    "mark",
    "silence",
    "summons_of",
    "what",
]


def card(
    slot: Slot, summons: Invitation | None, at: datetime, calendar: Calendar | None
) -> dict[str, Any]:
    """Return a slot for pages: its mark, its limit for components/due.html, and its addresses."""
    colour, left = lamp(slot, summons, at, calendar)
    state, label = mark(slot)
    runs = slot.running and slot.due_at is not None and not absent(slot, summons)
    return {
        "slot": slot,
        "what": what(slot),
        "department": slot.department.label,
        "state": state,
        "label": label,
        "red_line": slot.default == OpinionDefault.ESCALATE,
        "url": reverse("prereview:opinion", args=[slot.pk]),
        "opinion": getattr(slot, "opinion", None),
        "limit": {
            "label": slot.declared.name,
            "due_at": slot.due_at if runs else None,
            "provisional": slot.provisional and slot.running,
            "light": colour,
            "days_left_text": left,
            "silence": silence(slot, summons),
            "rows": explain(slot) if runs else [],
            "ordinal": _("第%(n)d个工作日") % {"n": slot.length} if slot.length and runs else "",
        },
    }


def cards(slots: list[Slot], at: datetime) -> list[dict[str, Any]]:
    """Return slots for pages; the summons and the calendar are found once."""
    calendar, summons = calendar_or_none(at), summons_of(slots)
    return [
        card(s, summons.get((s.agenda.session_id, s.department_id)), at, calendar) for s in slots
    ]
