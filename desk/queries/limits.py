"""A limit as pages show it: label, date, light, what is left, what silence means, and the day table."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.deadlines.calendar import Calendar
from core.deadlines.models import Timed
from core.deadlines.queries import explain, last_day_of, left_in_words, light


def silence_of(limit: Timed) -> str:
    """Return the sentence that stands beside the button: by when, and what happens if nothing is done."""
    if limit.due_at is None:
        return ""
    day = last_day_of(limit.due_at)
    return _("%(month)s月%(day)s日24时前未办理的，%(what)s。") % {
        "month": day.month, "day": day.day, "what": limit.declared.silence.label,
    }  # fmt: skip


def shown(
    limit: Timed, at: datetime, calendar: Calendar | None, *, table: bool = False
) -> dict[str, Any]:
    """Return a limit for components/due.html; `table` adds the day table."""
    running = limit.ended_at is None
    return {
        "label": str(limit.declared.name),
        "due_at": limit.due_at,
        "provisional": limit.provisional,
        "light": light(limit, at, calendar),
        "days_left_text": left_in_words(limit, at, calendar) if running else "",
        "done_text": "" if running else _("已办结"),
        "silence": silence_of(limit) if running else "",
        "rows": explain(limit) if table and running else [],
    }
