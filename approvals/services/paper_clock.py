"""From when the limits run that a paper brought to the counter begins: its time, the opening, or the confirmation."""

from datetime import datetime

from django.utils import timezone

from approvals.models import Filing, PaperIntake, StageLimit
from approvals.queries import rule_value
from approvals.rules import limits
from approvals.stages import PaperStep
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at, counts_at_counter, end_of
from core.deadlines.services import start

FROM_RECEIPT = (limits.CHECKLIST.code, limits.ACCEPTANCE.code, limits.STATUTORY_ACCEPTANCE.code)


def counted_since(filing: Filing, intake: PaperIntake, at: datetime) -> datetime:
    """Return from when a confirmed paper counts: its time, the counter's next opening, or the confirmation.

    What came after the counter had closed counts from its next opening (民法典 203). Where silence would decide before
    the window had a working day (P64) to speak, it counts from the confirmation: 行政许可法 32 turns the authority's
    silence into acceptance because the authority could have spoken, and nobody's entry makes or unmakes a default.
    """
    opened = counts_at_counter(intake.paper_at, at)
    if filing.rulebook is None:
        return opened
    applied = intake.step == PaperStep.FILING
    rule = limits.CHECKLIST if applied else limits.STATUTORY_ACCEPTANCE
    limit = StageLimit(filing=filing, book=filing.book)
    start(limit, rule, at=opened, rulebook=filing.rulebook, save=False)
    if limit.due_at is None or _leaves_time(filing, limit.due_at, at):
        return opened
    return at


def _leaves_time(filing: Filing, due_at: datetime, at: datetime) -> bool:
    """Whether the window still has the working days of P64 from the day after the confirmation."""
    found = rule_value(filing, "P64", at)
    days = found[1].number if found else 0
    if not days:
        return due_at >= at
    try:
        return due_at >= end_of(calendar_at(at).add_working(timezone.localdate(at), days))
    except CalendarGap:
        return False


def run_from(filing: Filing, intake: PaperIntake, since: datetime) -> None:
    """Let the limits that the receipt began run from `since`, and say of each when the paper had come."""
    for limit in filing.limits.filter(rule__in=FROM_RECEIPT, ended_at=None):
        limit.came_at = intake.paper_at
        start(limit, limit.declared, at=since, rulebook=filing.rulebook)
