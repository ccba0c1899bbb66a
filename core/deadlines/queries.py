"""The calendar as it was known, the rulebook as it was in force, and the words for a date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.asked import Asked
from accounts.once import once
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.counting import course_of, due_day, first_day, last_day_of, stopped_by
from core.deadlines.hours import CODES, CounterHours, counted_from, hours_from
from core.deadlines.known import built
from core.deadlines.models import CalendarEdition, RulebookEdition, RuleValue, Timed, Unit


class NoEdition(LookupError):
    """The county has no calendar or no rulebook for that moment: nothing can be reckoned, nothing defaults."""


def edition_at(at: datetime) -> CalendarEdition:
    """Return the calendar edition known at an instant; raise NoEdition when none was."""
    return _known_on(timezone.localdate(at))


@once
def _known_on(day: date) -> CalendarEdition:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [connection.ops.adapt_datefield_value(day)])
        if (known := cursor.fetchone()) is None:
            raise NoEdition(day)
    return _edition(*known)


# Every limit and every look at one begins here, and an edition never changes: read once in a process, found each time.
KNOWN = (
    "SELECT id, number, digest, known_from FROM deadlines_calendaredition "
    "WHERE known_from <= %s ORDER BY number DESC LIMIT 1"
)


@lru_cache(maxsize=64)
def _edition(pk: int, *_facts: object) -> CalendarEdition:
    return CalendarEdition.objects.get(pk=pk)


def calendar_of(edition: CalendarEdition) -> Calendar:
    """Return the pure calendar of an edition."""
    return built(edition.pk, edition.digest)


def calendar_at(at: datetime) -> Calendar:
    """Return the calendar as it was known at an instant."""
    return calendar_of(edition_at(at))


@dataclass(frozen=True)
class Value:
    """A number of the rulebook with everything a paper says about it."""

    code: str
    name: str
    value: str
    unit: str
    basis: str
    certainty: str

    @property
    def number(self) -> int:
        """The value as a count of its unit."""
        return int(self.value)


@lru_cache(maxsize=16)
def _rulebook(pk: int, digest: str) -> dict[str, Value]:
    rows = RuleValue.objects.filter(edition_id=pk)
    return {r.code: Value(r.code, r.name, r.value, r.unit, r.basis, r.certainty) for r in rows}


def rulebook_at(at: datetime) -> RulebookEdition:
    """Return the rulebook edition in force at an instant; raise NoEdition when none is."""
    return _in_force_on(timezone.localdate(at))


@once
def _in_force_on(day: date) -> RulebookEdition:
    if not (found := _in_force(day)):
        raise NoEdition(day)
    return found[0]  # type: ignore[no-any-return]


@Asked
def _in_force(day: date) -> QuerySet[RulebookEdition]:
    return RulebookEdition.objects.filter(in_force_from__lte=day).order_by("-number")[:1]


def value_of(edition: RulebookEdition, code: str) -> Value:
    """Return one number of an edition; KeyError when the rulebook lacks it."""
    return _rulebook(edition.pk, edition.digest)[code]


def unit_said(unit: str) -> Unit:
    """Return the unit of a limit that a row of the rulebook means; where a statute says 日 alone, calendar days."""
    return Unit.NATURAL_DAY if unit == "day" else Unit(unit)


def counter_hours(at: datetime) -> CounterHours:
    """Return the counter's hours of the rulebook in force; NoEdition when none is."""
    edition = rulebook_at(at)
    return hours_from({code: value_of(edition, code).value for code in CODES})


def counter_end(day: date, at: datetime) -> datetime:
    """Return when the counter closes on a working day, by the rulebook in force at an instant."""
    return counter_hours(at).last_instant(day, "counter", timezone.get_default_timezone())


def counts_at_counter(came: datetime, at: datetime) -> datetime:
    """Return from when what came to the counter counts: after it closed, from its next opening.

    Hours and calendar are those known at `at`; where none is known, or the next working day is not published, nothing
    is guessed and it counts from when it came.
    """
    try:
        hours, calendar = counter_hours(at), calendar_at(at)
        return counted_from(hours, timezone.localtime(came), calendar)
    except (NoEdition, CalendarGap, KeyError):
        return came


def end_of(day: date) -> datetime:
    """Return 24:00 of a day in the county's zone: the midnight after, still in time."""
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())


def start_of(day: date) -> datetime:
    """Return 00:00 of a day in the county's zone."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def explain(limit: Timed, today: date | None = None) -> list[Any]:
    """Return the day table of a limit, counted by the edition it was reckoned with; empty when it has no days.

    One whose clock stands still is shown through `today`, each day with why and by whom. Of what was brought after the
    counter had closed (`came_at`), the days until it opened come first.
    """
    if (
        limit.started_at is None
        or limit.length is None
        or limit.calendar is None
        or limit.provisional
    ):
        return []
    calendar = calendar_of(limit.calendar)
    first = first_day(limit, calendar)
    came = getattr(limit, "came_at", None)
    before = calendar.waited(timezone.localdate(came), first) if came else []
    if limit.interrupted:
        return [*before, *course_of(limit, calendar, today).rows]
    return [*before, *calendar.explain(first, limit.length, limit.unit)]


def ends(limit: Timed, calendar: Calendar) -> datetime | None:
    """Return the instant at which a limit ends by a calendar, None while its clock stands; CalendarGap past its end."""
    last = due_day(limit, calendar)
    return None if last is None else end_of(last)


def calendar_or_none(at: datetime) -> Calendar | None:
    """Return the calendar known at an instant, or None: a list looks it up once for all its rows."""
    try:
        return calendar_at(at)
    except NoEdition:
        return None


def light(limit: Timed, at: datetime, calendar: Calendar | None = None) -> str:
    """Return green, yellow (from one working day before until the limit ends) or red; grey when not running.

    A list passes the calendar of `at`, so that it is found once and not for each row.
    """
    if not limit.running or limit.due_at is None:
        return "grey"
    if at > limit.due_at:
        return "red"
    try:
        left = (calendar or calendar_at(at)).working_days_between(
            timezone.localdate(at), last_day_of(limit.due_at)
        )
    except (CalendarGap, NoEdition):
        return "grey"
    return "yellow" if left <= 1 else "green"


def _without_date(limit: Timed) -> str:
    if limit.provisional:
        return _("相关年度的放假安排尚未公布，到期日待定")
    return stopped_by(limit) if limit.suspended else ""


def left_in_words(limit: Timed, at: datetime, calendar: Calendar | None = None) -> str:
    """Say how much of a limit is left, with its unit."""
    if limit.due_at is None:
        return _without_date(limit)
    try:
        calendar = calendar or calendar_at(at)
        today, last = timezone.localdate(at), last_day_of(limit.due_at)
        if at > limit.due_at:
            over = calendar.working_days_between(last, today)
            return _("已超过%(days)s个工作日") % {"days": over}
        if today == last:
            return _("今天24:00截止")
        return _("还剩%(days)s个工作日") % {"days": calendar.working_days_between(today, last)}
    except (CalendarGap, NoEdition):
        return ""
