"""What a limit that is no slot's comes to under other numbers: its end, and whether silence came first."""

from dataclasses import dataclass, replace
from datetime import datetime

from approvals.rules.limits import GAP, GAP_SUSPENDED, SIGN, SIGN_AFTER_REMINDER
from core.deadlines.rules import RULES, Silence
from desk.rules.what_if.facts import LimitFacts
from desk.rules.what_if.numbers import Days, Number, Numbers

# A limit whose silence begins a second one, and the second.
SECOND = {SIGN.code: SIGN_AFTER_REMINDER.code, GAP.code: GAP_SUSPENDED.code}
ENDING = (Silence.RETURNED, Silence.LAPSED)


@dataclass(frozen=True, slots=True)
class Came:
    """The end of a limit and what its silence came to, since when; `silent` is empty while it was in time.

    `due_at` is that of the limit that ran last: the second where the first passed in silence.
    """

    rule: str
    due_at: datetime | None
    silent: str = ""
    since: datetime | None = None

    @property
    def ends_case(self) -> bool:
        """Whether the case left the road with it."""
        return self.silent in ENDING


def came(limit: LimitFacts, numbers: Numbers, days: Days, now: datetime) -> Came:
    """Return what a limit came to by `now`; one that a person began anew stays as it is recorded."""
    if not limit.follows:
        return Came(limit.rule, limit.due_at)
    number = _number(limit, limit.rule, limit.length, numbers, limit.started_at)
    if limit.cap is not None:
        number = replace(number, length=min(number.length, limit.cap))
    first = _one(limit, limit.rule, limit.started_at, number, days, now)
    if not first.silent or limit.rule not in SECOND or first.due_at is None:
        return first
    rule = SECOND[limit.rule]
    number = _number(limit, rule, limit.second, numbers, first.due_at)
    second = _one(limit, rule, first.due_at, number, days, now)
    # Where the second limit was kept, or still runs, what remains is that the first passed in silence.
    return second if second.silent else replace(second, silent=first.silent, since=first.since)


def _number(
    limit: LimitFacts, rule: str, recorded: int | None, numbers: Numbers, at: datetime
) -> Number:
    """Return the length of a limit: as recorded, unless the number of its rule is changed."""
    if recorded is not None and rule not in numbers.changed:
        return Number(recorded, limit.unit)
    return numbers.of(rule, at) or Number(limit.length, limit.unit)


def _one(
    limit: LimitFacts, rule: str, begun: datetime, number: Number, days: Days, now: datetime
) -> Came:
    due = days.due(
        begun, number, received=RULES[rule].received, ended=limit.ended_at, fixed=limit.fixed,
        breaks=limit.breaks,
    )  # fmt: skip
    if due is None or (limit.acted_at or now) <= due:
        return Came(rule, due)
    return Came(rule, due, RULES[rule].silence, due)
