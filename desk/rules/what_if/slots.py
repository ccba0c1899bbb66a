"""What a slot comes to under other numbers: the acts as they happened, laid against the same pure function."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from core.deadlines.rules import RULES
from desk.rules.what_if.facts import (
    CONFIRM,
    DISMISS,
    NOT_OURS,
    OPINION,
    WITHDRAW,
    Act,
    Outcome,
    SlotFacts,
)
from desk.rules.what_if.numbers import FIRST_INSTANT, UNBROKEN, Breaks, Days, Number, Numbers
from prereview import rules
from prereview.rules.outcome import (
    ROLL_CONTESTED,
    Facts,
    Verdict,
    doubts_decided,
    expiry,
    is_absent,
    verdict,
)
from prereview.stages import DEEMED, Answer, ContestResult, Position, SessionKind, SlotState

NOTICE = {SessionKind.SURVEY: rules.SURVEY_NOTICE, SessionKind.MEETING: rules.MEETING_NOTICE}


def outcome(slot: SlotFacts, numbers: Numbers, days: Days, until: datetime) -> Outcome:
    """Return what a slot has come to by an instant. A new service opens a second try unless the first is settled."""
    again = slot.served_again_at
    if again is None or again > until:
        return _Try(slot, numbers, days, slot.closed_at).run(until)
    first = _Try(slot, numbers, days, slot.closed_at).run(again)
    if first.state == SlotState.SETTLED:
        return first
    if first.why == str(ROLL_CONTESTED):  # nobody can serve it again before the contest is decided
        return _Try(slot, numbers, days, slot.closed_at).run(until)
    return _Try(slot, numbers, days, again, served=True).run(until)


class _Try:
    """One try for an opinion: from the item's close, or from a new service, with a limit of its own."""

    def __init__(
        self, slot: SlotFacts, numbers: Numbers, days: Days, closed: datetime | None,
        *, served: bool = False,
    ) -> None:  # fmt: skip
        self.slot, self.numbers, self.days, self.closed = slot, numbers, days, closed
        self.since = closed if served else None
        self.facts = self._facts(present=slot.present or served)

    def _facts(self, *, present: bool) -> Facts:
        slot, closed = self.slot, self.closed
        due = self._due(closed) if closed else None
        stands = due is None and closed is not None and self._breaks(closed).standing
        bare = Facts(
            default=slot.default, proven=slot.summons is not None and slot.summons.proven,
            notice_kept=self._notice_kept(), answer=slot.summons.answer if slot.summons else "",
            present=present, closed_at=closed, due_at=due,
            provisional=closed is not None and due is None and not stands, suspended=stands,
            given_at=None, dismissed_at=None, confirmed_at=None, candidate_from=None, settles_at=None,
            escalation_ends=None,
        )  # fmt: skip
        ends = expiry(bare) if closed else None
        if ends is None:
            return bare
        confirms, ladder = self._number(rules.CONFIRMS_ITSELF), self._number(rules.ESCALATION)
        last = self.days.morning(ends, ladder.length)
        return replace(
            bare,
            candidate_from=self.days.morning(ends, 1),
            settles_at=self.days.morning(ends, confirms.length),
            escalation_ends=last + timedelta(days=1) if last else None,
        )

    def _number(self, code: str) -> Number:
        found = self.numbers.of(code, self.closed) if self.closed else None
        if found is None:
            raise KeyError(code)
        return found

    def _due(self, started: datetime) -> datetime | None:
        number, slot = self._number(self.slot.rule), self.slot
        if slot.length is not None and self.slot.rule not in self.numbers.changed:
            number = replace(number, length=slot.length)
        done = next((act.at for act in slot.acts if act.at > started), None)
        return self.days.due(
            started, number, received=RULES[slot.rule].received, ended=slot.recorded.stands_at or done,
            breaks=self._breaks(started),
        )  # fmt: skip

    def _breaks(self, started: datetime) -> Breaks:
        return self.slot.breaks.get(started, UNBROKEN)

    def _notice_kept(self) -> bool:
        """Whether the notice was long enough: as it was found, unless its number is changed."""
        summons, code = self.slot.summons, NOTICE[SessionKind(self.slot.kind)]
        if summons is None:
            return False
        if summons.by_system and code not in self.numbers.changed:
            return summons.notice_kept
        number = self.numbers.in_force(code, timezone.localdate(summons.reached_at))
        kept = summons.notice_kept or code in self.numbers.changed
        return bool(number) and kept and self._keeps(number)

    def _keeps(self, number: Number | None) -> bool:
        summons = self.slot.summons
        assert summons is not None
        assert number is not None
        return self.days.keeps_notice(summons.reached_at, summons.opens_at, number.length)

    def _as_of(self, facts: Facts, at: datetime) -> Facts:
        """Return the facts as they stood: an excuse, or a contest of the roll, was undecided until it was decided."""
        summons = self.slot.summons
        facts = replace(facts, roll=self._roll(facts, at))
        if summons is None or summons.decided_at is None or at >= summons.decided_at:
            return facts
        return replace(facts, answer=Answer.EXCUSE)

    def _roll(self, facts: Facts, at: datetime) -> str:
        """Return what had become of a contest of the roll; what silence had come to before it, it does not touch."""
        summons = self.slot.summons
        if summons is None or summons.contested_at is None or at < summons.contested_at:
            return ""
        if verdict(replace(facts, roll=""), summons.contested_at).state == SlotState.SETTLED:
            return ""
        undecided = summons.roll_decided_at is None or at < summons.roll_decided_at
        return ContestResult.OPEN if undecided else summons.roll

    def run(self, until: datetime) -> Outcome:
        """Lay the acts against the facts one after another; the first that settles the slot is its outcome.

        Once silence has settled it, only two persons can take that back.
        """
        facts, late = self.facts, None
        for act in self._acts():
            if act.at > until or self._hears(facts, late, act.at):
                break
            now = self._as_of(facts, act.at)
            silent = verdict(now, act.at)
            if act.what == WITHDRAW:
                if silent.position in DEEMED and act.position:
                    return self._taken_back(facts, silent, act)
                facts = replace(facts, withdrawn_at=act.at) if silent.position in DEEMED else facts
            elif silent.state != SlotState.SETTLED:
                facts, position = self._take(facts, now, silent, act)
                late = act if act.what == OPINION else late
                if position:
                    return self._came(facts, Verdict(SlotState.SETTLED, position, act.at), act.at)
        facts = replace(facts, roll=self._roll(facts, until))
        if late is not None and self._hears(facts, late, until):
            summons = self.slot.summons
            stands = summons.roll_decided_at if summons else None
            return self._came(facts, Verdict(SlotState.SETTLED, late.position, late.at), stands)
        found = verdict(facts, until)
        stands = self._stands(facts, found) if found.state == SlotState.SETTLED else None
        return self._came(facts, found, stands)

    def _acts(self) -> list[Act]:
        """Return the acts of this try: those before a new service were of the first."""
        return [act for act in self.slot.acts if self.since is None or act.at >= self.since]

    def _hears(self, facts: Facts, late: Act | None, at: datetime) -> bool:
        """Whether a contest of the roll was upheld after the department had said something too late: it counts."""
        if late is None or self._roll(facts, at) != ContestResult.UPHELD:
            return False
        return is_absent(replace(facts, roll="")) and facts.dismissed_at is None

    def _taken_back(self, facts: Facts, silent: Verdict, act: Act) -> Outcome:
        """Return what stands instead of a default that was withdrawn; the procedure went on by the default."""
        found = Verdict(SlotState.SETTLED, act.position, act.effective_at or act.at)
        return self._came(facts, found, self._stands(facts, silent))

    @staticmethod
    def _take(facts: Facts, now: Facts, silent: Verdict, act: Act) -> tuple[Facts, str]:
        """Return the facts after an act, and the position where it settles the slot."""
        if act.what == OPINION:
            in_time = verdict(replace(now, given_at=act.at), act.at).position == "given"
            return facts, act.position if in_time else ""
        if act.what == NOT_OURS:
            return facts, Position.NOT_OURS
        if silent.state == SlotState.CANDIDATE and act.what == DISMISS:
            return replace(facts, dismissed_at=act.at), ""
        if silent.state == SlotState.CANDIDATE and act.what == CONFIRM:
            return replace(facts, confirmed_at=act.at), ""
        return facts, ""

    def _stands(self, facts: Facts, found: Verdict) -> datetime | None:
        """Return since when an outcome drawn from silence stands."""
        said = found.effective_at
        if found.position != Position.NO_OPINION and facts.settles_at is not None:
            by_itself = facts.settles_at + FIRST_INSTANT
            said = min(facts.confirmed_at or by_itself, by_itself)
        if said is None:
            return None
        summons = self.slot.summons
        if summons is None:
            return said
        return max([said, *doubts_decided(facts, summons.decided_at, summons.roll_decided_at)])

    def _came(self, facts: Facts, found: Verdict, stands: datetime | None) -> Outcome:
        return Outcome(
            found.state, found.position, found.effective_at, stands, facts.due_at, str(found.why),
            absent=facts.closed_at is not None and is_absent(facts),
        )  # fmt: skip
