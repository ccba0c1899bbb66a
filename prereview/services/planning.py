"""What a session needs beside people: a room that is free, times for the stops of a route, days nobody can come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from approvals.models import Filing
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import moment
from prereview import policies
from prereview.models import AgendaItem, DayAway, RoomHour, Session
from prereview.queries.planning import planning, rooms
from prereview.rules.proposal import halves
from prereview.services.summons import what

# — rooms ————————————————————————————————————————————————————————————————————————


def place_of(place: str, room: str) -> str:
    """Return where a session is: in a room of the county's list, or where the convenor says."""
    if room:
        found = next((one for one in rooms() if one.code == room), None)
        if found is None:
            raise ValidationError({"room": _("没有这个会议室，请从县的会议室清单中选择。")})
        return place.strip() or found.name
    if not place.strip():
        raise ValidationError({"place": _("请填写地点，或者选择会议室。")})
    return place.strip()


def planned_minutes(kind: str, filings: int) -> int:
    """Return how long a session of so many filings is planned to last, by the county's word."""
    return planning().minutes(kind, filings)


def take_room(session: Session) -> None:
    """Take the session's room for its hours; raise NotNow where somebody else has it, whoever of two came first."""
    if not session.room:
        return
    wanted = [
        RoomHour(room=session.room, starts=half, session=session)
        for half in halves(session.opens_at, session.minutes)
    ]
    try:
        with transaction.atomic():
            RoomHour.objects.bulk_create(wanted)
    except IntegrityError as taken:
        raise NotNow([_taken(session)]) from taken


def _taken(session: Session) -> str:
    wanted = halves(session.opens_at, session.minutes)
    held = RoomHour.objects.filter(room=session.room, starts__in=wanted).select_related("session")
    other = held.exclude(session=session).first()
    named = {
        "room": session.place,
        "when": moment(session.opens_at),
        "other": other.session if other else "",
    }
    return _("%(room)s在%(when)s已被%(other)s占用：请另选会议室或者时间。") % named


def free_room(session: Session) -> None:
    """Give back the room of a session that will not be held."""
    session.hours.all().delete()


# — the route of a survey ————————————————————————————————————————————————————————


def times_of(
    stops: Sequence[datetime] | None, filings: Sequence[Filing], opens_at: datetime
) -> list[datetime | None]:
    """Return the planned time of each filing; nothing where no route was planned."""
    if not stops:
        return [None] * len(filings)
    if len(stops) != len(filings):
        raise ValidationError({"stops": _("每个申报件要有一个计划到点时间。")})
    _in_order(stops, opens_at)
    return list(stops)


def _in_order(stops: Sequence[datetime], opens_at: datetime) -> None:
    day = timezone.localdate(opens_at)
    late = any(timezone.localdate(stop) != day for stop in stops)
    if late or min(stops) < opens_at or list(stops) != sorted(set(stops)):
        raise ValidationError(
            {"stops": _("各点的时间须在勘察当天、不早于通知的开始时间，并且先后不同。")}
        )


def _stops(session: Session, order: Sequence[AgendaItem], times: Sequence[datetime]) -> None:
    own = {item.pk for item in session.agenda.all()}
    if not session.is_survey:
        raise NotNow([_("只有联合勘察有路线：会议的议程按次序逐项审议。")])
    if {item.pk for item in order} != own or len(order) != len(own) or len(times) != len(own):
        raise ValidationError({"stops": _("路线须包含本次勘察的每一个点，各一次。")})
    _in_order(times, session.opens_at)


def _brought_forward(
    order: Sequence[AgendaItem], times: Sequence[datetime], at: datetime
) -> list[str]:
    """Say which stops would come earlier than was told, on the very day: who comes at the told hour would be absent."""
    today = timezone.localdate(at)
    return [
        _("“%(project)s”已通知%(when)s到点，勘察当天不能提前：按时到场的部门会因此缺席。")
        % {"project": item.filing, "when": moment(item.planned_at)}
        for item, planned in zip(order, times, strict=True)
        if item.planned_at and planned < item.planned_at and timezone.localdate(planned) <= today
    ]


@transaction.atomic
def plan_route(
    session: Session, *, order: list[AgendaItem], times: list[datetime], by: Membership, at: datetime
) -> Session:  # fmt: skip
    """安排路线: in which order the sites are visited and when each; told to the departments. Until the survey opens."""
    session = locked(session)
    require(session, policies.session_is_called)
    permit(session, policies.convenor, by=by, at=at)
    kept = {item.pk: item for item in session.agenda.select_related("filing")}
    order = [kept.get(item.pk, item) for item in order]
    _stops(session, order, times)
    if forward := _brought_forward(order, times, at):
        raise NotNow(forward)
    act(
        session, "plan_route", policy=policies.convenor, by=by, at=at,
        stops=[[item.filing.number, when] for item, when in zip(order, times, strict=True)],
    )  # fmt: skip
    for place, (item, when) in enumerate(zip(order, times, strict=True), start=1):
        item.order, item.planned_at = place, when
        item.save(update_fields=["order", "planned_at"])
    asked = list(session.invitations.values_list("department_id", flat=True))
    tell(
        people_of(asked, timezone.localdate(at)),
        _("路线安排：%(what)s") % {"what": what(session)},
        about=f"route:{session.pk}:{at:%Y%m%d%H%M%S%f}",
        at=at,
        link=f"/sessions/{session.public_id}/",
    )
    return session


# — days a department cannot come ——————————————————————————————————————————————————


@transaction.atomic
def enter_day_away(*, day: date, reason: str, by: Membership, at: datetime) -> DayAway:
    """登记不便日期: for one's own department, beforehand. It excuses nobody: who was summoned asks for leave."""
    permit(None, policies.department, by=by, at=at)
    if day < timezone.localdate(at):
        raise ValidationError({"day": _("请填写今天或者以后的日期。")})
    lock(county_book().pk)
    if DayAway.objects.filter(department=by.organisation, day=day).exists():
        raise NotNow([_("本单位已登记这一天。")])
    record(
        county_book(), "enter_day_away", by=by, at=at, department=by.organisation.code, day=day, reason=reason,
    )  # fmt: skip
    return DayAway.objects.create(
        department=by.organisation, day=day, reason=reason, entered_by=by, entered_at=at
    )


@transaction.atomic
def withdraw_day_away(away: DayAway, *, by: Membership, at: datetime) -> Any:
    """撤销不便日期: the department can come after all; said twice it stands once."""
    permit(away, policies.own_department, by=by, at=at)
    lock(county_book().pk)
    gone, _rows = DayAway.objects.filter(pk=away.pk).delete()
    if gone:
        record(
            county_book(), "withdraw_day_away", by=by, at=at, department=away.department.code, day=away.day,
        )  # fmt: skip
    return away
