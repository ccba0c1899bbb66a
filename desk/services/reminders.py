"""The round of a day: reminders before a limit ends, and the ladder after it; said once, and caught up when missed."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from approvals.services.authority import remind_of_authorities
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.counting import first_day, last_day_of
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from core.deadlines.services import RETRY
from core.notify.models import Message
from core.notify.services import letters, post
from core.notify.words import said as _
from core.steps.limits import silence
from core.steps.templatetags.look import deadline_long
from desk.models import Round
from desk.queries.open_limits import Open, open_limits
from desk.queries.roster import Roster
from desk.rules.ladder import (
    FROM_HOUR,
    REMINDED_ELSEWHERE,
    Steps,
    reminder_days,
    reminder_on,
    steps_from,
)
from desk.services.ladder import climb
from inspection.services.pledges import announce_in_time, reveal_in_time
from prereview.models import Slot
from prereview.services.roster_ending import remind_of_mandates
from prereview.stages import SlotState
from public_notice.services.inviting import ask_in_time
from public_notice.services.openness import note_what_arose

log = logging.getLogger("chengnuo.reminders")
UNTIL = lazy(deadline_long, str)  # a message is written in both languages, its dates too
SILENCE = lazy(silence, str)
PROJECT = lazy(str, str)


def remind(now: datetime) -> int:
    """Make the round of the day, once; return how many were told. One statement where it was made, or it is early.

    Nothing here is a state of a case: a round that is late, doubled or missed changes no outcome. What a missed
    one would have said, the next one says, and of several reminders of one limit only the newest.
    """
    local = timezone.localtime(now)
    made = Round.objects.filter(day=local.date()).exclude(again_at__lte=now)
    if local.hour < FROM_HOUR or made.exists():
        return 0
    steps, calendar = county_steps(now), calendar_at(now)
    note_what_arose(now)
    ask_in_time(now)
    reveal_in_time(now)
    announce_in_time(now)
    running = list(open_limits())
    roster = Roster(now, running)
    told = _say_before(running, roster, now, steps, calendar)
    ending = remind_of_authorities(now, calendar, steps.agents)
    told += post([*ending, *remind_of_mandates(now, calendar, steps.roster)])
    raised, failed = climb(running, roster, now, steps, calendar)
    done = Round(day=local.date(), made_at=now, again_at=now + RETRY if failed else None)
    Round.objects.bulk_create(
        [done], update_conflicts=True, unique_fields=["day"], update_fields=["made_at", "again_at"]
    )
    return told + raised


def county_steps(now: datetime) -> Steps:
    """Return the county's steps by the rulebook in force; raise NoEdition without one."""
    book = rulebook_at(now)

    def number(code: str) -> int | None:
        try:
            return value_of(book, code).number
        except KeyError:
            return None

    return steps_from(number)


def _say_before(
    running: list[Open], roster: Roster, now: datetime, steps: Steps, calendar: Calendar
) -> int:
    """Write the reminders of every limit that has not passed; what was said before is not written again."""
    groups: dict[tuple[Any, ...], list[Open]] = defaultdict(list)
    for found in running:
        if found.limit.due_at > now and _is_reminded_of(found.limit):
            groups[found.group].append(found)
    said: list[Message] = []
    for rows in groups.values():
        if name := _reminder(rows[0].limit, timezone.localdate(now), calendar, steps):
            said += _reminders(rows, name, roster, now)
    return post(said)


def _is_reminded_of(limit: Any) -> bool:
    if isinstance(limit, Slot):
        return limit.state == SlotState.AWAITED
    return limit.rule not in REMINDED_ELSEWHERE


def _reminder(limit: Any, today: date, calendar: Calendar, steps: Steps) -> str:
    try:
        began, last = first_day(limit, calendar), last_day_of(limit.due_at)
        return reminder_on(reminder_days(calendar, began, last, steps), today)
    except CalendarGap:  # the calendar of now lacks a day that the limit's own has
        log.warning("no reminder for %s %s: the calendar does not reach it", limit.rule, limit.pk)
        return ""


def _reminders(rows: list[Open], name: str, roster: Roster, now: datetime) -> Iterable[Message]:
    found, limit = rows[0], rows[0].limit
    until = {"until": UNTIL(limit.due_at), "days": name}
    when = {"half": _("时限已过半，%(until)s截止"), "0": _("今天24:00截止")}.get(
        name, _("还剩%(days)s个工作日，%(until)s截止")
    )
    # Half of the time is said once; nearer the end each new end is news.
    since = limit.begun_at if name == "half" else limit.due_at
    return letters(
        roster.actors(found),
        _("%(project)s：“%(limit)s”%(count)s%(when)s")
        % {
            "project": PROJECT(found.subject),
            "limit": limit.called,
            "count": _("（%(n)s项）") % {"n": len(rows)} if len(rows) > 1 else "",
            "when": when % until,
        },
        about=f"remind:{name}:{limit.rule}:{limit.book_id}:{found.owners}:{limit.silence}:{since:%Y%m%d%H%M}{found.apart}",
        at=now,
        body=SILENCE(limit, now),
        link=found.link,
    )
