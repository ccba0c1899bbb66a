"""What is different: slot by slot, limit by limit, case by case, each with the rules that make it so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.rules.what_if.facts import ADDED, CaseFacts, LimitFacts, Outcome, SlotFacts
from desk.rules.what_if.limits import SECOND, Came
from desk.rules.what_if.numbers import Days, Number, Numbers
from desk.rules.what_if.slots import NOTICE
from desk.rules.what_if.way import NOT_REACHED, Way
from prereview.rules import CONFIRMS_ITSELF, ESCALATION, SERVICE
from prereview.stages import DEEMED, Position, SessionKind, SlotState
from public_notice.rules import NOTICE as PERIOD

CATALOGUE = "catalogue"
SLOT, LIMIT, CASE = "slot", "limit", "case"
# What of a case moves, in the order of its way.
COMPLETE, PERIOD_END, START, ENDED, BARRED = "complete", "notice", "start", "ended", "barred"


@dataclass(frozen=True, slots=True)
class Both:
    """A case with the list it had and the one it would have had, and its two ways."""

    was: CaseFacts
    will: CaseFacts
    before: Way
    after: Way
    numbers: Numbers
    barred: bool = False
    service: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that comes out otherwise. `rules` are the rows that make it so, and CATALOGUE.

    For a slot `before` and `after` are outcomes, for a limit what came of it, for a case an instant or its end;
    None: there is none. `moved` is in working days.
    """

    about: str
    case: CaseFacts
    what: str
    before: Outcome | Came | datetime | None
    after: Outcome | Came | datetime | None
    rules: tuple[str, ...]
    slot: SlotFacts | None = None
    limit: LimitFacts | None = None
    moved: int | None = None


def changes(both: Both, days: Days) -> Iterator[Change]:
    """Return everything that comes out otherwise in one case."""
    yield from _slots(both)
    yield from _limits(both)
    yield from _case(both, days)


def slots_of(case: CaseFacts) -> dict[int, SlotFacts]:
    """Return the slots of a case by their key."""
    return {slot.pk: slot for agenda in case.agendas for slot in agenda.slots}


def altered(both: Both) -> frozenset[str]:
    """Return the rules whose number is another one for a case than it was."""
    return frozenset(
        code
        for code, number in both.numbers.changed.items()
        if both.numbers.pinned.get(code) != number
    )


def _slots(both: Both) -> Iterator[Change]:
    was, will = slots_of(both.was), slots_of(both.will)
    for pk in {**was, **will}:
        slot = will.get(pk) or was[pk]
        before = both.before.slots.get(pk) if pk in was else None
        after = both.after.slots.get(pk) if pk in will else None
        if before and after and _same(before, after):
            continue
        if slot.added and slot.closed_at is None:
            continue
        why = _why_slot(both, slot, was.get(pk), before, after)
        yield Change(SLOT, both.was, slot.kind, before, after, why, slot=slot)


def _same(before: Outcome, after: Outcome) -> bool:
    """Whether two outcomes are one; of an open slot the end of its limit counts, too."""
    said = (before.state, before.position, before.effective_at, before.why)
    if said != (after.state, after.position, after.effective_at, after.why):
        return False
    return before.state != SlotState.AWAITED or before.due_at == after.due_at


def _why_slot(
    both: Both,
    slot: SlotFacts,
    was: SlotFacts | None,
    before: Outcome | None,
    after: Outcome | None,
) -> tuple[str, ...]:
    found = altered(both)
    seen = [o for o in (before, after) if o is not None]
    wanted = []
    if not all(o.absent for o in seen):
        wanted.append(slot.rule)
    else:
        wanted.append(NOTICE[SessionKind(slot.kind)])
    if any(o.position in DEEMED or o.state == SlotState.CANDIDATE for o in seen):
        wanted.append(CONFIRMS_ITSELF)
    if slot.default == "escalate" or (was and was.default == "escalate"):
        wanted.append(ESCALATION)
    if any(o.state == SlotState.HELD for o in seen):
        wanted.append(NOTICE[SessionKind(slot.kind)])
    rules = [code for code in dict.fromkeys(wanted) if code in found]
    if both.service and was is not None and was.summons != slot.summons:
        rules.append(SERVICE)
    if was is None or after is None or was.default != slot.default:
        rules = [CATALOGUE]
    if not rules and both.after.ended:
        rules = [both.after.ended.rule]
    return tuple(rules)


def _limits(both: Both) -> Iterator[Change]:
    found = altered(both)
    for limit in both.was.limits:
        key = limit.table, limit.pk
        before, after = both.before.limits.get(key), both.after.limits.get(key)
        if before is None or after is None or before.silent == after.silent:
            continue
        codes = [code for code in (limit.rule, SECOND.get(limit.rule, "")) if code in found]
        yield Change(LIMIT, both.was, limit.rule, before, after, tuple(codes or found), limit=limit)


def _case(both: Both, days: Days) -> Iterator[Change]:
    before, after = both.before, both.after
    pairs = (
        (COMPLETE, before.complete_at, after.complete_at),
        (PERIOD_END, _last(before), _last(after)),
        (START, before.gate_at, after.gate_at),
    )
    for what, old, new in pairs:
        if old != new:
            moved = _apart(what, old, new, days) if old and new else None
            yield Change(CASE, both.was, what, old, new, _why_case(both, what), moved=moved)
    if _end(before) != _end(after):
        rule = (after.ended or before.ended or Came("", None)).rule
        yield Change(CASE, both.was, ENDED, before.ended, after.ended, (rule,))
    if both.barred:
        yield Change(CASE, both.was, BARRED, None, None, (CATALOGUE,))


def _apart(what: str, old: datetime, new: datetime, days: Days) -> int | None:
    """Return by how many working days an instant of a case moves; a start is on the first day that is worked."""
    if what == PERIOD_END:
        return days.apart(old, new)
    if what == START:
        return days.between(days.working_day(old), days.working_day(new))
    return days.between(days.day(old), days.day(new))


def _end(way: Way) -> tuple[str, datetime | None]:
    return (way.ended.silent, way.ended.since) if way.ended else ("", None)


def _last(way: Way) -> datetime | None:
    instants = [at for at in way.notices.values() if at]
    return max(instants, default=None)


def _why_case(both: Both, what: str) -> tuple[str, ...]:
    """Return the rules that move an instant of a case: those of its slots, and that of its notice."""
    found: list[str] = []
    before, after = both.before, both.after
    was, will = slots_of(both.was), slots_of(both.will)
    if before.complete != after.complete:
        for pk in {**was, **will}:
            old, new = before.slots.get(pk, NOT_REACHED), after.slots.get(pk, NOT_REACHED)
            if old.stands_at != new.stands_at or old.state != new.state:
                found += _why_slot(both, will.get(pk) or was[pk], was.get(pk), old, new)
    if what != COMPLETE and PERIOD.code in altered(both):
        found.append(PERIOD.code)
    if what == START and both.was.gate.wanted != both.will.gate.wanted:
        found.append(CATALOGUE)
    if both.after.ended and both.after.ended != both.before.ended:
        found.append(both.after.ended.rule)
    return tuple(dict.fromkeys(found))


def positions(way: Way, slots: Mapping[int, SlotFacts]) -> Iterator[tuple[SlotFacts, Outcome, str]]:
    """Return each slot with its outcome and the word under which it is counted."""
    for pk, slot in slots.items():
        found = way.slots.get(pk, NOT_REACHED)
        if slot.added and found.state:
            word = ADDED
        elif not found.state:
            word = "not_reached"
        elif found.state != SlotState.SETTLED:
            word = found.state
        else:
            silent = found.position in (*DEEMED, Position.NO_OPINION)
            word = found.position if silent else "given"
        yield slot, found, word


__all__ = ["Both", "Change", "Number", "altered", "changes", "positions", "slots_of"]
