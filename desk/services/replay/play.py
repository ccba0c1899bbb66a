"""The days of a play: on each working day everybody looks at their desk in turn; what passes in between is swept."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CorrectionCase, Filing, Gap
from approvals.stages import ENDS, Stage
from core.deadlines.calendar import CalendarGap
from core.deadlines.services import local
from desk.services.replay.actors import (
    convenor,
    departments,
    enterprise,
    inspectors,
    overseers,
    room,
    site,
    window,
)
from desk.services.replay.read import Project
from desk.services.replay.world import ReplayError, World
from inspection.models import Measure
from inspection.stages import MeasureState
from prereview.models import MakeUp, Slot

Tell = Callable[[str], None]
DONE = (*ENDS, Stage.COMPLETED)
UNDECIDED = (MeasureState.INTENDED, MeasureState.HEARD)
LONGEST = timedelta(days=300)  # after the last meeting of a year the last works are accepted


def play(world: World, *, until: datetime | None, tell: Tell) -> None:
    """Play the plan to its end, or to an instant. Raises ReplayError where a year does not come to its end."""
    waiting, world.until = list(world.plan.projects), until
    last = until or world.plan.meetings[-1].opens_at + LONGEST
    month = 0
    for day in _days(timezone.localdate(waiting[0].submitted), timezone.localdate(last)):
        if until and local(day, 18) > until:
            break
        with transaction.atomic():
            _day(world, day, waiting)
        if day.month != month:
            month = day.month
            _count_rows_anew()
            tell(_progress(world, day))
        if until is None and not waiting and _finished(world):
            return
    if until is None:
        raise ReplayError(_("到最后一天仍有没有办完的：%(what)s") % {"what": _unfinished(world)})
    for project in waiting:
        if project.submitted <= until:
            world.go(project.submitted)
            enterprise.file(world, project)
    room.today(world)
    world.go(until)


def _count_rows_anew() -> None:
    """Let PostgreSQL know how many rows there are: tables that fill in minutes outrun its own looks.

    Only of this database: the server's own tables would stay locked to the end of the transaction, and whoever plays in
    another database of the same server would wait for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            tables = connection.introspection.django_table_names(only_existing=True)
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _desks(day: date) -> tuple[tuple[datetime, Callable[[World], None]], ...]:
    """Who looks at their desk when; sessions are held in the morning and in the afternoon."""
    noon, evening = local(day, 12, 30), local(day, 18)
    return (
        (local(day, 8, 40), departments.day),
        (local(day, 9), lambda world: convenor.sessions(world, noon)),
        (local(day, 10, 40), inspectors.day),
        (local(day, 11, 20), window.day),
        (local(day, 13), enterprise.day),
        (local(day, 13, 30), site.day),
        (local(day, 14), lambda world: convenor.sessions(world, evening)),
        (local(day, 16), room.day),
        (local(day, 16, 20), convenor.day),
        (local(day, 17), overseers.day),
    )


def _day(world: World, day: date, waiting: list[Project]) -> None:
    """One day: people file whenever they like; the desks are open on working days."""
    world.go(local(day))
    world.go_on_with(_unfinished_cases(world))
    for instant, look in _desks(day):
        _file_until(world, waiting, instant)
        if _is_working(world, day):
            world.go(instant)
            look(world)
    _file_until(world, waiting, local(day + timedelta(days=1)))


def _is_working(world: World, day: date) -> bool:
    try:
        return world.calendar.is_working(day)
    except CalendarGap:
        return False


def _file_until(world: World, waiting: list[Project], instant: datetime) -> None:
    while waiting and waiting[0].submitted < instant:
        project = waiting.pop(0)
        world.go(project.submitted)
        enterprise.file(world, project)


def _finished(world: World) -> bool:
    return not _open(world)


def _open(world: World) -> list[str]:
    mine = {"filing_id__in": world.cases}
    found = [str(f) for f in Filing.objects.filter(pk__in=world.cases).exclude(stage__in=DONE)]
    found += [str(m) for m in MakeUp.objects.filter(slot__filing_id__in=world.cases, ended_at=None)]
    found += [str(g) for g in Gap.objects.filter(**mine, ended_at=None)]
    found += [str(s) for s in Slot.objects.filter(**mine, act_at__isnull=False)]
    found += [str(m) for m in Measure.objects.filter(**mine, state__in=UNDECIDED)]
    return found


def _unfinished(world: World) -> str:
    return "；".join(_open(world)[:8])


def _unfinished_cases(world: World) -> set[int]:
    """The cases on the road, and those where something is still to be made up or answered."""
    mine = {"filing_id__in": world.live}
    found = set(
        Filing.objects.filter(pk__in=world.live)
        .exclude(stage__in=DONE)
        .values_list("pk", flat=True)
    )
    found |= set(
        CorrectionCase.objects.filter(**mine, closed_at=None).values_list("filing_id", flat=True)
    )
    owed = MakeUp.objects.filter(slot__filing_id__in=world.live, ended_at=None)
    return found | set(owed.values_list("slot__filing_id", flat=True))


def _progress(world: World, day: date) -> str:
    filed, done = (
        len(world.cases),
        Filing.objects.filter(pk__in=world.cases, stage__in=DONE).count(),
    )
    return _("  %(month)s　申报 %(filed)s 件，办完 %(done)s 件，办理 %(acts)s 步") % {
        "month": f"{day:%Y-%m}", "filed": filed, "done": done, "acts": world.counts["acts"],
    }  # fmt: skip
