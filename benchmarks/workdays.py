"""Adding working days: our calendar against a loop that asks a holiday library about each day.

The bar: at least 500 times as fast as the loop for a limit of five days, and flat in the number of days.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from benchmarks.measure import Figures, Variant, arguments, finish, in_turn
from core.deadlines.calendar import Calendar, CalendarFile, editions_from

LENGTHS = (3, 5, 20, 60)
FOLDER = Path(__file__).parents[1] / "counties" / "zuoquan" / "calendar"
SEED = 20180615
CALLS, LOOPS = 20_000, 200  # the loop is slow: fewer calls give it as steady a figure


def shipped() -> Calendar:
    """Return the newest calendar of the shipped pack."""
    files = [CalendarFile(p.name, p.read_text("utf-8")) for p in sorted(FOLDER.glob("*.json"))]
    return editions_from(files)[-1].calendar()


def loop(start: date, length: int) -> date:
    """Count working days one by one: what one writes first."""
    day = start
    while length:
        day += timedelta(days=1)
        length -= chinese_calendar.is_workday(day)
    return day


def starts(calendar: Calendar, count: int) -> list[date]:
    """Return days from which every length stays inside the calendar."""
    chance = random.Random(SEED)
    span = (calendar.last - calendar.first).days - 150
    return [calendar.first + timedelta(days=chance.randrange(span)) for _number in range(count)]


def times(add: Callable[[date, int], date], days: list[date], length: int) -> Callable[[], int]:
    """Return the work of one run: the sum for every start."""

    def run() -> int:
        for day in days:
            add(day, length)
        return len(days)

    return run


def compare(repeat: int, calls: int = CALLS, loops: int = LOOPS) -> Figures:
    """Check that both agree, then time them for each length."""
    calendar, figures = shipped(), Figures("working days")
    days = starts(calendar, calls)
    ours = {}
    for length in LENGTHS:
        wrong = [d for d in days[:loops] if calendar.add_working(d, length) != loop(d, length)]
        assert not wrong, f"the two disagree on {length} working days from {wrong[0]}"
        variants = [
            Variant("calendar", times(calendar.add_working, days, length)),
            Variant("loop with a holiday library", times(loop, days[:loops], length)),
        ]
        in_turn(variants, repeat)
        figures.show(variants, f"{length} working days")
        ours[length] = variants[0].median
        if length == 5:
            figures.goal(
                "times the loop, 5 days", variants[1].median / variants[0].median, least=500
            )
    figures.goal("60 days as 3 days", ours[60] / ours[3], most=1.5)
    return figures


if __name__ == "__main__":
    asked = arguments(__doc__)
    finish(compare(asked.repeat), asked.json)
