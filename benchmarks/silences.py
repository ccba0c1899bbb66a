"""Cases in which departments were silent, each in its own way, copied as often as wanted.

Three cases are walked and closed: in one some stay away, in one excuses were asked for and refused or granted, in one
limits were stopped and went on. No two copies of a case were closed at the same minute, nor all on the same day: what
is shared because it is equal is then shared as in life, and not because one case was copied.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

STEP = 1_000_000  # the n-th copy's keys lie between n and n + 1 steps
FEW = 500
DAYS, MINUTES = 4, 240  # over so many days, and minutes of each, the copies' closings are spread
CLOSED = "UPDATE prereview_agendaitem SET closed_at = %s WHERE id = %s"
RUNS = (
    "UPDATE prereview_slot SET started_at = %s, due_at = %s "
    "WHERE agenda_id = %s AND started_at IS NOT NULL AND ended_at IS NULL AND NOT interrupted"
)


def some_stay_away(summons: list[Any], closes: datetime) -> None:
    """Two departments are not there when the item closes."""
    summons[0].checked_in_at = None
    summons[1].left_at = closes - timedelta(minutes=1)


def some_ask_for_leave(summons: list[Any], closes: datetime) -> None:
    """Two departments asked for leave: one in vain, one may write."""
    from prereview.stages import Answer

    for one, answer in zip(summons, (Answer.REFUSED, Answer.GRANTED), strict=False):
        one.checked_in_at, one.answer, one.decided_at = None, answer, closes - timedelta(hours=1)


def all_are_there(_summons: list[Any], _closes: datetime) -> None:
    """Everybody is there, and two limits are stopped afterwards."""


CASES: dict[str, Callable[[list[Any], datetime], None]] = {
    "示例标准厂房一期": some_stay_away,
    "示例标准厂房二期": some_ask_for_leave,
    "示例标准厂房三期": all_are_there,
}


@dataclass(frozen=True)
class Portion:
    """Copies that one way of writing defaults is given: the keys of their rows lie between two numbers."""

    above: int
    below: int

    @property
    def keys(self) -> dict[str, int]:
        """The portion, to be asked of rows."""
        return {"pk__gt": self.above, "pk__lt": self.below}

    @property
    def few(self) -> bool:
        """Whether so few cases belong to it that everything of them can be held in memory."""
        return self.below - self.above <= FEW * STEP

    def books(self) -> Any:
        """Return the books of its cases and sessions."""
        from core.ledger.models import Book

        return Book.objects.filter(**self.keys)

    def slots(self) -> Any:
        """Return what its departments owe in the meetings: behind a red line silence ends as no opinion given."""
        from prereview.models import Slot
        from prereview.stages import SessionKind

        return Slot.objects.filter(**self.keys, kind=SessionKind.MEETING)

    def fall_due(self) -> int:
        """Let the sweep see its limits, and no others; return how many there are."""
        from core.ledger.models import Book
        from prereview.models import Slot

        Book.objects.update(next_due=None)
        owing = Slot.objects.filter(**self.keys, ended_at=None)
        first = owing.order_by("act_at").values_list("act_at", flat=True)[0]
        Book.objects.filter(pk__in=owing.values("book")).update(next_due=first)
        return owing.count()


def due(limits: int, portions: int) -> tuple[list[Portion], datetime]:
    """Fill the database with portions of slots whose silence stands as a default; return them, and when it is."""
    from django.db.models import F

    from benchmarks.multiply import multiply
    from core.deadlines.models import Suspension
    from prereview.models import Slot
    from tests.conftest import everybody

    people = everybody()
    ways = [_closed(people, name, happens) for name, happens in CASES.items()]
    opened = Slot.objects.filter(pk__lt=STEP, ended_at=None).count()
    copies = -(-limits // opened)
    for way in ways:
        multiply(way.filing, copies * portions)
    copied = Suspension.objects.filter(pk__gt=STEP)
    copied.update(row=F("row") + F("pk") - F("pk") % STEP)  # it names its limit by number
    _spread()
    cut = [(1 + nth * copies) * STEP for nth in range(portions + 1)]
    parts = [Portion(above, below) for above, below in pairwise(cut)]
    return parts, ways[0].now + timedelta(days=30)


def _closed(people: Any, name: str, happens: Callable[[list[Any], datetime], None]) -> Any:
    """Walk a case into its meeting and close its item."""
    from prereview.services import close_item, open_item
    from tests.conftest import instant
    from tests.walk import walk

    way = walk(people, instant("2018-03-05 09:00"), to="prereviewing", project_name=name)
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.do(open_item, way.meeting.agenda.get(), by=people.convenor)
    summons = list(way.meeting.invitations.order_by("pk"))
    happens(summons, way.now)
    for one in summons:
        one.save()
    way.do(close_item, way.meeting.agenda.get(), by=people.convenor)
    if happens is all_are_there:
        _stop(people, way, list(way.meeting.agenda.get().slots.filter(ended_at=None)[1:3]))
    return way


def _stop(people: Any, way: Any, slots: Iterable[Any]) -> None:
    from approvals.services import resume_limit, suspend_limit
    from core import clock

    said = {"kind": "hearing", "reason": "示例", "by": people.convenor}
    for slot in slots:
        stops, goes_on = way.now + timedelta(minutes=5), way.now + timedelta(days=1)
        with clock.driven(stops):
            suspend_limit(slot, expected_days=3, paper_number="示例函1号", at=stops, **said)
        slot.refresh_from_db()
        with clock.driven(goes_on):
            resume_limit(slot, at=goes_on, **said)


def _spread() -> None:
    """Let each copy's item be closed at a minute of its own, and its limits run from there."""
    from django.db import connection
    from django.utils import timezone

    from core.deadlines.queries import calendar_at, end_of
    from prereview.models import AgendaItem
    from prereview.stages import SessionKind

    stored: Any = connection.ops.adapt_datetimefield_value
    closings, limits = [], []
    agenda = AgendaItem.objects.filter(pk__gt=STEP, session__kind=SessionKind.MEETING)
    for key, closed in agenda.values_list("pk", "closed_at"):
        nth = key // STEP
        at = closed + timedelta(days=nth % DAYS, minutes=nth // DAYS % MINUTES, seconds=nth % 60)
        ends = end_of(calendar_at(at).due(timezone.localdate(at), 3, "working_day"))
        closings.append([stored(at), key])
        limits.append([stored(at), stored(ends), key])
    with connection.cursor() as cursor:
        cursor.executemany(CLOSED, closings)
        cursor.executemany(RUNS, limits)
