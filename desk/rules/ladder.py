"""When somebody is reminded of a limit, and how far up a delay goes: days by the calendar, numbers by the rulebook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from approvals.rules import limits as filing
from core.deadlines.calendar import Calendar
from desk.stages import Party, Rung
from inspection import rules as works
from prereview import rules as session
from public_notice import rules as notice
from public_notice.rules import openness

FROM_HOUR = 8  # the round of a day is made when the first clerks come
HALF = "P60a"  # percent of the working days between start and end
BEFORE = ("P60b", "P60c")  # working days before the last day
AGENTS = "P63"  # working days before the last day of an agent's authority (代办)
ROSTER = "P77"  # working days before the last day of an entry of a department's roster
LADDER = {
    "P61a": Rung.RESPONSIBLE,
    "P61b": Rung.HEAD,
    "P61c": Rung.LEAD,
    "P61d": Rung.LEADERSHIP,
}

# On whom a limit waits. A rule that is missing here is found by a test.
PARTY = {
    Party.ENTERPRISE: (
        filing.CORRECTION, filing.SIGN, filing.SIGN_AFTER_REMINDER, filing.GAP, filing.GAP_SUSPENDED,
        filing.START_REPORT, filing.START_AFTER_REMINDER, filing.PROGRESS_REPORT, filing.AMENDMENT, works.RECTIFY,
        works.VIEWS, works.NODE, notice.LIFTING_VIEW,
    ),
    Party.WINDOW: (
        filing.CHECKLIST, filing.ACCEPTANCE, filing.STATUTORY_ACCEPTANCE, filing.PUBLISH,
        filing.START_NOTICE, notice.REPLY, notice.HEARING,
    ),
    Party.CONVENOR: (
        filing.SURVEY, filing.MEETING, session.MINUTES, session.CONTEST_DECISION,
        works.DECIDE, works.REPAIR,
    ),
    Party.DEPARTMENT: (
        filing.STATUTORY_APPROVAL, filing.PROMISED_APPROVAL, filing.GATE,
        filing.PAPER_ON_COMMITMENT, filing.FIRST_CHECK, filing.JOINT_ACCEPTANCE, works.RECHECK,
        works.VISIT_FULL, works.VISIT_NODE, works.VISIT_REPORT,
        openness.DISCLOSURE, openness.DECISION_ONLINE,
        session.SURVEY_OPINION, session.OPINION, session.ACKNOWLEDGE, session.MAKE_UP,
    ),
    Party.SUPERVISOR: (session.ROLL_DECISION,),
    # The public's own time; and requests for disclosure and letters, which are no case: their own desk alarms, twice.
    Party.NOBODY: (
        notice.NOTICE, notice.CONFIRM, notice.ANSWER, notice.SUPPLY, notice.VIEW, notice.ORGAN_VIEW,
        notice.LETTER, notice.LETTER_AGAIN, notice.JUDGE,
    ),
}  # fmt: skip
# Its own desk reminds of it, on the morning of its only day.
REMINDED_ELSEWHERE = (session.MAKE_UP.code,)
WAITS_ON = {rule.code: party for party, rules in PARTY.items() for rule in rules}

Number = Callable[[str], int | None]


@dataclass(frozen=True)
class Steps:
    """A county's steps: `half` in percent, the other reminders in working days before the end; none: not said."""

    half: int | None
    before: tuple[int, ...]
    rungs: tuple[tuple[Rung, int], ...]
    agents: int | None = None
    roster: int | None = None


def steps_from(number: Number) -> Steps:
    """Return the steps of a rulebook; a row that a county left out is a step it does not take."""
    before = (number(code) for code in BEFORE)
    rungs = ((rung, number(code)) for code, rung in LADDER.items())
    return Steps(
        number(HALF),
        tuple(days for days in before if days is not None),
        tuple((rung, days) for rung, days in rungs if days is not None),
        number(AGENTS),
        number(ROSTER),
    )


def reminder_days(calendar: Calendar, began: date, last: date, steps: Steps) -> dict[date, str]:
    """Return the days of the reminders with their names, in order: `half`, or the working days that are left.

    None on the day the limit began, for then it was told; where two fall on one day, the one nearer the end stands.
    """
    days: dict[date, str] = {}
    total = calendar.working_days_between(began, last)
    if steps.half is not None and total:
        days[calendar.add_working(began, -(-total * steps.half // 100))] = "half"
    for left in sorted(steps.before, reverse=True):
        days[calendar.back_working(last, left)] = str(left)
    return {day: name for day, name in sorted(days.items()) if began < day <= last}


def reminder_on(days: dict[date, str], today: date) -> str:
    """Return the newest reminder due by a day; empty before the first. One that was missed is overtaken by the next."""
    return next((name for day, name in reversed(days.items()) if day <= today), "")


def rungs_by(steps: Steps, days_late: int) -> Iterable[Rung]:
    """Return the rungs that a delay of so many working days has reached, from below."""
    return [rung for rung, days in steps.rungs if days_late >= days]
