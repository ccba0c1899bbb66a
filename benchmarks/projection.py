"""A new calendar over many open limits: counted anew, those that end later moved, told and written down.

Two editions are tried: one whose new day off lies in no limit (what a notice mostly does), and one in which every limit
ends later. The bar: 100,000 limits in under 60 seconds.
"""

import time
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish, peak_memory

GOAL = 60.0  # seconds for 100,000 limits


def new_edition(known: date, off: list[date]) -> None:
    """Load an edition that is the newest known one with some more days off."""
    from core.deadlines.models import CalendarDay, CalendarEdition

    last = CalendarEdition.objects.filter(known_from__lte=known).order_by("-number")[0]
    days = list(last.days.exclude(date__in=off))
    CalendarEdition.objects.filter(number__gt=last.number).update(known_from=date(2099, 1, 1))
    number = CalendarEdition.objects.order_by("-number")[0].number + 1
    made = CalendarEdition.objects.create(
        number=number, known_from=known, first_day=last.first_day, last_day=last.last_day,
        notices=["a benchmark's"], digest=f"benchmark {off}"[:64],
    )  # fmt: skip
    marks = [CalendarDay(date=d.date, kind=d.kind, name=d.name, notice=d.notice) for d in days]
    marks += [CalendarDay(date=day, kind="off", name="停办", notice="benchmark") for day in off]
    for mark in marks:
        mark.edition = made
    CalendarDay.objects.bulk_create(marks)


def open_limits() -> int:
    """Return how many limits run in the copies."""
    from core.deadlines.models import timed_models

    return sum(
        model.objects.filter(pk__gt=1_000_000, ended_at=None, due_at__isnull=False).count()
        for model in timed_models()
    )


def measured(limits: int, later: bool) -> dict[str, Any]:
    """Fill a database, bring in an edition, count all anew once; return what was seen."""
    from benchmarks.answer import prepare
    from core import clock
    from core.deadlines.services import reproject
    from core.ledger.models import Book, Entry

    with own_database():
        slots, at, _clerks = prepare(copies=1, closed=True)
        per_copy = open_limits()
        at = prepare_more(slots[0], -(-limits // per_copy), at)
        found = open_limits()
        today = at.date()
        new_edition(today, [today + timedelta(days=n) for n in (range(1, 5) if later else [200])])
        with clock.driven(at):
            began = time.perf_counter()
            dated = reproject(at)
            seconds = time.perf_counter() - began
        moved = Entry.objects.filter(act="move_limit", book__gt=1_000_000).count()
        assert not Book.objects.filter(counted_by__lt=_newest(at)).exists()
        assert moved == (found if later else 0), (moved, found, dated)
    return {"limits": found, "moved": moved, "seconds": seconds}


def _newest(at: datetime) -> int:
    from core.deadlines.queries import edition_at

    return edition_at(at).number


def prepare_more(slot: Any, copies: int, at: datetime) -> datetime:
    """Copy the first case again, so often."""
    from approvals.models import Filing
    from benchmarks.multiply import multiply

    multiply(Filing.objects.order_by("pk")[0], copies, after=1)
    return at


def compare(limits: int) -> Figures:
    """Time both editions once each; a second run in the same database would find nothing to do."""
    figures = Figures("a new calendar")
    for name, later in (("no limit moves", False), ("every limit moves", True)):
        seen = measured(limits, later)
        each = seen["seconds"] / seen["limits"]
        figures.values[name] = seen
        figures.lines.append(
            f"{name}: {seen['limits']:,} limits in {seen['seconds']:.1f} s, {each * 1e6:.0f} µs each, "
            f"{peak_memory():.0f} MB"
        )
        figures.goal(f"seconds for 100,000, {name}", each * 100_000, most=GOAL)
    return figures


if __name__ == "__main__":
    asked = arguments(__doc__, limits={"type": int, "default": 2_000})
    ready()
    finish(compare(asked.limits), asked.json)
