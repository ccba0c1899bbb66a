"""主动公开 of a year in numbers, for the annual report: what arose, and how each of it was published."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from core.deadlines.counting import last_day_of
from public_notice.models import Publication
from public_notice.rules.openness import standing
from public_notice.stages import Matter, Timeliness

KINDS = tuple(kind for kind in Matter if kind != Matter.WITHHELD)
Known = tuple[str, date, date | None, date | None]  # kind, arose, last day, published


@dataclass(frozen=True)
class Proactive:
    """A line: of one kind (empty: of all) how much arose in a year, and how it stands: `arose` is the sum of these."""

    kind: str
    label: str
    arose: int
    in_time: int
    late: int
    running: int
    overdue: int
    undated: int


def proactive(rows: Iterable[Known], year: int, today: date) -> list[Proactive]:
    """Return the lines of a year by kind, their sum last; what arose after today is not counted. Pure."""
    counted: Counter[tuple[str, str]] = Counter()
    for kind, arose, due, published in rows:
        if arose.year == year and arose <= today:
            known = published if published is not None and published <= today else None
            stand = standing(due, known, today)
            counted[kind, stand] += 1
            counted["", stand] += 1
    return [_line(kind, counted) for kind in (*KINDS, "")]


def _line(kind: str, counted: Counter[tuple[str, str]]) -> Proactive:
    found = {stand.value: counted[kind, stand] for stand in Timeliness}
    return Proactive(
        kind=kind,
        label=str(Matter(kind).label) if kind else "",
        arose=sum(found.values()),
        **found,
    )


def proactive_of(years: Iterable[int], at: datetime) -> dict[int, list[Proactive]]:
    """Return the lines of some years, as they stand at an instant: one query."""
    found = Publication.objects.values_list("matter__kind", "arose_on", "due_at", "ended_at")
    rows: list[Known] = [
        (
            kind,
            arose,
            last_day_of(due) if due else None,
            timezone.localdate(ended) if ended else None,
        )
        for kind, arose, due, ended in found
    ]
    today = timezone.localdate(at)
    return {year: proactive(rows, year, today) for year in years}
