"""Telling both sides that a limit was dated, lengthened or shortened, from when to when, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from accounts.models import Membership
from accounts.queries import county, people_of
from accounts.stages import Role
from approvals.models import Filing
from core.deadlines.rules import Move, on_moved
from core.notify.services import Told, tell_all
from core.notify.words import Said, in_both
from core.notify.words import said as _
from core.sets import Beside
from core.steps.templatetags.look import deadline_long


@lru_cache(maxsize=1024)
def _date(at: datetime, language: str | None) -> str:
    return str(deadline_long(at))


# A message is written in both languages, its dates too; a new calendar gives the same few dates to very many.
# Those who work on a case; who administers the county learns of it on the calendar's page.
AT_WORK = (Role.ENTERPRISE, Role.CLERK, Role.HEAD, Role.WINDOW, Role.CONVENOR)
DATE = lru_cache(maxsize=1024)(lazy(lambda at: _date(at, get_language()), str))


def about_move(limit: Any) -> str:
    """Return the occasion: a limit is told once of each end it gets."""
    return f"moved:{limit._meta.label_lower}:{limit.pk}:{limit.due_at:%Y%m%d}"


def why_moved(limit: Any, before: datetime | None, reason: str) -> Said:
    """Say why a limit has another end now; `reason` is the county's own decision, empty for a new notice."""
    if before is None:
        return _("有关年度的放假安排已经公布，到期日由此确定。")
    was = {"before": DATE(before), "reason": reason}
    if limit.due_at < before:
        return _("原为%(before)s；经效能监督签字决定按新的日历提前，理由：%(reason)s") % was
    if reason:
        return _("原为%(before)s；县里决定停办（%(reason)s），停办日不计入期限。") % was
    return _("放假安排有调整，按新的日历重新计算，原为%(before)s。已经送达的期限只延长、不缩短。") % was  # fmt: skip


def new_end(limit: Any, before: datetime | None) -> Said:
    """Return the subject of the message: whose limit it is, and until when it runs now."""
    if before is None:
        return _("%(project)s：“%(limit)s”的到期日确定为%(until)s")
    if limit.due_at < before:
        return _("%(project)s：“%(limit)s”的期限提前至%(until)s")
    return _("%(project)s：“%(limit)s”的期限顺延至%(until)s")


def _department(limit: Any) -> int | None:
    """Return the department whose limit it is, by itself, by its item or by its slot."""
    if own := getattr(limit, "department_id", None):
        return int(own)
    of = getattr(limit, "item", None) or getattr(limit, "slot", None)
    return of and of.department_id


def _with_theirs(moves: Sequence[Move]) -> None:
    """Read what the limits belong to, for all of a table at once."""
    beside = Beside()
    of_model: dict[type[Any], list[Any]] = {}
    for move in moves:
        of_model.setdefault(type(move.limit), []).append(move.limit)
    for model, rows in of_model.items():
        own = hasattr(rows[0], "department_id")
        beside.put(rows, *(name for name in ("item", "slot") if hasattr(model, name) and not own))
        beside.put(rows, *model.called_by)


@on_moved
def tell_moved(moves: Sequence[Move], now: datetime) -> None:
    """Tell both sides of each case that one of its limits has another end now: few queries, however many there are."""
    books = {move.limit.book_id for move in moves}
    filings = {filing.book_id: filing for filing in Filing.objects.filter(book_id__in=books)}
    if not filings:
        return
    window = county().window_id
    _with_theirs(moves)
    sides: dict[Move, set[int]] = {}
    for move in moves:
        if filing := filings.get(move.limit.book_id):
            three = (filing.enterprise_id, window, _department(move.limit))
            sides[move] = {side for side in three if side is not None}
    people: dict[int, list[Membership]] = {}
    concerned_by = list(set().union(*sides.values()))
    for person in people_of(concerned_by, timezone.localdate(now), AT_WORK):
        people.setdefault(person.organisation_id, []).append(person)
    told = []
    for (move, of), (subject, body) in zip(sides.items(), _said(sides, filings), strict=True):
        concerned = [person for side in of for person in people.get(side, ())]
        link = f"/cases/{filings[move.limit.book_id].public_id}/"
        told.append(Told(concerned, subject, about_move(move.limit), link, body))
    tell_all(told, now)


def _said(moves: Iterable[Move], filings: Mapping[int, Filing]) -> Iterable[Any]:
    """Return subject and body for each of some moves, in both languages."""
    subjects, bodies = [], []
    for move in moves:
        limit, why = move.limit, why_moved(move.limit, move.before, move.reason)
        names = {"project": filings[limit.book_id], "limit": limit.called}
        ends = {"until": DATE(limit.due_at)}
        subjects.append((new_end(limit, move.before).msgid, {**names, **ends}))
        bodies.append((why.msgid, why.names or {}))
    return zip(in_both(subjects), in_both(bodies), strict=True)
