"""What happened, as it stands in the book: the acts of people with their instants, and what came of them.

Acts are never moved by another rule. What follows from a rule (the end of a limit, the morning of a default, the end
of a notice, the earliest start) is reckoned anew from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from desk.rules.what_if.numbers import UNBROKEN, Breaks

# What somebody did about a slot.
OPINION, NOT_OURS, DISMISS, CONFIRM = "opinion", "not_ours", "dismiss", "confirm"
WITHDRAW = "withdraw"  # two persons took a default back
ADDED = "added"  # the state of a slot on which nobody's conduct is recorded


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a slot: an opinion in or out of time, a claim that was accepted, the lead unit's word.

    A withdrawal has the `position` that stands in the slot since, `effective_at` from when it counts; without one the
    slot was held.
    """

    at: datetime
    what: str
    position: str = ""
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a slot has come to. `stands_at` is since when it holds, `effective_at` from when it counts.

    `state` is one of SlotState; empty where the case no longer came so far, ADDED where another catalogue asks for it.
    """

    state: str
    position: str = ""
    effective_at: datetime | None = None
    stands_at: datetime | None = None
    due_at: datetime | None = None
    why: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Summons:
    """How one department was called to one session, and whether it came."""

    reached_at: datetime
    opens_at: datetime
    by_system: bool
    notice_kept: bool  # as it was found when the session was called
    proven: bool
    answer: str
    decided_at: datetime | None
    contested_at: datetime | None = None  # when the department contested its row of the roll
    roll: str = ""  # what was decided on it
    roll_decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """One slot: whose, on what, what silence means, the summons, and every act on it in order."""

    pk: int
    agenda: int
    kind: str
    department: str
    item: str
    default: str
    summons: Summons | None
    present: bool
    closed_at: datetime | None
    served_again_at: datetime | None
    rule: str
    length: int | None
    acts: tuple[Act, ...]
    pending: bool  # the sweep has not come by yet: what is recorded is behind what holds
    recorded: Outcome
    summons_if: Mapping[str, Summons] = field(default_factory=dict)  # by what counts as service
    breaks: Mapping[datetime, Breaks] = field(default_factory=dict)  # by the start of the run
    added: bool = False  # another catalogue asks for it: nobody's conduct is recorded


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """One limit that is no slot's: its start, its length, and when what it waits for was done (`acted_at`).

    `table` and `pk` name the row; `due_at` is the recorded end of the limit that ran last, which is the second one
    where `second` has its recorded length. `cap` is a length it may not exceed whatever the rulebook says.
    """

    table: str
    pk: int
    rule: str
    started_at: datetime
    length: int
    unit: str
    due_at: datetime | None
    ended_at: datetime | None
    acted_at: datetime | None
    subject: str = ""
    department: str = ""
    of_items: tuple[str, ...] = ()
    slot: int | None = None  # the default that it follows
    fixed: bool = False
    cap: int | None = None
    second: int | None = None
    breaks: Breaks = UNBROKEN
    follows: bool = True  # False: it was begun anew by a person's word, and goes as it is recorded


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """One case in one session: its close, its conclusion, its slots."""

    pk: int
    survey: bool
    round: int
    closed_at: datetime | None
    concluded_at: datetime | None
    slots: tuple[SlotFacts, ...]


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One public notice and the instants at which objections came."""

    pk: int
    published_at: datetime
    length: int
    unit: str
    due_at: datetime | None
    closed_at: datetime | None
    clean: bool
    objections: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What opens the start gate apart from the notice: by item when its paper was obtained; None: not yet.

    `wanted` are the items that need one, `rest` the instants at which gaps were closed and changes were done.
    """

    obtained: Mapping[str, datetime]
    wanted: frozenset[str]
    rest: tuple[datetime | None, ...]

    @property
    def instants(self) -> list[datetime | None]:
        """Everything the gate waits for."""
        return [*(self.obtained.get(code) for code in self.wanted), *self.rest]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item of a case's list: who is asked about it, what silence means, what the gate wants for it."""

    code: str
    lead: str
    beside: tuple[str, ...]  # who reviews
    default: str
    gate: str
    promised: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the books say of a case's way: by agenda item the start of what follows it, and that of the last step."""

    after: Mapping[int, datetime]
    gate_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One filing: what it is pinned to, what happened on its way, and when it left the road."""

    pk: int
    public_id: str
    name: str
    rulebook: int
    catalogue: int
    left_at: datetime | None
    answers: Mapping[str, Any]
    items: tuple[ItemFacts, ...]
    declined: frozenset[str]
    struck: frozenset[str]
    agendas: tuple[AgendaFacts, ...]
    limits: tuple[LimitFacts, ...]
    notices: tuple[NoticeFacts, ...]
    gate: GateFacts
    recorded: Recorded


def served_by(case: CaseFacts, word: str) -> CaseFacts:
    """Return a case as if another word had said what counts as service (P16a)."""
    agendas = [
        replace(
            agenda,
            slots=tuple(
                replace(s, summons=s.summons_if.get(word, s.summons)) for s in agenda.slots
            ),
        )
        for agenda in case.agendas
    ]
    return replace(case, agendas=tuple(agendas))
