"""How long a mark is shown: bounded by how grave it is (信用修复管理办法, NDRC Order 36 of 2025), in months. Pure."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from inspection.stages import Severity

# The rulebook's rows of the least and the most time for each grade; a minor one has no least.
ROWS = {
    Severity.MINOR: ("", "30a"),
    Severity.GENERAL: ("30b1", "30b2"),
    Severity.SERIOUS: ("30c1", "30c2"),
}


@dataclass(frozen=True)
class Bounds:
    """The least and the most months a mark may be shown."""

    least: int
    most: int


def bounds_of(severity: str, number: Callable[[str], tuple[int, str]]) -> Bounds:
    """Return the bounds of a grade; `number` gives a rulebook row as (count, unit "month" or "year")."""

    def months(code: str) -> int:
        count, unit = number(code) if code else (0, "month")
        return count * 12 if unit == "year" else count

    least, most = ROWS[Severity(severity)]
    return Bounds(months(least), months(most))


def add_months(day: date, months: int) -> date:
    """Return the corresponding day some months later, or that month's last day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shown_until(decided_on: date, months: int, bounds: Bounds) -> date | None:
    """Return the last day a mark is shown, counted from its decision; None for one that is not published.

    Raises ValueError for months that the bounds forbid; only where there is no least may it be none at all.
    """
    if not bounds.least <= months <= bounds.most:
        raise ValueError(months)
    return add_months(decided_on, months) if months else None


def repairable_from(decided_on: date, bounds: Bounds) -> date:
    """Return the first day on which the least time is over and a repair can be asked for."""
    return add_months(decided_on, bounds.least)
