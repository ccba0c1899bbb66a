"""主动公开: when something that arose must stand where everybody can read it, and how that stands on a day. Pure."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.rules import Rule, Silence, declare
from public_notice.stages import Timeliness

DISCLOSURE = declare(Rule("15", _("主动公开"), Silence.ESCALATES, _("公开主体")))
DECISION_ONLINE = declare(Rule("16", _("许可、处罚决定公开"), Silence.ESCALATES, _("公开主体")))
# The limits that a publication of its own may run under; that of a notice (P35) runs in its case.
OWN = {rule.code: rule for rule in (DISCLOSURE, DECISION_ONLINE)}


def due_on(arose: date, days: int, unit: str, calendar: Calendar) -> date | None:
    """Return the last day for what arose on a day; None where no calendar is published that far (条例 26)."""
    try:
        return calendar.due(arose, days, unit)
    except CalendarGap:
        return None


def standing(due: date | None, published: date | None, today: date) -> Timeliness:
    """Return how a publication stands: its own days decide, not when somebody looked. The last day is in time."""
    if due is None:
        return Timeliness.UNDATED if published is None else Timeliness.IN_TIME
    if published is not None:
        return Timeliness.IN_TIME if published <= due else Timeliness.LATE
    return Timeliness.OVERDUE if today > due else Timeliness.RUNNING
