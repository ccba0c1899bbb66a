"""The meeting that is being held when a demonstration is looked at: whoever comes steps into the room.

It opens in the hours before the as-of instant, or on the last afternoon on which the county worked. Some have come and
some have spoken; one department is still to come in, and the second project is still to be called.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from approvals.models import Filing
from core.deadlines.calendar import Calendar
from core.deadlines.services import local
from desk.services.replay.actors.convenor import AHEAD
from desk.services.replay.world import IN_SESSION, World
from prereview import services
from prereview.models import Session, Slot
from prereview.queries import ready_for, why_not_open
from prereview.services.facts import takes_opinion
from prereview.stages import Position, SessionKind, SessionStage

ROOM = "R201"  # of county.yaml
FIRST, LAST = 9, 16  # the hours in which it may open
SINCE = timedelta(minutes=30)  # how long it has gone on, at least
STILL_TO_COME = "STJ"
HAVE_SPOKEN = ("FGJ", "ZJJ", "SLJ")


def opening(until: datetime, calendar: Calendar) -> datetime:
    """Return when it opens: on the half hour, so long before an instant that people have come and spoken."""
    day, before = timezone.localdate(until), timezone.localtime(until - SINCE)
    if calendar.is_working(day) and timezone.localdate(before) == day and before.hour >= FIRST:
        if before.hour >= LAST:
            return local(day, LAST)
        return local(day, before.hour, before.minute // 30 * 30)
    return local(_last_worked(day, calendar), LAST)


def _last_worked(day: date, calendar: Calendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def day(world: World) -> None:
    """Call it so many working days before; open it on its day."""
    if world.until is None or not world.anyone_at(*IN_SESSION):
        return
    _call(world, opening(world.until, world.calendar))
    _open(world)


def today(world: World) -> None:
    """Open it where it falls on the day on which the play stops."""
    if world.until is not None:
        opens = opening(world.until, world.calendar)
        if opens > world.now:
            world.go(opens)
        _open(world)


def _call(world: World, opens: datetime) -> None:
    if world.calendar.add_working(timezone.localdate(world.now), AHEAD) != timezone.localdate(
        opens
    ):
        return
    ready = ready_for(SessionKind.MEETING).filter(pk__in=world.live).order_by("pk")
    if cases := [filing for filing in ready if world.event(filing, "room")]:
        world.do(
            services.call_session, kind=SessionKind.MEETING, filings=cases, opens_at=opens, room=ROOM,
            by=world.people.convenor,
        )  # fmt: skip


def _open(world: World) -> None:
    called = Session.objects.filter(
        stage=SessionStage.CALLED, kind=SessionKind.MEETING, agenda__filing_id__in=world.live
    )
    for session in called.distinct():
        cases = Filing.objects.filter(agenda_items__session=session)
        mine = any(world.event(filing, "room") for filing in cases)
        if mine and why_not_open(session, world.now) is None:
            _go_on(world, session)


def _go_on(world: World, session: Session) -> None:
    world.do(services.open_session, session, by=world.people.convenor)
    for summons in session.invitations.select_related("department"):
        code = summons.department.code
        if code != STILL_TO_COME:
            world.do(services.check_in, summons, by=world.people.clerks[code])
    first = session.agenda.order_by("order")[0]
    world.do(services.open_item, first, by=world.people.convenor)
    for slot in Slot.objects.filter(agenda=first).unsettled().select_related("department"):
        code = slot.department.code
        if code in HAVE_SPOKEN and takes_opinion(slot, world.now):
            world.do(
                services.give_opinion, slot, position=Position.AGREE, by=world.people.clerks[code]
            )
