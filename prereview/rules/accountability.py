"""What a department's defaults come to for the department: a pure function of the defaults that stand.

The first in a period leads to an interview (约谈), those from the second on to a referral (移送); both numbers and the
period are the county's (P51, P52, P53). All that a department left open at one item of one agenda is one occasion.
What is withdrawn does not count, so an occasion is taken back, or becomes a milder one, whenever that happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from prereview.stages import FollowUpKind


@dataclass(frozen=True)
class Numbers:
    """From which occasion on in `years` calendar years there is an interview, and from which a referral."""

    interview: int
    referral: int
    years: int


@dataclass(frozen=True)
class Occasion:
    """The defaults of one department at one item of an agenda, by the first of them that took effect."""

    department: int
    agenda: int
    effective_at: datetime
    year: int


def period_of(year: int, years: int) -> int:
    """Return the period a year lies in; periods of several years begin with the year 2000 and count from there."""
    return (year - 2000) // max(years, 1)


def kind_of(nth: int, numbers: Numbers) -> str:
    """Return what the nth occasion of a period leads to; empty where it leads to nothing."""
    if nth >= numbers.referral:
        return FollowUpKind.REFERRAL
    return FollowUpKind.INTERVIEW if nth >= numbers.interview else ""


def followed_up(occasions: Iterable[Occasion], numbers: Numbers) -> list[tuple[Occasion, int, str]]:
    """Return each occasion with its number in its period and what it leads to; the order they come in is no matter."""
    count: dict[tuple[int, int], int] = {}
    found = []
    for one in sorted(occasions, key=lambda o: (o.effective_at, o.agenda)):
        key = (one.department, period_of(one.year, numbers.years))
        count[key] = count.get(key, 0) + 1
        found.append((one, count[key], kind_of(count[key], numbers)))
    return found
