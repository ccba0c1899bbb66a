"""When a period ends, and why: the one answer that the command, the public page and the API give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from core.deadlines.calendar.days import UNITS, Calendar, CalendarGap, DayRow, receipt_day

LONGEST: Final = 3650  # units; what is longer is a slip of the pen
# What people write for the units.
SAID: Final = {
    **{unit: unit for unit in UNITS},
    **{f"{unit}s": unit for unit in UNITS},
    "工作日": "working_day",
    "自然日": "natural_day",
    "日": "natural_day",
    "天": "natural_day",
    "月": "month",
    "个月": "month",
    "年": "year",
}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A period as asked and what came of it: `due`, or `missing`, the first day needed that no calendar has.

    `first` is the day from which is counted; it is not counted itself (民法典 art. 201).
    """

    start: date
    length: int
    unit: str
    first: date | None
    due: date | None
    missing: date | None
    rows: tuple[DayRow, ...]


def unit_of(text: str) -> str:
    """Return the unit somebody means; ValueError names those that are known."""
    try:
        return SAID[text.strip()]
    except KeyError:
        known = "、".join(UNITS)
        raise ValueError(
            _("不认识的单位“%(unit)s”，可用：%(known)s") % {"unit": text, "known": known}
        ) from None


def reckon(
    calendar: Calendar, start: date, length: int, unit: str, *, received: bool = False
) -> Reckoning:
    """Count `length` units from an event on `start`; a receipt on a day off counts from the next working day.

    Raises ValueError for a length out of bounds or an unknown unit; a calendar that ends raises nothing.
    """
    if not 0 <= length <= LONGEST:
        raise ValueError(_("长度应在0至%(most)d之间") % {"most": LONGEST})
    unit = unit_of(unit)
    first = None
    try:
        first = receipt_day(calendar, start) if received else start
        rows = tuple(calendar.explain(first, length, unit))
    except CalendarGap as gap:
        return Reckoning(start, length, unit, first, None, gap.day, ())
    return Reckoning(start, length, unit, first, rows[-1].date, None, rows)
