"""What the planning view shows: filings that are ready, departments' calendars, rooms, and a proposed time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import county
from approvals.models import ChecklistItem, Filing, StageLimit
from approvals.models.catalogue import in_page_language
from approvals.stages import OpinionDefault
from core.deadlines.calendar import Calendar
from core.deadlines.queries import calendar_at, counter_hours
from prereview.models import DayAway, Invitation, RoomHour, Session
from prereview.queries import asked_departments, earliest_opening, ready_for
from prereview.rules.proposal import HALF_HOUR, Day, Passed, Taken, Wish, clashes
from prereview.stages import SessionKind, SessionStage

RUNNING = (SessionStage.CALLED, SessionStage.OPEN)


@dataclass(frozen=True)
class Room:
    """A meeting room of the county's list."""

    code: str
    name: str
    label: str
    seats: int


@dataclass(frozen=True)
class Planning:
    """How long things take, by the county's word: minutes for a filing in a meeting, at a site, and on the road."""

    meeting: int
    stop: int
    travel: int
    horizon: int  # how many days are looked through for a time

    def minutes(self, kind: str, filings: int) -> int:
        """Return the planned length of a session."""
        if kind == SessionKind.MEETING:
            return self.meeting * max(filings, 1)
        return self.stop * max(filings, 1) + self.travel * max(filings - 1, 0)

    def stops(self, opens_at: datetime, filings: int) -> list[datetime]:
        """Return when a route that begins at an instant comes to each of its sites."""
        return [opens_at + timedelta(minutes=(self.stop + self.travel) * n) for n in range(filings)]


def rooms() -> list[Room]:
    """Return the county's meeting rooms, in the order of its list."""
    return [
        Room(
            one["code"], one["name_zh"], in_page_language(one["name_zh"], one["name_en"]), one["seats"]
        )
        for one in county().profile.get("rooms", [])
    ]  # fmt: skip


def planning() -> Planning:
    """Return how long things take; a county that does not say it gets half an hour for each."""
    said = county().profile.get("planning", {})
    return Planning(
        meeting=said.get("meeting_minutes", 30), stop=said.get("stop_minutes", 30),
        travel=said.get("travel_minutes", 30), horizon=said.get("horizon_days", 21),
    )  # fmt: skip


@dataclass(frozen=True)
class Ready:
    """A filing that waits for its session: since when, until when by its own limit, and whom it concerns."""

    filing: Filing
    since: datetime | None
    limit: StageLimit | None
    departments: Sequence[Organisation]


def ready_filings(kind: str, by: Membership) -> QuerySet[Filing]:
    """Return the filings that are ready and that a person may see, with what the planning shows of each."""
    asked = ChecklistItem.objects.exclude(applies=False).exclude(
        opinion_default=OpinionDefault.NONE
    )
    asked = asked.select_related("item", "department").prefetch_related("item__co_departments")
    running = StageLimit.objects.filter(ended_at=None, item=None).select_related("calendar")
    found = ready_for(kind).filter(pk__in=Filing.objects.visible_to(by))
    return (
        found.select_related("enterprise", "book", "rulebook", "site")
        .prefetch_related(
            Prefetch("items", asked, to_attr="asked"),
            Prefetch("limits", running.order_by("due_at"), to_attr="open_limits"),
        )
        .order_by("stage_since", "pk")
    )


def shown(filings: Iterable[Filing]) -> list[Ready]:
    """Return filings as the planning shows them, whoever must be done first on top; no query of its own."""
    rows = []
    for filing in filings:
        found = {d.pk: d for item in filing.asked for d in asked_departments(item)}  # type: ignore[attr-defined]
        limits = [one for one in filing.open_limits if one.due_at]  # type: ignore[attr-defined]
        limit = min(limits, key=lambda one: one.due_at) if limits else None
        people = sorted(found.values(), key=lambda d: d.code)
        rows.append(Ready(filing, filing.stage_since or filing.accepted_at, limit, people))
    return sorted(rows, key=lambda r: (r.limit is None, r.limit and r.limit.due_at, r.filing.pk))


@dataclass(frozen=True)
class Calendars:
    """Where departments are and which rooms are taken, from a day on."""

    busy: dict[str, list[Taken]]
    away: dict[str, dict[date, str]]
    rooms: dict[str, list[Taken]]


def calendars(departments: Sequence[Organisation], first: date, last: date) -> Calendars:
    """Return what is in the calendars of some departments and of the rooms between two days: three queries."""
    codes = {d.pk: d.code for d in departments}
    zone = timezone.get_default_timezone()
    span = (datetime.combine(first, time(), zone), datetime.combine(last, time.max, zone))
    busy: dict[str, list[Taken]] = {code: [] for code in codes.values()}
    summoned = Invitation.objects.filter(
        department__in=codes, session__stage__in=RUNNING, session__opens_at__range=span
    )
    for one in summoned.select_related("session").order_by("session__opens_at"):
        held = one.session
        ends = held.opens_at + timedelta(minutes=held.minutes or 60)
        busy[codes[one.department_id]].append(Taken(held.opens_at, ends, held.number))
    away: dict[str, dict[date, str]] = defaultdict(dict)
    for row in DayAway.objects.filter(department__in=codes, day__range=(first, last)):
        away[codes[row.department_id]][row.day] = row.reason
    taken: dict[str, list[Taken]] = {room.code: [] for room in rooms()}
    for hour in RoomHour.objects.filter(starts__range=span).select_related("session"):
        taken.setdefault(hour.room, []).append(
            Taken(hour.starts, hour.starts + HALF_HOUR, hour.session.number)
        )
    return Calendars(busy, dict(away), taken)


def clashes_at(
    departments: Sequence[Organisation], opens_at: datetime, minutes: int, *, but: Session | None = None
) -> list[Passed]:  # fmt: skip
    """Return which departments are away or summoned elsewhere at a time; `but` is a session that is given up for it."""
    starts = timezone.localtime(opens_at)
    taken = calendars(departments, starts.date(), starts.date())
    others = {
        who: [one for one in spans if but is None or one.what != but.number]
        for who, spans in taken.busy.items()
    }
    return clashes(others, taken.away, starts, starts + timedelta(minutes=minutes))


def days_from(calendar: Calendar, kind: str, at: datetime, most: int) -> tuple[list[Day], bool]:
    """Return the days from today on with their working hours, and whether none is missing for want of a calendar."""
    hours, zone, today = counter_hours(at), timezone.get_default_timezone(), timezone.localdate(at)
    found: list[Day] = []
    for day in (today + timedelta(days=n) for n in range(most)):
        if not calendar.covers(day):
            return found, False
        spans = hours.spans(day) if calendar.is_working(day) else ()
        if spans and kind == SessionKind.SURVEY:
            spans = ((spans[0][0], spans[-1][1]),)  # on the road one does not come back for lunch
        found.append(
            Day(day, [(datetime.combine(day, a, zone), datetime.combine(day, b, zone)) for a, b in spans])
        )  # fmt: skip
    return found, True


@dataclass(frozen=True)
class Plan:
    """What there is to choose a time by: the wish the proposal is made of, and the departments concerned."""

    wish: Wish
    departments: Sequence[Organisation]
    taken: Calendars
    minutes: int


def plan_for(kind: str, ready: Sequence[Ready], at: datetime, minutes: int = 0) -> Plan:
    """Return what a session of these filings can be planned by. Raises NoEdition, CalendarGap."""
    says = planning()
    lasts = minutes or says.minutes(kind, len(ready))
    departments = sorted(
        {d.pk: d for row in ready for d in row.departments}.values(), key=lambda d: d.code
    )
    days, whole = days_from(calendar_at(at), kind, at, says.horizon)
    taken = (
        calendars(departments, timezone.localdate(at), days[-1].day)
        if days
        else Calendars({}, {}, {})
    )
    wish = Wish(
        days=days, first=earliest_opening(kind, at), minutes=lasts, after=at, busy=taken.busy, away=taken.away,
        rooms=taken.rooms if kind == SessionKind.MEETING and taken.rooms else None, known_to_its_end=whole,
    )  # fmt: skip
    return Plan(wish, departments, taken, lasts)


def days_away(by: Membership, today: date) -> QuerySet[DayAway]:
    """Return the days that a department has entered, from today on; for the county's staff those of all."""
    found = DayAway.objects.filter(day__gte=today).select_related("department", "entered_by__user")
    return found.filter(department_id=by.organisation_id) if by.role in ("clerk", "head") else found


def label_of(plan: Plan) -> dict[str, Any]:
    """Return the names by which departments stand in a proposal."""
    return {d.code: d.label for d in plan.departments}
