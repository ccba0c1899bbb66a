"""What the figures of a year or a month rest on: a row for each opinion asked, one for each event; no person in it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from approvals.models import Filing, Gap, LaterRequest
from approvals.stages import ENDS, GapState
from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.net import net_days
from core.deadlines.queries import NoEdition, calendar_of, rulebook_at, start_of, value_of
from prereview.models import Slot
from prereview.stages import DEEMED, GIVEN, SlotState
from public_notice.models import Objection
from public_notice.queries.bulletins import month_after, period_of
from public_notice.rules.figures import FEWEST, NAMED, Decision, Event, figures
from public_notice.rules.gate import FIGURES, admit

PROGRAM = Path(settings.BASE_DIR) / "docs" / "verify" / "chengnuo-figures.py"
PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", re.ASCII)
TABLES: dict[str, tuple[str, ...]] = {"decisions": Decision._fields, "events": Event._fields}


class Span(NamedTuple):
    """A year or a month, from its first instant to the first after it."""

    period: str
    begins: datetime
    ends: datetime

    @property
    def year(self) -> int:
        """The year it is or lies in."""
        return int(self.period[:4])


def span_of(period: str) -> Span:
    """Return the span of 2018 or 2018-06; ValueError for anything else."""
    found = PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(period)
    year, month = int(found[1]), int(found[2] or 1)
    first = date(year, month, 1)
    after = month_after(first) if found[2] else date(year + 1, 1, 1)
    return Span(period, start_of(first), start_of(after))


def years(at: datetime) -> list[int]:
    """Return the years for which there can be figures, newest first."""
    first = Filing.objects.aggregate(first=Min("accepted_at"))["first"]
    now = timezone.localdate(at).year
    return list(range(now, (timezone.localdate(first).year if first else now) - 1, -1))


def fewest_at(at: datetime) -> int | None:
    """Return how many rows a number must stand on, by the rulebook in force; None where none says."""
    try:
        return value_of(rulebook_at(at), FEWEST).number
    except (NoEdition, KeyError):
        return None


def named_at(at: datetime) -> bool:
    """Whether the county publishes by department; where no rule says so it does not."""
    try:
        return value_of(rulebook_at(at), NAMED).value == "yes"
    except (NoEdition, KeyError):
        return False


def decisions_of(span: Span, at: datetime) -> list[Decision]:
    """Return one row for each opinion whose limit began in a span, as it stands now: through the gate."""
    # What was struck, or ended with its case before any outcome, was asked of nobody in the end.
    open_still = Q(ended_at=None) & ~Q(filing__stage__in=ENDS)
    asked = (
        Slot.objects.asked()
        .filter(Q(state=SlotState.SETTLED) | open_still)
        .filter(started_at__gte=span.begins, started_at__lt=min(span.ends, at))
        .select_related("item", "opinion", "calendar")
        .order_by("pk")
    )
    slots = list(asked)
    load_interruptions(slots)
    bodies = {
        one.pk: one for one in Organisation.objects.exclude(code="").prefetch_related("names")
    }
    named, calendars = named_at(at), {}  # type: tuple[bool, dict[int, Calendar]]
    rows = [_decision(slot, bodies if named else {}, calendars) for slot in slots]
    clean = admit({"decisions": [row._asdict() for row in rows]}, FIGURES)
    return [Decision(**row) for row in clean["decisions"]]


def _decision(slot: Slot, bodies: dict[int, Any], calendars: dict[int, Calendar]) -> Decision:
    body, opinion = bodies.get(slot.department_id), getattr(slot, "opinion", None)
    calendar, day = None, timezone.localdate(slot.begun_at)
    if slot.calendar is not None:
        calendar = calendars.setdefault(slot.calendar.pk, calendar_of(slot.calendar))
    took = net_days(slot, opinion.effective_at, calendar) if opinion is not None else None
    return Decision(
        month=period_of(day),
        department=body.code if body else "",
        name=body.name_on(day) if body else "",
        kind=slot.kind,
        item=slot.item.code if slot.item else "",
        limit=slot.length,
        state=_state(slot, opinion),
        days=took[0] if took else None,
    )


def _state(slot: Slot, opinion: Any) -> str:
    if opinion is None:
        return "held" if slot.state == SlotState.HELD else "waiting"
    if opinion.position in GIVEN:
        return "answered"
    return "deemed" if opinion.position in DEEMED else "none"


def events_of(span: Span, at: datetime) -> list[Event]:
    """Return one row for each acceptance, promised paper, demand outside the list and objection of a span."""
    until = min(span.ends, at)
    rows = [
        *_accepted(span, until),
        *_gaps(span, until, at),
        *_extra(span, until),
        *_objections(span, until),
    ]
    clean = admit({"events": [row._asdict() for row in rows]}, FIGURES)
    return [Event(**row) for row in clean["events"]]


def _of(rows: QuerySet[Any], field: str, span: Span, until: datetime) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__gte": span.begins, f"{field}__lt": until}).order_by("pk")


def _month(when: datetime) -> str:
    return period_of(timezone.localdate(when))


def _accepted(span: Span, until: datetime) -> Iterator[Event]:
    promised = Gap.objects.filter(filing=OuterRef("pk"), deemed=False)
    found = _of(Filing.objects.annotate(gaps_promised=Exists(promised)), "accepted_at", span, until)
    for when, silent, gaps in found.values_list(
        "accepted_at", "accepted_by_silence", "gaps_promised"
    ):
        how = "by_silence" if silent else "with_gaps" if gaps else "complete"
        yield Event(_month(when), "accepted", how)


def _gaps(span: Span, until: datetime, at: datetime) -> Iterator[Event]:
    found = _of(Gap.objects.filter(deemed=False), "promised_at", span, until)
    for gap in found.select_related("material"):
        yield Event(_month(gap.promised_at), "gap", _kept(gap, at))


def _kept(gap: Gap, at: datetime) -> str:
    if gap.state == GapState.DROPPED:
        return "dropped"
    if gap.state == GapState.CLOSED:
        handed_in = gap.material.handed_in_at or gap.closed_at
        return "late" if gap.due_at and handed_in and handed_in > gap.due_at else "kept"
    broken = gap.state in (GapState.SUSPENDED, GapState.FAILED) or gap.broken(at)
    return "broken" if broken else "open"


def _extra(span: Span, until: datetime) -> Iterator[Event]:
    for when, state in _of(LaterRequest.objects.all(), "asked_at", span, until).values_list(
        "asked_at", "state"
    ):
        yield Event(_month(when), "extra", state)


def _objections(span: Span, until: datetime) -> Iterator[Event]:
    for when, finding in _of(Objection.objects.all(), "received_at", span, until).values_list(
        "received_at", "finding"
    ):
        yield Event(_month(when), "objection", finding)


def figures_of(span: Span, at: datetime) -> dict[str, Any]:
    """Return the figures of a span with the rows they rest on."""
    decisions, events = decisions_of(span, at), events_of(span, at)
    fewest = fewest_at(at)
    enough = len(decisions) + 1 if fewest is None else fewest
    said = {**figures(decisions, events, enough), "fewest": fewest}
    return {"period": span.period, "rows": decisions, "happened": events, **said}


def written(name: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return rows as the published file: one header line, codes and numbers."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(TABLES[name])
    out.writerows(rows)
    return text.getvalue()


def program_digest() -> str:
    """Return the SHA-256 of the program that is handed out."""
    return sha256(PROGRAM.read_bytes()).hexdigest()
