"""A whole case under other numbers: slots, limits, notices and the gate, one after another.

People act when they acted. Where the rules would not yet have allowed an act, because an outcome it rests on stands
later, it counts at the first instant at which they allow it; sessions are held when they were held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from approvals.rules.limits import ACCEPTANCE, GATE, START_NOTICE, SURVEY
from core.deadlines.rules import Silence
from desk.rules.what_if.facts import (
    ADDED,
    AgendaFacts,
    CaseFacts,
    LimitFacts,
    NoticeFacts,
    Outcome,
    SlotFacts,
)
from desk.rules.what_if.limits import Came, came
from desk.rules.what_if.numbers import Days, Number, Numbers
from desk.rules.what_if.slots import outcome
from prereview.rules import MINUTES
from prereview.stages import DEEMED, SlotState
from public_notice.rules import NOTICE

NOT_REACHED = Outcome("")
NOT_RECORDED = Outcome(ADDED)
# Limits that the next step of the way ends, and no act of their own.
ENDED_BY_THE_WAY = (ACCEPTANCE.code, SURVEY.code, MINUTES.code, GATE.code)


@dataclass
class Way:
    """What a case comes to. Instants are None where they are not reached.

    `complete` has by agenda item the instant at which every outcome stands, `concluded` that of the conclusion,
    `notices` the ends of the notices.
    """

    slots: dict[int, Outcome] = field(default_factory=dict)
    limits: dict[tuple[str, int], Came] = field(default_factory=dict)
    complete: dict[int, datetime | None] = field(default_factory=dict)
    concluded: dict[int, datetime | None] = field(default_factory=dict)
    notices: dict[int, datetime | None] = field(default_factory=dict)
    late_objections: int = 0
    cleared_at: datetime | None = None
    gate_at: datetime | None = None
    ended: Came | None = None

    @property
    def complete_at(self) -> datetime | None:
        """When the last opinion of the case stood; None while one is open, or none was asked for."""
        instants = list(self.complete.values())
        return None if not instants or None in instants else max(i for i in instants if i)


def way(
    case: CaseFacts, numbers: Numbers, days: Days, now: datetime, before: Way | None = None
) -> Way:
    """Return what a case comes to by `now`; `before` is the way as it went, from which starts have moved."""
    return _Walk(case, numbers, days, now, before).run()


class _Walk:
    def __init__(
        self, case: CaseFacts, numbers: Numbers, days: Days, now: datetime, before: Way | None
    ) -> None:
        self.case, self.numbers, self.days, self.before = case, numbers, days, before
        self.now = now
        self.made = Way()

    def run(self) -> Way:
        made, case = self.made, self.case
        self._limits_as_begun()
        for agenda in case.agendas:
            self._agenda(agenda)
        for notice in case.notices:
            self._notice(notice)
        made.gate_at = self._gate()
        self._limits_as_moved()
        return made

    def _until(self) -> datetime:
        """Return until when silence comes to anything: a case that has left the road asks nobody any more."""
        return min(self.now, self.case.left_at) if self.case.left_at else self.now

    def _reached(self, at: datetime | None) -> bool:
        """Whether the case is still on the road at an instant; a silence of the new rules may have ended it."""
        ended = self.made.ended
        return at is not None and (ended is None or ended.since is None or at <= ended.since)

    # — limits ——————————————————————————————————————————————————————————————————

    def _limits_as_begun(self) -> None:
        """Reckon the limits from their recorded starts; the first whose silence ends the case is its end."""
        for limit in self.case.limits:
            found = came(limit, self.numbers, self.days, self.now)
            self.made.limits[limit.table, limit.pk] = found
            ended = self.made.ended
            if found.ends_case and found.since:
                first = ended is None or ended.since is None or found.since < ended.since
                self.made.ended = found if first else ended

    def _limits_as_moved(self) -> None:
        """Reckon anew the limits that begin or end with something that the rules have moved."""
        moved = self._moved()
        for limit in self.case.limits:
            start = self._start(limit, moved)
            if start is None or not self._reached(start):
                self.made.limits.pop((limit.table, limit.pk), None)
                continue
            acted = self._acted(limit, moved)
            acted = max(acted, start) if acted else None
            if (start, acted) != (limit.started_at, limit.acted_at):
                self._reckon_anew(limit, start, acted)

    def _reckon_anew(self, limit: LimitFacts, start: datetime, acted: datetime | None) -> None:
        """Reckon a limit from another start. Where it begins earlier, who kept it is not called late for that."""
        key = limit.table, limit.pk
        moved = replace(limit, started_at=start, acted_at=acted)
        found = came(moved, self.numbers, self.days, self.now)
        kept = self.before is not None and not self.before.limits[key].silent
        if kept and start < limit.started_at:
            found = Came(found.rule, found.due_at)
        self.made.limits[key] = found

    def _start(
        self, limit: LimitFacts, moved: Mapping[datetime, datetime | None]
    ) -> datetime | None:
        """Return where a limit begins under the rules; None: it does not begin."""
        started = limit.started_at
        if limit.slot is not None and self.before is not None:
            return self._after_default(started, limit.slot)
        if limit.rule == START_NOTICE.code and self.before is not None:
            opened = self.before.gate_at
            return self.made.gate_at if started == opened else started
        start = moved.get(started, started)
        if start is None or self._stuck(started):
            return None
        floor = self._floor(started)
        return max(start, floor) if floor else start

    def _acted(
        self, limit: LimitFacts, moved: Mapping[datetime, datetime | None]
    ) -> datetime | None:
        """Return when what a limit waits for is done: an act when it was done, a step of the way where it has gone."""
        if limit.acted_at is None or limit.rule not in ENDED_BY_THE_WAY:
            return limit.acted_at
        if limit.rule == GATE.code and self.before is not None:
            opened = self.before.gate_at
            return self.made.gate_at if limit.acted_at == opened else limit.acted_at
        return moved.get(limit.acted_at, limit.acted_at)

    def _after_default(self, started: datetime, slot: int) -> datetime | None:
        """Return where the duty to make an opinion up begins: with its default, and not without one."""
        assert self.before is not None
        before, after = self.before.slots.get(slot), self.made.slots.get(slot)
        if before is None or before.stands_at is None or before.position not in DEEMED:
            return started  # one that was withdrawn: the duty stands as it was
        if after is None or after.position not in DEEMED or after.stands_at is None:
            return None
        return started + (after.stands_at - before.stands_at)

    def _moved(self) -> Mapping[datetime, datetime | None]:
        """Return where the instants have gone that the system and not a person sets."""
        if self.before is None:
            return {}
        was, made = self.before, self.made
        pairs: list[tuple[datetime | None, datetime | None]] = [
            *((at, made.complete.get(pk)) for pk, at in was.complete.items()),
            *((at, made.concluded.get(pk)) for pk, at in was.concluded.items()),
            *((at, made.notices.get(pk)) for pk, at in was.notices.items()),
            (was.cleared_at, made.cleared_at),
        ]
        for key, before in was.limits.items():
            if before.silent == Silence.DEEMED_ACCEPTED and before.since:
                after = made.limits.get(key)
                pairs.append((before.since, (after and after.since) or before.since))
        return {at: to for at, to in pairs if at is not None and at != to}

    # — opinions and the conclusion ————————————————————————————————————————————————

    def _agenda(self, agenda: AgendaFacts) -> None:
        made = self.made
        for slot in agenda.slots:
            reached = agenda.closed_at is None or self._reached(agenda.closed_at)
            made.slots[slot.pk] = self._slot(slot) if reached else NOT_REACHED
        made.complete[agenda.pk] = self._complete(agenda)
        if agenda.concluded_at is not None:
            made.concluded[agenda.pk] = self._conclusion(agenda)

    def _slot(self, slot: SlotFacts) -> Outcome:
        """Return what a slot came to; of one that is added nothing but its asking is known."""
        if slot.added:
            return NOT_RECORDED
        return outcome(slot, self.numbers, self.days, self._until())

    def _complete(self, agenda: AgendaFacts) -> datetime | None:
        if agenda.closed_at is None or not self._reached(agenda.closed_at):
            return None
        instants = [agenda.closed_at]
        for slot in agenda.slots:
            if slot.added:
                continue
            found = self.made.slots[slot.pk]
            if found.state != SlotState.SETTLED or found.stands_at is None:
                return None
            instants.append(found.stands_at)
        return max(instants)

    def _conclusion(self, agenda: AgendaFacts) -> datetime | None:
        """Return when an item is concluded: as it was, but not before every opinion on it stands."""
        wanted = [self.made.complete[agenda.pk]]
        wanted += [self.made.complete.get(a.pk) for a in self.case.agendas if a.survey]
        if None in wanted or not self._reached(agenda.concluded_at):
            return None
        assert agenda.concluded_at is not None
        ready = max(at for at in wanted if at)
        return agenda.concluded_at if agenda.concluded_at >= ready else self.days.after(ready)

    def _floor(self, at: datetime) -> datetime | None:
        """Return the instant before which what came after the conclusions up to `at` cannot come."""
        due = [self.made.concluded.get(a.pk) for a in self._concluded_by(at)]
        return max((at for at in due if at), default=None)

    def _stuck(self, at: datetime) -> bool:
        """Whether a conclusion on which an act rests is not reached."""
        return any(self.made.concluded.get(a.pk) is None for a in self._concluded_by(at))

    def _concluded_by(self, at: datetime) -> list[AgendaFacts]:
        return [a for a in self.case.agendas if a.concluded_at is not None and a.concluded_at <= at]

    # — the notice and the gate ————————————————————————————————————————————————————

    def _notice(self, notice: NoticeFacts) -> None:
        published = notice.published_at
        if self._stuck(published) or not self._reached(published):
            self.made.notices[notice.pk] = None
            return
        published = max(published, self._floor(published) or published)
        number = self.numbers.changed.get(NOTICE.code) or Number(notice.length, notice.unit)
        end = self.days.due(published, number, fixed=True)
        self.made.notices[notice.pk] = end
        if end is None:
            return
        self.made.late_objections += sum(at > end for at in notice.objections)
        if notice.clean and notice.closed_at is not None and end <= self.now:
            # One that was closed by the last reply closes with it, or at its end.
            replied = notice.due_at is not None and notice.closed_at > notice.due_at
            self.made.cleared_at = max(end, notice.closed_at) if replied else end

    def _gate(self) -> datetime | None:
        cleared, gate = self.made.cleared_at, self.case.gate
        wanted = gate.instants
        if cleared is None or None in wanted:
            return None
        found = max([cleared, *(at for at in wanted if at)])
        return found if self._reached(found) else None
