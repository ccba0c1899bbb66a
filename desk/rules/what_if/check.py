"""The proof of the reckoning: under the rules a case was pinned to, it gives what the books say."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.rules.what_if.facts import WITHDRAW, AgendaFacts, CaseFacts
from desk.rules.what_if.way import Way
from prereview.stages import SlotState


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is reckoned otherwise than it is recorded; for such a case the report is no ground."""

    case: CaseFacts
    what: str
    reckoned: object
    recorded: object


def mismatches(case: CaseFacts, way: Way) -> Iterator[Mismatch]:
    """Compare slots, limits, notices and the steps of the way with the records."""
    for agenda in case.agendas:
        yield from _slots(case, way, agenda.pk)
        yield from _pair(case, "concluded", way.concluded.get(agenda.pk), agenda.concluded_at)
        if agenda.pk in case.recorded.after and not _turned(agenda):
            after = case.recorded.after[agenda.pk]
            yield from _pair(case, "complete", way.complete[agenda.pk], after)
    for limit in case.limits:
        came = way.limits.get((limit.table, limit.pk))
        yield from _pair(case, limit.rule, came and came.due_at, limit.due_at)
    for notice in case.notices:
        yield from _pair(case, "notice", way.notices.get(notice.pk), notice.due_at)
    yield from _pair(case, "start", way.gate_at, case.recorded.gate_at)


def _turned(agenda: AgendaFacts) -> bool:
    """Whether a default of an item was withdrawn: what followed it began more than once."""
    return any(act.what == WITHDRAW for slot in agenda.slots for act in slot.acts)


def _slots(case: CaseFacts, way: Way, agenda: int) -> Iterator[Mismatch]:
    for slot in next(a.slots for a in case.agendas if a.pk == agenda):
        if slot.pending:
            continue  # the sweep has not come by: the record is behind
        found, recorded = way.slots[slot.pk], slot.recorded
        left = case.left_at is not None and recorded.state != SlotState.SETTLED
        if not left:
            yield from _pair(
                case, f"slot {slot.pk}", (found.state, found.position, found.effective_at),
                (recorded.state, recorded.position, recorded.effective_at),
            )  # fmt: skip
        if recorded.due_at is not None:
            yield from _pair(case, slot.rule, found.due_at, recorded.due_at)


def _pair(case: CaseFacts, what: str, reckoned: object, recorded: object) -> Iterator[Mismatch]:
    if reckoned != recorded:
        yield Mismatch(case, what, reckoned, recorded)
