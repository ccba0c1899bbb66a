"""How many working days a limit took, net of what stopped its clock: days off are nobody's delay."""

from datetime import datetime

from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.counting import first_day, last_day_of
from core.deadlines.models import Timed
from core.deadlines.queries import explain

COUNTED = ("counted", "makeup", "rolled")


def net_days(limit: Timed, until: datetime, calendar: Calendar | None) -> tuple[int, int] | None:
    """Return the net working days used of a limit and those beyond its end; None where the calendar lacks one.

    Counted are working days on which the clock ran; what came at 24:00 came on the day that ends with it. What stopped
    the limits of a list is loaded before for all of them.
    """
    if calendar is None or limit.started_at is None:
        return None
    try:
        today, late = last_day_of(until), 0
        if limit.late(until) and limit.due_at is not None:
            late = calendar.working_days_between(last_day_of(limit.due_at), today)
        elif not limit.interrupted:
            return calendar.working_days_between(first_day(limit, calendar), today), 0
        ran = (r.date for r in explain(limit, today) if r.mark in COUNTED and r.date <= today)
        return sum(calendar.is_working(day) for day in ran) + late, late
    except CalendarGap:
        return None
