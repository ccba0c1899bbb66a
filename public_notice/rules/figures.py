"""The county's promptness in numbers, from published rows alone: pure, so that anyone can reckon them again.

`docs/verify/chengnuo-figures.py` reckons the same with the standard library; a test compares the two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

# Of the rulebook: under how many nothing is told, and whether departments are named.
FEWEST: Final = "P95"
NAMED: Final = "P96"

STATES: Final = ("answered", "deemed", "none", "held", "waiting")
SETTLED: Final = ("answered", "deemed", "none")
# A row that is no opinion: days that one took, apart from it, because too few stand beside them where it is counted.
APART: Final = "days"
# Within which so many days must stand for them to be told, one after the other.
BLOCKS: Final = (
    ("kind", "department", "month"),
    ("kind", "department"),
    ("kind", "month"),
    ("kind",),
)
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


def nearest_rank(values: Iterable[int], percent: int) -> int:
    """Return the smallest value that at least `percent` in a hundred do not exceed; ValueError for no values.

    `values` are listed, or counted: each value with how often it occurred.
    """
    count = Counter(values)
    rank = max(1, -(-count.total() * percent // PERCENT))
    for value in sorted(count):
        rank -= count[value]
        if rank <= 0:
            return value
    raise ValueError(percent)


def share(part: int, whole: int) -> int:
    """Return a share in percent, rounded half up."""
    return (part * 2 * PERCENT + whole) // (2 * whole)


def apart(counted: Mapping[Decision, int], fewest: int) -> Counter[Decision]:
    """Return rows as they are published: days are told only together with so many that they tell of no single one.

    What a department answered of a kind in a month keeps its days where there are `fewest` of it. What is left of its
    months stands in rows without a month; where that are too few, in rows without a department, of a month or of all.
    Days that are too few even so are not told at all. Of a department,
    the file of a year so tells never fewer beside those of its months.
    """
    found: Counter[Decision] = Counter()
    left: dict[Decision, int] = {}
    for row, count in counted.items():
        if _told(row):
            left[row] = count
        else:
            found[row] += count
    for block in BLOCKS:
        size: Counter[tuple[str, ...]] = Counter()
        for row, count in left.items():
            size[_block(row, block)] += count
        for row in [row for row in left if size[_block(row, block)] >= fewest]:
            found.update(dict.fromkeys(_as_told(row, block), left.pop(row)))
    for row, count in left.items():
        found[row._replace(days=None)] += count
    return found


def _block(row: Decision, block: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in block)


def _as_told(row: Decision, block: tuple[str, ...]) -> tuple[Decision, ...]:
    """Return a row whose days are told in a block: itself, or itself without days and its days apart."""
    if block == BLOCKS[0]:
        return (row,)
    whose = (row.department, row.name) if "department" in block else ("", "")
    return row._replace(days=None), Decision("", *whose, row.kind, "", None, APART, row.days)


def _told(row: Decision) -> bool:
    return row.state == "answered" and row.days is not None


def of_group(rows: Mapping[Decision, int], fewest: int) -> dict[str, Any]:
    """Return the numbers of rows that are alike; of fewer than `fewest` neither days nor share are told (None)."""
    count: Counter[str] = Counter()
    days: Counter[int] = Counter()
    for row, many in rows.items():
        count[row.state] += many
        if row.state in ("answered", APART) and row.days is not None:
            days[row.days] += many
    settled = sum(count[state] for state in SETTLED)
    enough = bool(days) and days.total() >= fewest
    return {
        "asked": count.total() - count[APART],
        **{state: count[state] for state in STATES},
        "median": nearest_rank(days, 50) if enough else None,
        "ninetieth": nearest_rank(days, 90) if enough else None,
        "deemed_percent": share(count["deemed"], settled)
        if settled and settled >= fewest
        else None,
    }


def decided(rows: Mapping[Decision, int], fewest: int) -> list[dict[str, Any]]:
    """Return the groups: like with like, each kind of opinion by itself, all departments first, then each."""
    groups: dict[tuple[str, str], Counter[Decision]] = {}
    for row, many in rows.items():
        groups.setdefault((row.kind, ""), Counter())[row] += many
        if row.department:
            groups.setdefault((row.kind, row.department), Counter())[row] += many
    return [
        {"kind": kind, "department": code, **of_group(found, fewest)}
        for (kind, code), found in sorted(groups.items())
    ]


def happened(rows: Iterable[Event]) -> dict[str, dict[str, int]]:
    """Return how often each came to what, of rows that are listed or counted."""
    count: Counter[tuple[str, str]] = Counter()
    for row, many in Counter(rows).items():
        count[row.subject, row.outcome] += many
    return {
        subject: {outcome: count[subject, outcome] for outcome in outcomes}
        for subject, outcomes in EVENTS.items()
    }


def figures(decisions: Iterable[Decision], events: Iterable[Event], fewest: int) -> dict[str, Any]:
    """Return all the numbers of a period, of rows that are listed or counted."""
    return {
        "fewest": fewest,
        "decisions": decided(Counter(decisions), fewest),
        "events": happened(events),
    }
