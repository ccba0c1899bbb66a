"""The difference in numbers: what silence came to, what was late, whose load it is, which dates move."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from core.deadlines.rules import Silence
from desk.rules.what_if.difference import CASE, Both, Change, positions, slots_of
from desk.rules.what_if.facts import OPINION, CaseFacts, Outcome, SlotFacts
from desk.rules.what_if.numbers import Days
from desk.rules.what_if.way import Way
from prereview.stages import Position, SlotState

# In the order in which they are shown; a slot is counted under one of the first ten.
OUTCOMES = (
    "given", Position.DEEMED_TIMEOUT, Position.DEEMED_ABSENCE, Position.NO_OPINION, SlotState.CANDIDATE,
    SlotState.AWAITED, SlotState.ESCALATED, SlotState.HELD, "added", "not_reached",
)  # fmt: skip
LATE = "late_opinions"
SILENCES = (
    Silence.ESCALATES, Silence.SECOND_CHANNEL, Silence.DEEMED_ACCEPTED, Silence.REMINDED,
    Silence.SUSPENDED, Silence.RETURNED, Silence.LAPSED,
)  # fmt: skip
OBJECTIONS, BARRED, GATES = "late_objections", "barred", "gates"
OPEN = (SlotState.CANDIDATE, SlotState.AWAITED, SlotState.ESCALATED, SlotState.HELD)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Moved:
    """How often an instant comes earlier or later and by how many working days.

    `lost` have none under the other rules, `won` have one only there; `unknown` lie outside the calendar.
    """

    what: str
    earlier: int
    later: int
    median: int
    most: int
    lost: int
    won: int


@dataclass
class Load:
    """What a department had to do: opinions asked for, what came of them, and the days it had them for.

    `days` are working days from the close of the item to the outcome, over all settled; `promised` the promised
    days of its items, over all cases.
    """

    asked: int = 0
    given: int = 0
    defaults: int = 0
    no_opinion: int = 0
    open: int = 0
    days: int = 0
    promised: int = 0


@dataclass
class Loads:
    """The load of one department before and after."""

    department: str
    before: Load = field(default_factory=Load)
    after: Load = field(default_factory=Load)

    @property
    def differs(self) -> bool:
        """Whether anything of it is another."""
        return self.before != self.after


def figures(cases: Sequence[Both]) -> list[Figure]:
    """Return every number before and after; those that are nothing in both are left out."""
    before, after = Counter[str](), Counter[str]()
    for both in cases:
        _count(before, both.was, both.before)
        _count(after, both.will, both.after)
        after[BARRED] += both.barred
    names = (*OUTCOMES, LATE, *SILENCES, OBJECTIONS, BARRED, GATES)
    return [Figure(n, before[n], after[n]) for n in names if before[n] or after[n]]


def _count(into: Counter[str], case: CaseFacts, way: Way) -> None:
    for slot, found, word in positions(way, slots_of(case)):
        into[word] += 1
        into[LATE] += _late(slot, found)
    for came in way.limits.values():
        if came.silent:
            into[came.silent] += 1
    into[OBJECTIONS] += way.late_objections
    into[GATES] += way.gate_at is not None


def _late(slot: SlotFacts, found: Outcome) -> bool:
    """Whether an opinion came that did not count."""
    gave = any(act.what == OPINION for act in slot.acts)
    return gave and found.state == SlotState.SETTLED and found.position not in _given(slot)


def _given(slot: SlotFacts) -> set[str]:
    return {act.position for act in slot.acts if act.position}


def moves(changes: Iterable[Change]) -> list[Moved]:
    """Return for each instant of a case how many move and how far."""
    by_what: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.about == CASE:
            by_what[change.what].append(change)
    found = []
    for what in ("complete", "notice", "start"):
        rows = by_what[what]
        far = sorted(row.moved for row in rows if row.moved)
        found.append(
            Moved(
                what,
                earlier=sum(days < 0 for days in far),
                later=sum(days > 0 for days in far),
                median=median_low(far) if far else 0,
                most=max(far, key=abs, default=0),
                lost=sum(row.after is None for row in rows),
                won=sum(row.before is None for row in rows),
            )
        )
    return found


def loads(cases: Sequence[Both], days: Days) -> list[Loads]:
    """Return the load of every department that is asked for anything, by code."""
    found: dict[str, Loads] = {}

    def of(department: str) -> Loads:
        return found.setdefault(department, Loads(department))

    for both in cases:
        for slot, outcome, word in positions(both.before, slots_of(both.was)):
            _bear(of(slot.department).before, slot, outcome, word, days)
        for slot, outcome, word in positions(both.after, slots_of(both.will)):
            _bear(of(slot.department).after, slot, outcome, word, days)
        for item in both.was.items:
            of(item.lead).before.promised += item.promised or 0
        for item in both.will.items:
            of(item.lead).after.promised += item.promised or 0
    return [found[code] for code in sorted(found)]


def _bear(load: Load, slot: SlotFacts, outcome: Outcome, word: str, days: Days) -> None:
    if word == "not_reached":
        return
    load.asked += 1
    load.given += word == "given"
    load.defaults += word in (Position.DEEMED_TIMEOUT, Position.DEEMED_ABSENCE)
    load.no_opinion += word == Position.NO_OPINION
    load.open += word in OPEN
    if slot.closed_at and outcome.stands_at and outcome.stands_at > slot.closed_at:
        load.days += days.apart(slot.closed_at, outcome.stands_at) or 0
