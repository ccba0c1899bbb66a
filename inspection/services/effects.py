"""What a decided measure does: the works stop, the case leaves the mechanism, a mark is registered; and what ends."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import bar_tolerance
from approvals.services.barring import bar_application
from approvals.services.drafts import on_withdrawn
from approvals.stages import Approval, BarArticle
from core.deadlines.queries import value_of
from core.deadlines.services import end
from core.steps.moves import move
from inspection.models import Measure
from inspection.rules.credit import Bounds, add_months, bounds_of, shown_until
from inspection.rules.measures import UNDECIDED, ground_words, meets
from inspection.services import measure_papers
from inspection.services.halts import halt_nodes, nodes_to_halt
from inspection.services.nodes import end_nodes
from inspection.stages import Ground, MeasureKind, MeasureState, Severity

REASON_LENGTH = 400


@dataclass(frozen=True)
class OrganDecision:
    """What the competent organ decided of a mark: who, its number and day, how grave, shown how many months."""

    organ: str = ""
    number: str = ""
    decided_on: date | None = None
    severity: str = ""
    months: int = 0


def impose(measure: Measure, *, organ: OrganDecision | None, by: Membership, at: datetime) -> None:
    """Do what was decided, with its paper; the caller holds the lock and saves the measure."""
    if measure.kind == MeasureKind.STOP:
        _stop(measure, by=by, at=at)
    elif measure.kind == MeasureKind.CREDIT:
        _register(measure, organ or OrganDecision(), by=by, at=at)
    else:
        _leave(measure, by=by, at=at)


def _stop(measure: Measure, *, by: Membership, at: datetime) -> None:
    filing = measure.filing
    nodes = nodes_to_halt(filing, at)
    measure.paper = measure_papers.stop_order(measure, nodes=nodes, by=by, at=at)
    filing.stopped_at = at
    filing.save()
    halt_nodes(measure, nodes, by=by, at=at)


def _leave(measure: Measure, *, by: Membership, at: datetime) -> None:
    """退出 or 撤销: the commitment stands in no approval's place any more, and every clock of the case ends."""
    filing = measure.filing
    leaving = measure.kind == MeasureKind.EXIT
    write = measure_papers.exit_decision if leaving else measure_papers.revocation
    measure.paper = write(measure, by=by, at=at)
    measure.save()
    if not leaving and measure.ground == Ground.DECEIT:
        bar_application(filing, BarArticle.DECEIT, paper=measure.paper, by=by, at=at)
    step = filing.exit_to_ordinary if leaving else filing.revoke
    reason = f"{ground_words(measure.ground)}：{measure.decision}"[:REASON_LENGTH]
    move(step, by=by, at=at, paper=measure.paper, reason=reason)
    owed_again(filing)
    close_books(filing, at)


def owed_again(filing: Filing) -> None:
    """What a commitment stood in the place of is owed by whoever leaves the mechanism."""
    filing.items.filter(approval=Approval.REPLACED).update(approval=Approval.OWED)


@on_withdrawn
def close_books(filing: Filing, at: datetime) -> None:
    """End what runs at this desk for a case that has come to an end; what can no longer be decided is dropped.

    A mark and its repair are the enterprise's and outlive the case: their clocks go on.
    """
    filing = Filing.objects.get(pk=filing.pk)
    for finding in filing.findings.filter(ended_at=None):
        end(finding, at=at)
    for visit in filing.planned_visits.filter(ended_at=None):
        end(visit, at=at)
    end_nodes(filing, at)
    for measure in filing.measures.exclude(kind=MeasureKind.CREDIT):
        if meets(measure.kind, filing.stage):
            continue
        if measure.state in UNDECIDED:
            stage = {"stage": filing.get_stage_display()}
            measure.state = MeasureState.DROPPED
            measure.decision = _("本件已终结（%(stage)s），不再作出处理。") % stage
        if measure.running:
            end(measure, at=at, save=False)
        measure.save()


def mark_bounds(filing: Filing, severity: str) -> Bounds:
    """Return the least and the most months a mark of this grade may be shown, by the case's rulebook."""

    def number(code: str) -> tuple[int, str]:
        value = value_of(filing.pinned_rulebook, code)
        return value.number, value.unit

    return bounds_of(severity, number)


def _register(measure: Measure, organ: OrganDecision, *, by: Membership, at: datetime) -> None:
    """登记失信认定: what the competent organ decided; nothing is pronounced here."""
    blank = {"organ": organ.organ, "organ_number": organ.number}
    if missing := [name for name, words in blank.items() if not words.strip()]:
        raise ValidationError(
            {name: _("请登记有权机关的名称和认定文书的文号。") for name in missing}
        )
    if organ.decided_on is None or organ.decided_on > timezone.localdate(at):
        raise ValidationError({"organ_decided_on": _("请填写认定文书的日期，不能晚于今天。")})
    severity = organ.severity or measure.severity
    if severity not in Severity.values:
        raise ValidationError({"severity": _("请选择失信程度。")})
    bounds = mark_bounds(measure.filing, severity)
    try:
        measure.shown_until = shown_until(organ.decided_on, organ.months, bounds)
    except ValueError as error:
        said = {"least": bounds.least, "most": bounds.most, "grade": Severity(severity).label}
        raise ValidationError(
            {"months": _("“%(grade)s”的公示期为%(least)d至%(most)d个月。") % said}
        ) from error
    measure.severity, measure.months = severity, organ.months
    measure.organ, measure.organ_number = organ.organ.strip(), organ.number.strip()
    measure.organ_decided_on = organ.decided_on
    measure.paper = measure_papers.credit_decision(measure, by=by, at=at)
    # What is not published is over by itself after the most months that its grade may be shown.
    over = measure.shown_until or add_months(organ.decided_on, bounds.most)
    bar_tolerance(
        measure.filing, ground=ground_words(measure.ground), organ=measure.organ,
        organ_number=measure.organ_number, paper=measure.paper, until=over, by=by, at=at,
    )  # fmt: skip
