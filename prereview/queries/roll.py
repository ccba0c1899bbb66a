"""The roll of a session as it was recorded: its copy, until when it may be contested, and what rests on it."""

from datetime import datetime

from django.db.models import QuerySet

from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import last_day_of
from core.deadlines.queries import Value, calendar_at, end_of, rulebook_at, unit_said, value_of
from prereview import rules
from prereview.models import Invitation, Opinion, RollContest, Session
from prereview.stages import Position


def contest_days(at: datetime) -> Value:
    """Return P17: how long a department may contest the roll from when it got its copy; the county's to decide."""
    return value_of(rulebook_at(at), rules.CONTEST)


def roll_contest_until(session: Session, now: datetime) -> datetime | None:
    """Return the last instant at which the roll may be contested; None before its copy, or beyond the calendar.

    By the calendar of the day of the copy, or by a later one where that gives more time.
    """
    given = session.closed_at
    if given is None:
        return None
    value = contest_days(given)
    unit = unit_said(value.unit)
    ends = []
    for known in (given, max(now, given)):
        try:
            ends.append(end_of(calendar_at(known).due(last_day_of(given), value.number, unit)))
        except CalendarGap:
            continue
    return max(ends) if ends else None


def resting_on(invitation: Invitation) -> QuerySet[Opinion]:
    """Return the defaults by absence that stand and rest on a department's row of the roll."""
    return Opinion.objects.filter(
        position=Position.DEEMED_ABSENCE,
        withdrawn_at=None,
        slot__agenda__session=invitation.session_id,
        slot__department=invitation.department_id,
        slot__served_again_at=None,
    ).order_by("slot_id")


def contest_of(invitation: Invitation) -> RollContest | None:
    """Return what the department has against its row of the roll, if it said so."""
    return getattr(invitation, "roll_contest", None)
