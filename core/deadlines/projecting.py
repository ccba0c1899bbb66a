"""What a later calendar makes of an open limit: one function for the sweep, which writes it, and for the preview."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.models import CalendarEdition
from core.deadlines.queries import ends

What = Literal["dated", "moved", "same", "kept", "gap", "untouched"]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it. `due` is the end that the later calendar gives, `before` the one that the limit had.

    dated: it had none · moved: it ends later · same · kept: it would end earlier and stays as served · gap: the
    calendar does not reach there · untouched: silence was acted on, the end is a printed date, or the clock stands.
    """

    what: What
    before: datetime | None
    due: datetime | None = None


def advance(row: Any, edition: CalendarEdition, calendar: Calendar, wait: timedelta) -> Came:
    """Bring an open limit up to a later edition, in memory; `wait` is the sweep's grace after an end."""
    came = _came(row, calendar)
    if came.what in ("moved", "dated"):
        row.due_at, row.provisional = came.due, False
        row.act_at = row.due_at + wait
    if came.what in ("moved", "dated", "same") or row.provisional:
        row.calendar = edition
    return came


def _came(row: Any, calendar: Calendar) -> Came:
    before = row.due_at
    if not row.provisional and (row.fixed or not row.untouched):
        return Came("untouched", before)
    try:
        due = ends(row, calendar)
    except CalendarGap:
        return Came("gap", before)
    if due is None:
        return Came("untouched", before)  # its clock stands: it is counted when it goes on
    if row.provisional:
        return Came("dated", None, due)
    if due == before:
        return Came("same", before, due)
    return Came("moved" if due > before else "kept", before, due)
