"""A limit stands still, goes on with exactly the rest, or is lengthened: the rows, and the date that follows.

Who may, why, and on which paper is settled by the caller, who holds the book's lock; here is only the clock.
"""

from datetime import datetime
from typing import Any

from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import due_day, forget, interruptions, name_of
from core.deadlines.models import CalendarEdition, Extension, Suspension, Timed
from core.deadlines.queries import calendar_of, edition_at, rulebook_at
from core.deadlines.services.limits import feed, grace, reckon


def _named(limit: Timed) -> dict[str, Any]:
    table, row, run_from = name_of(limit)
    return {"book_id": limit.book_id, "table": table, "row": row, "run_from": run_from}


def stand_still(limit: Timed, *, since: datetime, **facts: Any) -> Suspension:
    """Stop the clock: the limit has no date and is not swept until nothing stops it any more."""
    stop = Suspension.objects.create(since=since, **_named(limit), **facts)
    limit.interrupted, limit.provisional = True, False
    limit.due_at = limit.act_at = None
    limit.save(update_fields=["interrupted", "provisional", "due_at", "act_at"])
    forget(limit)
    return stop


def go_on(limit: Timed, stop: Suspension, *, until: datetime, **facts: Any) -> None:
    """End one suspension; where it was the last that stood, the limit has a date again."""
    stop.until = until
    for name, value in facts.items():
        setattr(stop, name, value)
    stop.save()
    forget(limit)
    if not interruptions(limit).standing:
        recount(limit, until)


def lengthen(limit: Timed, *, days: int, at: datetime, **facts: Any) -> Extension:
    """Add days to the budget; a limit whose clock stands has them when it goes on."""
    turn = Extension.objects.filter(**_named(limit)).count() + 1
    longer = Extension.objects.create(
        turn=turn, days=days, granted_at=at, due_before=limit.due_at, **_named(limit), **facts
    )
    limit.interrupted = True
    limit.save(update_fields=["interrupted"])
    forget(limit)
    if not interruptions(limit).standing:
        recount(limit, at)
    return longer


def take_back(limit: Timed, longer: Extension, at: datetime) -> None:
    """Let the days of an extension count no longer; the caller has seen to it that nobody loses time by it."""
    longer.taken_back_at = at
    longer.save(update_fields=["taken_back_at"])
    forget(limit)
    if not interruptions(limit).standing:
        recount(limit, at)


def recount(limit: Timed, at: datetime) -> None:
    """Derive the date anew: by the calendar it was counted by, or by the one known now where that ends it later."""
    limit.calendar = _longest(limit, [limit.calendar, edition_at(at)])
    reckon(limit, calendar_of(limit.calendar), grace(rulebook_at(at)))
    limit.save(update_fields=["calendar", "due_at", "act_at", "provisional"])
    feed(limit)


def _longest(limit: Timed, editions: list[CalendarEdition | None]) -> CalendarEdition:
    """Return the edition that ends a limit last; one that reaches no date counts only where none does."""
    reached = []
    for edition in editions:
        try:
            if edition is not None and (day := due_day(limit, calendar_of(edition))) is not None:
                reached.append((day, edition.number, edition))
        except CalendarGap:
            continue
    if not reached:
        last = editions[-1]
        assert last is not None
        return last
    return max(reached, key=lambda found: found[:2])[2]
