"""How the days of one limit are counted: its budget and extensions, around what stopped its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.deadlines.calendar import Calendar, CalendarGap, Course, Stop, course
from core.deadlines.models import Extension, Suspension, Timed

TICK = timedelta(microseconds=1)


def last_day_of(due_at: datetime) -> date:
    """Return the day a due instant belongs to: midnight is 24:00 of the day before."""
    return (due_at - TICK).astimezone(timezone.get_default_timezone()).date()


def first_day(limit: Timed, calendar: Calendar) -> date:
    """Return the day from which a limit counts: the day it started, or the next working day for a receipt.

    What begins where another limit ended, at 24:00, began on that day and not on the one after it.
    """
    day = last_day_of(limit.begun_at)
    if limit.declared.received and not calendar.is_working(day):
        return calendar.next_working(day)
    return day


@dataclass(frozen=True)
class Interruptions:
    """What stopped and what lengthened one run of a limit."""

    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()  # in the order in which they were granted

    @property
    def added(self) -> int:
        """The days that were added to the budget, in all."""
        return sum(one.days for one in self.extensions)

    @property
    def standing(self) -> tuple[Suspension, ...]:
        """The suspensions that have not ended."""
        return tuple(s for s in self.suspensions if s.until is None)


NOTHING = Interruptions()
KEPT = "_interruptions"  # on the instance: what was read once for it


def name_of(limit: Timed) -> tuple[str, int, datetime]:
    """Return the name by which suspensions and extensions know one run of a limit."""
    return limit._meta.label_lower, limit.pk, limit.begun_at


def interruptions(limit: Timed) -> Interruptions:
    """Return what stopped and lengthened a limit; no query where nothing did, two where nobody has loaded it yet."""
    if not limit.interrupted:
        return NOTHING
    if KEPT not in limit.__dict__:
        load_interruptions([limit])
    found: Interruptions = limit.__dict__[KEPT]
    return found


def load_interruptions(limits: Iterable[Timed]) -> None:
    """Read what stopped and lengthened the limits of a list, in two queries for all of them, or none."""
    wanted = {name_of(limit): limit for limit in limits if limit.interrupted}
    if not wanted:
        return
    books = {limit.book_id for limit in wanted.values()}
    stops: dict[Any, list[Suspension]] = {}
    people = ("by__user", "by__organisation", "notice", "resumed_notice")
    found = Suspension.objects.filter(book__in=books).select_related(*people)
    for stop in found.defer("notice__content", "resumed_notice__content"):
        stops.setdefault((stop.table, stop.row, stop.run_from), []).append(stop)
    signed = ("signed_by__user", "signed_by__organisation", "notice")
    longer: dict[Any, list[Extension]] = {}
    counted = Extension.objects.filter(book__in=books, taken_back_at=None)
    for added in counted.select_related(*signed).order_by("turn"):
        longer.setdefault((added.table, added.row, added.run_from), []).append(added)
    for name, limit in wanted.items():
        keep_interruptions(limit, stops.get(name, ()), longer.get(name, ()))


def keep_interruptions(
    limit: Timed, stops: Iterable[Suspension], longer: Iterable[Extension]
) -> None:
    """Keep with a limit what was read of its book with another question, in its order; what is not its own is left."""
    own = name_of(limit)
    limit.__dict__[KEPT] = Interruptions(
        tuple(one for one in stops if (one.table, one.row, one.run_from) == own),
        tuple(one for one in longer if (one.table, one.row, one.run_from) == own),
    )


def forget(limit: Timed) -> None:
    """Let what was read of a limit be read anew: something was added to it."""
    limit.__dict__.pop(KEPT, None)


def _stop(one: Suspension) -> Stop:
    until = None if one.until is None else last_day_of(one.until)
    why = _("%(why)s（%(who)s）") % {
        "why": one.get_kind_display(),
        "who": one.by.organisation.label,
    }
    return Stop(last_day_of(one.since), until, why)


def budget(limit: Timed) -> int:
    """Return the days a limit has in all: those it began with and those that were added."""
    return (limit.length or 0) + interruptions(limit).added


def course_of(limit: Timed, calendar: Calendar, today: date | None = None) -> Course:
    """Count a limit that has begun, by a calendar; days on which its clock still stands are shown through `today`."""
    found = interruptions(limit)
    days = (limit.length or 0) + found.added
    stops = [_stop(one) for one in found.suspensions]
    return course(calendar, first_day(limit, calendar), days, limit.unit, stops, until=today)


def due_day(limit: Timed, calendar: Calendar) -> date | None:
    """Return the last day of a limit by a calendar, None while its clock stands; CalendarGap where that ends."""
    if not limit.interrupted:
        return calendar.due(first_day(limit, calendar), limit.length or 0, limit.unit)
    counted = course_of(limit, calendar)
    if counted.missing is not None:
        raise CalendarGap(counted.missing)
    return counted.due


def stopped_by(limit: Timed) -> str:
    """Say of a limit whose clock stands why, by whom, and since when; a list that has not read it says only that."""
    if KEPT not in limit.__dict__:
        return _("期限中止")
    return _("；").join(said(one) for one in interruptions(limit).standing)


def said(one: Suspension) -> str:
    """Return a suspension in a sentence."""
    facts = {
        "why": one.get_kind_display(),
        "since": timezone.localtime(one.since).strftime("%Y-%m-%d"),
        "who": one.by.organisation.label,
    }
    if one.until is None:
        return _("%(why)s，自%(since)s中止，%(who)s") % facts
    until = timezone.localtime(one.until).strftime("%Y-%m-%d")
    return _("%(why)s，%(since)s至%(until)s中止，%(who)s") % {**facts, "until": until}
