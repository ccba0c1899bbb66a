"""What was promised beside what came of it: the dates, the clauses, and whose the days were."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Filing
from approvals.queries.moves import moves_of
from approvals.stages import Stage
from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.queries import calendar_at
from inspection.models import Report
from inspection.queries.amounts import facts_of_amounts
from inspection.queries.nodes import nodes_of
from inspection.queries.stood import days_before_start, days_stood, days_stopped
from inspection.rules.pictures import DEPARTMENTS, ENTERPRISE, PUBLIC, WHOSE, WINDOW, Line
from inspection.stages import ReportKind

WIDE = 18  # a bar that has room for a letter of whose it is


@dataclass(frozen=True)
class Span:
    """A stage that a case stood in, from day to day; `working` is None where a year has no calendar."""

    stage: str
    whose: str
    start: datetime
    end: datetime | None
    days: int
    working: int | None

    @property
    def label(self) -> str:
        """The stage in words."""
        return str(Stage(self.stage).label)

    @property
    def whose_label(self) -> str:
        """Whose move it was, in words."""
        return who(self.whose)


def who(party: str) -> str:
    """Return a party in words."""
    named = {
        ENTERPRISE: _("企业"),
        WINDOW: _("窗口"),
        DEPARTMENTS: _("部门"),
        PUBLIC: _("公示期"),
    }
    return named[party]


def spans_of(filing: Filing, at: datetime) -> list[Span]:
    """Return the stages a case has stood in since it was submitted, from its ledger: one query."""
    steps = [(entry.event_at, stage) for entry, stage in moves_of(filing.book_id)]
    calendar = calendar_at(at)
    ends: list[datetime | None] = [when for when, _stage in steps[1:]]
    return [
        _span(stage, start, end, at, calendar)
        for (start, stage), end in zip(steps, [*ends, None], strict=False)
        if stage in WHOSE
    ]


def _span(
    stage: str, start: datetime, end: datetime | None, at: datetime, calendar: Calendar
) -> Span:
    first, last = timezone.localdate(start), timezone.localdate(end or at)
    known = calendar.covers(first) and calendar.covers(last)
    working = calendar.working_days_between(first, last) if known else None
    return Span(stage, WHOSE[Stage(stage)], start, end, (last - first).days, working)


def days_by_party(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Return the days each party had, natural and working; the building itself is counted apart."""
    apart = (Stage.START_NOTIFIED, Stage.BUILDING)
    rows = []
    for party in (ENTERPRISE, WINDOW, DEPARTMENTS, PUBLIC):
        mine = [span for span in spans if span.whose == party and span.stage not in apart]
        rows.append(_sum(party, who(party), mine))
    works = [span for span in spans if span.stage in apart]
    return [*rows, _sum("works", _("开工和建设（企业）"), works)]


def _sum(key: str, label: str, spans: list[Span]) -> dict[str, Any]:
    known = all(span.working is not None for span in spans)
    return {
        "key": key,
        "who": label,
        "days": sum(span.days for span in spans),
        "working": sum(span.working or 0 for span in spans) if known else None,
        "stages": _("、").join(dict.fromkeys(span.label for span in spans)),
    }


@dataclass(frozen=True)
class Kept:
    """One thing that was promised beside what came of it; `late` in days, negative where it was early.

    `before` are the days that were promised first and changed, in their order, each with its reason and its file. For
    `stood` days its clock stood since it was promised, or the works did, by a stop order or for force majeure; what is
    left of a delay when they are taken off is `counted`.
    """

    key: str
    what: str
    promised: date | None
    real: date | None
    before: tuple[tuple[date | None, str, Any], ...] = ()
    stood: int = 0

    @property
    def late(self) -> int | None:
        """By how many natural days; None while one of both is not known."""
        return (self.real - self.promised).days if self.promised and self.real else None

    @property
    def counted(self) -> int | None:
        """By how many natural days it counts as late."""
        return self.late if self.late is None or self.late <= 0 else max(0, self.late - self.stood)

    @property
    def early(self) -> int:
        """By how many natural days it was early."""
        return -(self.late or 0)


def promises_of(filing: Filing) -> list[Kept]:
    """Return the promised days beside the real ones: start, nodes, completion, acceptance. Four queries.

    Two more where the clock of a node has stood, for all of them; one each for a start and a completion that is late.
    """
    rows = Report.objects.filter(filing=filing, node=None).order_by("pk")
    reported = dict(rows.values_list("kind", "happened_on"))
    promised = [one for one in nodes_of(filing) if one.promised_on or one.struck]
    load_interruptions(promised)
    nodes = [
        Kept(
            f"node:{one.node.code}", str(one), one.promised_on, one.reached_on, one.before, days_stood(one)
        )
        for one in promised
    ]  # fmt: skip
    done = timezone.localdate(filing.completed_at) if filing.completed_at else None
    begun, ready = reported.get(ReportKind.START), reported.get(ReportKind.COMPLETION)
    start = Kept("start", _("开工"), filing.planned_start, begun)
    completion = Kept("completion", _("竣工"), filing.planned_completion, ready)
    return [
        _without(start, lambda _day: days_before_start(filing)),
        *nodes,
        _without(completion, partial(days_stopped, filing)),
        Kept("closed", _("验收合格、办结"), None, done),
        Kept("production", _("投产"), filing.planned_production, None),
    ]


def _without(kept: Kept, stood: Callable[[date], int]) -> Kept:
    """Return what was late with the days that are no fault of the enterprise; only then they are looked up."""
    if kept.real is None or (kept.late or 0) <= 0:
        return kept
    return replace(kept, stood=stood(kept.real))


def facts_of(filing: Filing) -> dict[str, Any]:
    """Return the comparison of a closed case for its bundle, in keys and numbers that hang on no language."""
    assert filing.completed_at is not None
    days = days_by_party(spans_of(filing, filing.completed_at))
    early = [
        {"began_on": one.began_on.isoformat(), "missing": len(one.missing)}
        for one in filing.early_starts.all()
    ]
    return {
        "dates": {
            one.key: {
                "promised": _iso(one.promised),
                "real": _iso(one.real),
                "late_days": one.late,
                **(
                    {"promised_before": [_iso(day) for day, *_why in one.before]}
                    if one.before
                    else {}
                ),
                **(
                    {"stood_days": one.stood, "counted_late_days": one.counted} if one.stood else {}
                ),
            }
            for one in promises_of(filing)
        },
        "amounts": facts_of_amounts(filing),
        **({"early_starts": early} if early else {}),
        "days": {row["key"]: {"natural": row["days"], "working": row["working"]} for row in days},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def picture_of(filing: Filing, kept: list[Kept], spans: list[Span], at: datetime) -> dict[str, Any]:
    """Return the time line: promise above, reality below, and whose the days were; nothing where no day is known."""
    today = timezone.localdate(filing.completed_at or at)
    known = [day for one in kept for day in (one.promised, one.real) if day]
    days = [*known, *(timezone.localdate(span.start) for span in spans)]
    if not days:
        return {}
    line = Line(min(days), max(*days, today))
    of = {one.key: one for one in kept}
    start, completion = of["start"], of["completion"]
    rows = [
        _row(line, _("承诺"), "promise", start.promised, completion.promised),
        _row(line, _("实际"), "real", start.real, completion.real or (start.real and today)),
    ]
    return {
        "line": line,
        "rows": [row for row in rows if row],
        "nodes": [
            {"label": one.what, "day": day, "x": line.x(day), "kind": kind}
            for one in kept
            if one.key.startswith("node:")
            for kind, day in (
                *(("before", day) for day, *_why in one.before),
                ("promise", one.promised),
                ("real", one.real),
            )
            if day
        ],
        "spans": [_bar(line, span, today) for span in spans],
        "ticks": [{"x": x, "day": day} for x, day in line.ticks()],
    }


def _row(
    line: Line, label: str, kind: str, start: date | None, end: date | None
) -> dict[str, Any] | None:
    if start is None or end is None or end < start:
        return None
    x, width = line.bar(start, end)
    return {"label": label, "kind": kind, "x": x, "width": width, "start": start, "end": end}


def _bar(line: Line, span: Span, today: date) -> dict[str, Any]:
    end = timezone.localdate(span.end) if span.end else today
    x, width = line.bar(timezone.localdate(span.start), end)
    between = _("：")
    label = f"{span.whose_label}{between}{span.label}"
    mark = span.whose_label[:1] if width >= WIDE else ""
    return {"x": x, "width": width, "whose": span.whose, "label": label, "mark": mark}
