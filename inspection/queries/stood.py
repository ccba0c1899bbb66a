"""For how many days nothing could be built, or a clock stood: days of which an enterprise is not late."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from approvals.models import Filing
from approvals.queries import rule_value
from approvals.rules import limits
from core.deadlines.counting import interruptions, last_day_of
from core.deadlines.models import Timed
from core.deadlines.rules import STOP_RULES, StopKind
from inspection.models import Measure
from inspection.stages import MeasureKind


def days_of(spans: Iterable[tuple[datetime, datetime]]) -> set[date]:
    """Return the days of some spans, each once: from the day after the one a span begins on to the one it ends on."""
    days: set[date] = set()
    for since, until in spans:
        first, last = last_day_of(since), last_day_of(until)
        days.update(first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return days


def days_stood(limit: Timed) -> int:
    """Return on how many days the clock of a limit has stood: each counts once, as for the limit itself."""
    stops = interruptions(limit).suspensions
    return len(days_of((stop.since, stop.until) for stop in stops if stop.until is not None))


def days_before_start(filing: Filing) -> int:
    """Return on how many days the time to begin the works has stood. One query."""
    found = filing.limits.filter(rule=limits.START_REPORT.code, item=None).order_by("pk").last()
    return days_stood(found) if found else 0


def days_stopped(filing: Filing, day: date) -> int:
    """Return on how many days through `day` the works were stopped by order; none where P144 says so. One query.

    Only a stop that was lifted counts, as for a node: nobody reports works as done while they stand still.
    """
    stops = Measure.objects.filter(filing=filing, kind=MeasureKind.STOP, lifted_at__isnull=False)
    spans = [
        (decided, lifted)
        for decided, lifted in stops.values_list("decided_at", "lifted_at")
        if decided is not None and lifted is not None and _gives_back(filing, decided)
    ]
    return sum(stood <= day for stood in days_of(spans))


def _gives_back(filing: Filing, at: datetime) -> bool:
    found = rule_value(filing, STOP_RULES[StopKind.STOP_ORDER], at)
    return found is not None and found[1].value == "yes"
