"""Measures, marks and repairs as pages and lists ask for them, each with a fixed number of queries."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from approvals.models import Filing
from inspection.models import Finding, Measure, Repair
from inspection.rules import DECIDE
from inspection.rules.measures import UNDECIDED
from inspection.stages import FindingState, Ground, MeasureKind, MeasureState, RepairState


def measures_of(filing: Filing) -> QuerySet[Measure]:
    """Return the measures of a case with everything their pages name, newest first."""
    found = filing.measures.select_related(
        "filing__enterprise", "filing__rulebook", "finding__clause", "notice", "paper", "lifting_paper",
        "views_file", "calendar", "proposed_by__user", "proposed_by__organisation", "decided_by__user",
    )  # fmt: skip
    return found.prefetch_related("repairs__paper", "repairs__calendar").order_by("-pk")


def unmended(filing: Filing, at: datetime) -> QuerySet[Finding]:
    """Return the breaches of a case that stand unmended at an instant: a measure may rest on them."""
    open_and_late = Q(state=FindingState.OPEN, due_at__lt=at)
    found = filing.findings.filter(Q(state=FindingState.FAILED) | open_and_late)
    return found.select_related("clause", "department")


def undecided() -> QuerySet[Measure]:
    """Return the measures nobody has decided yet."""
    return Measure.objects.filter(state__in=UNDECIDED).select_related("filing__enterprise")


def to_speak_on() -> QuerySet[Measure]:
    """Return the measures on which the enterprise was not heard yet: undecided, or a danger stop in force."""
    stopped = Q(kind=MeasureKind.STOP, ground=Ground.DANGER, state=MeasureState.IMPOSED)
    found = Measure.objects.filter(Q(state__in=UNDECIDED) | stopped, views_at=None)
    return found.exclude(ground=Ground.WISH).select_related("filing__enterprise")


def stops_to_answer() -> QuerySet[Measure]:
    """Return the stops in force that want the convenor's word: asked for, or the breach found mended."""
    mended = Q(finding__state=FindingState.CLOSED, ground=Ground.NOT_MENDED)
    asked = Q(rule=DECIDE.code, ended_at=None)
    stops = Measure.objects.filter(kind=MeasureKind.STOP, state=MeasureState.IMPOSED)
    return stops.filter(mended | asked, filing__stopped_at__isnull=False).select_related(
        "filing__enterprise"
    )


def open_repairs() -> QuerySet[Repair]:
    """Return the applications for repair that wait for a decision."""
    return Repair.objects.filter(state=RepairState.APPLIED).select_related(
        "measure__filing__enterprise", "measure__proposed_by"
    )


def marks() -> QuerySet[Measure]:
    """Return the registered credit marks, newest first; for the staff."""
    found = Measure.objects.filter(
        kind=MeasureKind.CREDIT, state__in=(MeasureState.IMPOSED, MeasureState.LIFTED)
    )
    return found.select_related("filing__enterprise", "paper").order_by("-organ_decided_on", "-pk")


def on_show(at: datetime) -> QuerySet[Measure]:
    """Return the marks that are shown at an instant, newest first: imposed, and their last day is not over.

    The one answer for every outlet; it hangs on the instant alone, never on a sweep.
    """
    return marks().filter(state=MeasureState.IMPOSED, shown_until__gte=timezone.localdate(at))


def shown(measure: Measure, at: datetime) -> bool:
    """Whether a mark is shown on the day of an instant: it stops by itself after its last day."""
    until = measure.shown_until
    return measure.in_force and until is not None and timezone.localdate(at) <= until
