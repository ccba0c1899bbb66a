"""The calendar for those who keep it: its editions, when it ends, and what a new edition would do to open limits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from approvals.models import Filing
from core.deadlines.ahead import Change, changes, kept
from core.deadlines.calendar import Calendar
from core.deadlines.models import CalendarEdition, timed_models
from core.deadlines.queries import NoEdition, edition_at
from core.sets import Beside
from prereview.models import Session
from prereview.queries import is_day_off
from prereview.stages import SessionStage

MOST = 200  # rows that a preview shows; the counts are of all
DIGITS = 18  # what a key of the database can hold
WARN = timedelta(
    days=45
)  # before its end a calendar is asked for: domain.md, T04 of the reliability study


@dataclass(frozen=True)
class Shift:
    """One open limit as a preview shows it."""

    key: str
    case: str
    url: str
    limit: str
    what: str
    before: datetime | None
    due: datetime | None
    days: int


@dataclass(frozen=True)
class Preview:
    """What an edition would do: how many limits of each kind, the first of them, and sessions on a day off."""

    rows: list[Shift]
    dated: int
    moved: int
    kept: int
    sessions: list[Session]
    most: int = MOST

    @property
    def total(self) -> int:
        """How many limits it touches."""
        return self.dated + self.moved + self.kept


def preview(edition: CalendarEdition, calendar: Calendar, at: datetime) -> Preview:
    """Return what a proposed edition would do to every open limit; nothing is written."""
    found: list[Change] = []
    counts = Counter[str]()
    for change in changes(edition, calendar, at):
        counts[change.came.what] += 1
        if len(found) < MOST:
            found.append(change)
    found.sort(key=lambda x: (x.came.what != "kept", x.came.before or x.came.due))
    numbers = counts["dated"], counts["moved"], counts["kept"]
    return Preview(shown(found), *numbers, sessions_on_days_off(calendar, at))


def sessions_on_days_off(calendar: Calendar, at: datetime) -> list[Session]:
    """Return the sessions that are called for a day that is not worked, or no longer: they want another day."""
    called = Session.objects.filter(stage=SessionStage.CALLED, opens_at__gte=at)
    days = [(s, timezone.localdate(s.opens_at)) for s in called.order_by("opens_at", "pk")]
    return [s for s, day in days if is_day_off(day, calendar)]


def kept_limits(at: datetime) -> list[Shift]:
    """Return the limits that stand as served though the calendar of now would end them earlier."""
    try:
        return shown(list(kept(at)))
    except NoEdition:
        return []


def shown(found: Iterable[Change]) -> list[Shift]:
    """Return changes with their cases and names, in few statements for all of them."""
    found = list(found)
    of_model: dict[Any, list[Any]] = {}
    for change in found:
        of_model.setdefault(type(change.limit), []).append(change.limit)
    for model, limits in of_model.items():
        Beside().put(limits, *model.called_by)
    books = {change.limit.book_id for change in found}
    cases: dict[int, tuple[str, str]] = {
        f.book_id: (str(f), reverse("desk:case", args=[f.public_id]))
        for f in Filing.objects.filter(book__in=books).select_related("enterprise")
    }
    cases |= {
        s.book_id: (str(s), reverse("prereview:session", args=[s.public_id]))
        for s in Session.objects.filter(book__in=books)
    }
    return [_shift(change, *cases.get(change.limit.book_id, ("", ""))) for change in found]


def _shift(change: Change, case: str, url: str) -> Shift:
    limit = change.limit
    return Shift(
        f"{limit._meta.model_name}-{limit.pk}", case, url, str(limit.called),
        change.came.what, change.came.before, change.came.due, change.days,
    )  # fmt: skip


def limit_named(key: str) -> Any:
    """Return the open limit of a key such as `slot-12`, or None."""
    name, _dash, pk = key.partition("-")
    models = {model._meta.model_name: model for model in timed_models()}
    if name not in models or not (pk.isascii() and pk.isdecimal() and len(pk) <= DIGITS):
        return None
    return models[name].objects.filter(pk=int(pk)).select_related("book", "calendar").first()


def editions() -> Any:
    """Return the editions, newest first, each with its days counted by kind."""
    kinds = {kind: Count("days", filter=Q(days__kind=kind)) for kind in ("off", "work", "shut")}
    return (
        CalendarEdition.objects.select_related("attachment").annotate(**kinds).order_by("-number")
    )


@dataclass(frozen=True)
class Reach:
    """How far the calendar reaches: its edition, its last day, and how many days that is away."""

    edition: CalendarEdition
    last: date
    left: int

    @property
    def short(self) -> bool:
        """Whether the next year is to be loaded now."""
        return self.left <= WARN.days


def reach(at: datetime) -> Reach | None:
    """Return how far the calendar known at an instant reaches; None without a calendar."""
    try:
        edition = edition_at(at)
    except NoEdition:
        return None
    last = edition.last_day
    return Reach(edition, last, (last - timezone.localdate(at)).days)
