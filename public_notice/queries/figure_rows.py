"""The rows of the figures, counted by the database: what is alike is read once, however many opinions there were.

A year has some ten thousand kinds of rows, whether sixty projects or 200,000 were asked about. Only limits that were
stopped or lengthened are looked at one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from approvals.models import Filing, Gap, LaterRequest
from approvals.stages import ENDS, GapState
from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.models import CalendarEdition
from core.deadlines.net import net_days
from core.deadlines.queries import calendar_of
from prereview.models import Slot
from prereview.stages import DEEMED, GIVEN, SlotState
from public_notice.models import Objection
from public_notice.queries.bulletins import period_of
from public_notice.rules.figures import Decision, Event

TOGETHER = 500
# What net days depend on besides the calendar: days, and whether the outcome came after the end. 24:00 is of its day.
ALIKE = (
    "department_id", "kind", "item__item__code", "length", "state", "opinion__position", "rule", "calendar_id",
    "in_month", "from_day", "outcome_day", "due_day", "after_end",
)  # fmt: skip


def opinions(begins: datetime, until: datetime, bodies: Mapping[int, Any]) -> Counter[Decision]:
    """Return the opinions whose limits began in a span, counted; `bodies` are the departments that may be named."""
    # What was struck, or ended with its case before any outcome, was asked of nobody in the end.
    open_still = Q(ended_at=None) & ~Q(filing__stage__in=ENDS)
    asked = (
        Slot.objects.asked()
        .filter(Q(state=SlotState.SETTLED) | open_still)
        .filter(started_at__gte=begins, started_at__lt=until)
    )
    editions, calendars = CalendarEdition.objects.in_bulk(), dict[int, Calendar]()
    found: Counter[Decision] = Counter()
    for slot, outcome, code, many in (*_together(asked), *_one_by_one(asked)):
        calendar, key = None, slot.calendar_id
        if key is not None:
            calendar = calendars.get(key) or calendars.setdefault(key, calendar_of(editions[key]))
        found[_decision(slot, outcome, code, bodies, calendar)] += many
    return found


Read = tuple[Slot, tuple[str, datetime] | None, str, int]


def _together(asked: QuerySet[Slot]) -> Iterator[Read]:
    """Yield limits that nothing stopped: of those that are alike one with the earliest instants, and how many."""
    rows = (
        asked.filter(interrupted=False)
        .annotate(
            in_month=TruncDate("started_at"),
            from_day=_day_of("started_at"),
            outcome_day=_day_of("opinion__effective_at"),
            due_day=_day_of("due_at"),
            after_end=ExpressionWrapper(
                Q(opinion__effective_at__gt=F("due_at")), output_field=BooleanField()
            ),
        )
        .order_by()
        .values_list(*ALIKE)
        .annotate(Min("started_at"), Min("due_at"), Min("opinion__effective_at"), Count("pk"))
    )
    for row in rows:
        department, kind, code, length, state, position, rule, calendar = row[:8]
        started, due, outcome, many = row[-4:]
        slot = Slot(
            department_id=department, kind=kind, length=length, state=state, rule=rule, calendar_id=calendar,
            started_at=started, due_at=due,
        )  # fmt: skip
        yield slot, (position, outcome) if position else None, code or "", many


def _day_of(field: str) -> TruncDate:
    """The day an instant belongs to, where midnight is 24:00 of the day before."""
    before = ExpressionWrapper(F(field) - timedelta(microseconds=1), output_field=DateTimeField())
    return TruncDate(before)


def _one_by_one(asked: QuerySet[Slot]) -> Iterator[Read]:
    rows = asked.filter(interrupted=True).select_related("item__item", "opinion").order_by("pk")
    some: list[Slot] = []
    for slot in rows.iterator(chunk_size=TOGETHER):
        some.append(slot)
        if len(some) == TOGETHER:
            yield from _stopped(some)
            some = []
    yield from _stopped(some)


def _stopped(slots: list[Slot]) -> Iterator[Read]:
    load_interruptions(slots)
    for slot in slots:
        opinion = getattr(slot, "opinion", None)
        outcome = (opinion.position, opinion.effective_at) if opinion is not None else None
        yield slot, outcome, slot.item.code if slot.item else "", 1


def _decision(
    slot: Slot, outcome: tuple[str, datetime] | None, code: str, bodies: Mapping[int, Any], calendar: Calendar | None,
) -> Decision:  # fmt: skip
    body, day = bodies.get(slot.department_id), timezone.localdate(slot.begun_at)
    state = _state(slot, outcome[0] if outcome else "")
    # Of silence nobody took any days.
    took = net_days(slot, outcome[1], calendar) if outcome and state == "answered" else None
    return Decision(
        month=period_of(day),
        department=body.code if body else "",
        name=body.name_on(day) if body else "",
        kind=slot.kind,
        item=code,
        limit=slot.length,
        state=state,
        days=took[0] if took else None,
    )


def _state(slot: Slot, position: str) -> str:
    if not position:
        return "held" if slot.state == SlotState.HELD else "waiting"
    if position in GIVEN:
        return "answered"
    return "deemed" if position in DEEMED else "none"


def events(begins: datetime, until: datetime, at: datetime) -> Counter[Event]:
    """Return what was accepted, promised, demanded and objected to in a span, counted."""
    found: Counter[Event] = Counter()
    for rows in (_accepted, _extra, _objections):
        for event, many in rows(begins, until):
            found[event] += many
    found.update(_gaps(begins, until, at))
    return found


Counted = Iterable[tuple[Event, int]]


def _of(rows: QuerySet[Any], field: str, begins: datetime, until: datetime) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__gte": begins, f"{field}__lt": until})


def _by_day(rows: QuerySet[Any], field: str, *told: str) -> Iterator[tuple[Any, ...]]:
    """Yield month, what is told, and how many."""
    found = rows.order_by().annotate(on_day=TruncDate(field)).values_list("on_day", *told)
    for day, *said, many in found.annotate(Count("pk")):
        yield period_of(day), *said, many


def _accepted(begins: datetime, until: datetime) -> Counted:
    promised = Gap.objects.filter(filing=OuterRef("pk"), deemed=False)
    rows = _of(Filing.objects.annotate(gaps_=Exists(promised)), "accepted_at", begins, until)
    for month, silent, gaps, many in _by_day(rows, "accepted_at", "accepted_by_silence", "gaps_"):
        how = "by_silence" if silent else "with_gaps" if gaps else "complete"
        yield Event(month, "accepted", how), many


def _gaps(begins: datetime, until: datetime, at: datetime) -> Iterator[Event]:
    found = _of(Gap.objects.filter(deemed=False), "promised_at", begins, until)
    for gap in found.select_related("material").order_by("pk").iterator(chunk_size=TOGETHER):
        yield Event(period_of(timezone.localdate(gap.promised_at)), "gap", _kept(gap, at))


def _kept(gap: Gap, at: datetime) -> str:
    if gap.state == GapState.DROPPED:
        return "dropped"
    if gap.state == GapState.CLOSED:
        handed_in = gap.material.handed_in_at or gap.closed_at
        return "late" if gap.due_at and handed_in and handed_in > gap.due_at else "kept"
    broken = gap.state in (GapState.SUSPENDED, GapState.FAILED) or gap.broken(at)
    return "broken" if broken else "open"


def _extra(begins: datetime, until: datetime) -> Counted:
    rows = _of(LaterRequest.objects.all(), "asked_at", begins, until)
    for month, state, many in _by_day(rows, "asked_at", "state"):
        yield Event(month, "extra", state), many


def _objections(begins: datetime, until: datetime) -> Counted:
    rows = _of(Objection.objects.all(), "received_at", begins, until)
    for month, finding, many in _by_day(rows, "received_at", "finding"):
        yield Event(month, "objection", finding), many
