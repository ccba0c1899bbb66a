"""The county's promptness in numbers, from published rows alone: pure, so that anyone can reckon them again.

`docs/verify/chengnuo-figures.py` reckons the same with the standard library; a test compares the two.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

# Of the rulebook: under how many nothing is told, and whether departments are named.
FEWEST: Final = "P95"
NAMED: Final = "P96"

STATES: Final = ("answered", "deemed", "none", "held", "waiting")
SETTLED: Final = ("answered", "deemed", "none")
EVENTS: Final = {
    "accepted": ("complete", "with_gaps", "by_silence"),
    "gap": ("kept", "late", "broken", "open", "dropped"),
    "extra": ("asked", "signed", "refused"),
    "objection": ("open", "not_upheld", "partly", "upheld"),
}
PERCENT: Final = 100


class Decision(NamedTuple):
    """One opinion that a department was asked for; `days` are net working days, None where they are not known."""

    month: str
    department: str
    name: str
    kind: str
    item: str
    limit: int | None
    state: str
    days: int | None


class Event(NamedTuple):
    """One acceptance, promised paper, demand outside the list or objection, and what came of it."""

    month: str
    subject: str
    outcome: str


def nearest_rank(values: Sequence[int], percent: int) -> int:
    """Return the smallest value that at least `percent` in a hundred do not exceed; ValueError for no values."""
    if not values:
        raise ValueError(percent)
    rank = max(1, -(-len(values) * percent // PERCENT))
    return sorted(values)[rank - 1]


def share(part: int, whole: int) -> int:
    """Return a share in percent, rounded half up."""
    return (part * 2 * PERCENT + whole) // (2 * whole)


def of_group(rows: Iterable[Decision], fewest: int) -> dict[str, Any]:
    """Return the numbers of rows that are alike; of fewer than `fewest` neither days nor share are told (None)."""
    listed = list(rows)
    count = Counter(row.state for row in listed)
    days = [row.days for row in listed if row.state == "answered" and row.days is not None]
    settled = sum(count[state] for state in SETTLED)
    enough = bool(days) and len(days) >= fewest
    return {
        "asked": len(listed),
        **{state: count[state] for state in STATES},
        "median": nearest_rank(days, 50) if enough else None,
        "ninetieth": nearest_rank(days, 90) if enough else None,
        "deemed_percent": share(count["deemed"], settled)
        if settled and settled >= fewest
        else None,
    }


def decided(rows: Iterable[Decision], fewest: int) -> list[dict[str, Any]]:
    """Return the groups: like with like, each kind of opinion by itself, all departments first, then each."""
    groups: dict[tuple[str, str], list[Decision]] = {}
    for row in rows:
        groups.setdefault((row.kind, ""), []).append(row)
        if row.department:
            groups.setdefault((row.kind, row.department), []).append(row)
    return [
        {"kind": kind, "department": code, **of_group(found, fewest)}
        for (kind, code), found in sorted(groups.items())
    ]


def happened(rows: Iterable[Event]) -> dict[str, dict[str, int]]:
    """Return how often each came to what."""
    count = Counter((row.subject, row.outcome) for row in rows)
    return {
        subject: {outcome: count[subject, outcome] for outcome in outcomes}
        for subject, outcomes in EVENTS.items()
    }


def figures(decisions: Iterable[Decision], events: Iterable[Event], fewest: int) -> dict[str, Any]:
    """Return all the numbers of a period."""
    return {
        "fewest": fewest,
        "decisions": decided(decisions, fewest),
        "events": happened(events),
    }
