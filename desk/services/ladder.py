"""升级督办: a delay that silence does not end climbs, rung by rung; each rung once, above the first in the ledger."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.services import system_actor
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.counting import last_day_of
from core.deadlines.rules import Silence
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.templatetags.look import deadline_long
from desk.models import Raised
from desk.queries.open_limits import Open
from desk.queries.roster import Roster, ladder_of
from desk.rules.ladder import Steps, rungs_by
from desk.stages import Rung
from prereview.models import Slot
from prereview.stages import SlotState

log = logging.getLogger("chengnuo.ladder")
UNTIL = lazy(deadline_long, str)
PROJECT = lazy(str, str)
STUCK = (SlotState.HELD, SlotState.ESCALATED)  # nothing ends them but a person


def climbs(limit: Any) -> bool:
    """Whether a delay of this limit stays until somebody acts: what silence settles by itself climbs nowhere."""
    if isinstance(limit, Slot):
        return limit.state in STUCK
    return bool(limit.silence == Silence.ESCALATES)


def climb(
    running: list[Open], roster: Roster, now: datetime, steps: Steps, calendar: Calendar
) -> tuple[int, bool]:
    """Raise every delay to the rungs it has reached; return how many were told, and whether some book failed."""
    late = [found for found in running if found.limit.due_at < now and climbs(found.limit)]
    since = min((found.limit.due_at for found in late), default=now)
    said = Raised.objects.filter(due_at__gte=since)
    known = set(said.values_list("limit", "due_at", "rung"))
    books: dict[int, dict[tuple[Any, ...], list[Open]]] = defaultdict(lambda: defaultdict(list))
    for found in late:
        days = _days_late(found, now, calendar)
        for rung in (r for r in rungs_by(steps, days) if r in ladder_of(found)):
            if (found.reference, found.limit.due_at, rung) not in known:
                books[found.limit.book_id][rung, days, *found.group].append(found)
    told, failed = 0, False
    for book_id, groups in books.items():
        try:
            told += _raise(book_id, groups, roster, now)
        except Exception:
            failed = True
            log.exception("the delays of book %s could not be raised", book_id)
    return told, failed


def _days_late(found: Open, now: datetime, calendar: Calendar) -> int:
    try:
        last = last_day_of(found.limit.due_at)
        return calendar.working_days_between(last, timezone.localdate(now))
    except CalendarGap:
        return 0


@transaction.atomic
def _raise(
    book_id: int, groups: dict[tuple[Any, ...], list[Open]], roster: Roster, now: datetime
) -> int:
    """Write rungs, ledger and messages of one book under its lock, for what still is late by then."""
    lock(book_id)
    told = 0
    for (rung, days, *_group), rows in groups.items():
        still = [found for found in rows if _still(found, rung)]
        if still:
            told += _tell(still, rung, days, roster, now)
    return told


def _still(found: Open, rung: Rung) -> bool:
    limit = found.limit
    runs = type(limit).objects.filter(pk=limit.pk, ended_at=None, due_at=limit.due_at)
    said = Raised.objects.filter(limit=found.reference, due_at=limit.due_at, rung=rung)
    return bool(runs.exists() and not said.exists())


def _tell(rows: list[Open], rung: Rung, days: int, roster: Roster, now: datetime) -> int:
    found, limit = rows[0], rows[0].limit
    people = roster.on(rung, found)
    Raised.objects.bulk_create(
        Raised(
            book_id=limit.book_id, limit=row.reference, rule=limit.rule, due_at=limit.due_at, rung=rung,
            days_late=days, raised_at=now, told=len(people),
        )
        for row in rows
    )  # fmt: skip
    if rung != Rung.RESPONSIBLE:
        record(
            limit.book, "raise_delay", by=system_actor(), at=now, rung=rung.value, rule=limit.rule,
            due_at=limit.due_at, days_late=days, limits=[row.reference for row in rows],
            told=sorted(person.reference for person in people),
        )  # fmt: skip
    tell(
        people,
        _("%(project)s：“%(limit)s”已逾期%(days)s个工作日，升级至%(rung)s")
        % {
            "project": PROJECT(found.subject),
            "limit": limit.called,
            "days": days,
            "rung": rung.label,
        },
        about=f"raise:{rung}:{limit.rule}:{limit.book_id}:{found.owners}:{limit.due_at:%Y%m%d%H%M}{found.apart}",
        at=now,
        body=_("期限已于%(until)s届满，仍未办理。轮到：%(who)s。") % _waits(rows),
        link=found.link if found.filing or found.subject is limit else "/supervision/",
    )
    return len(people)


def _waits(rows: list[Open]) -> dict[str, Any]:
    return {"until": UNTIL(rows[0].limit.due_at), "who": WHO(rows)}


def _who(rows: Iterable[Open]) -> str:
    return "、".join(dict.fromkeys(str(row.department or row.party.label) for row in rows))


WHO = lazy(_who, str)
