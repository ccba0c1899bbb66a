"""What waits for a person after the start: reports, checks, findings, measures, the joint acceptance."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.stages import ACCEPTANCE_LEAD, Stage
from core.deadlines.queries import end_of
from core.steps.templatetags.look import date_long, deadline
from desk.queries.work.rows import Row, Seen, case_url, dated, filings
from inspection.models import Check, Draw, Finding, PlannedVisit, SiteNode
from inspection.queries.checks import OPEN
from inspection.queries.nodes import nodes_left, waits_for_nodes
from inspection.rules.draw import last_day_of_quarter, quarter_of
from inspection.services.pledges import why_not_pledged
from inspection.stages import FindingState, ReportKind, Verdict

ON = (Stage.BUILDING, Stage.ACCEPTING, Stage.AMENDING)

REPORT_TASKS = {
    limits.START_REPORT.code: gettext_lazy("报告开工"),
    limits.PROGRESS_REPORT.code: gettext_lazy("报告进度"),
}


def running(*codes: str) -> QuerySet[StageLimit]:
    """Return the running limits of these rules with what their rows name."""
    return StageLimit.objects.filter(rule__in=codes, ended_at=None).select_related(
        "filing__enterprise"
    )


def reports_owed(seen: Seen) -> Iterator[Row]:
    """Yield the reports that an enterprise owes of its works."""
    mine = running(*REPORT_TASKS).filter(filing__in=seen.cases())
    for limit in mine:
        filing = limit.filing
        row = Row(
            str(REPORT_TASKS[limit.rule]),
            case_url(filing),
            str(filing),
            filing.get_stage_display(),
        )
        yield dated(row, limit, seen)


def nodes_owed(seen: Seen) -> Iterator[Row]:
    """Yield the nodes of its works that an enterprise promised and has not reported."""
    promised = SiteNode.objects.filter(started_at__isnull=False, ended_at=None)
    rows = promised.filter(filing__in=seen.cases(), filing__stage=Stage.BUILDING)
    for node in rows.select_related("filing", "node", "calendar"):
        filing = node.filing
        row = Row(
            _("报告节点：%(node)s") % {"node": node},
            reverse("inspection:report_progress", args=[filing.public_id]),
            str(filing),
            filing.get_stage_display(),
        )
        yield dated(row, node, seen)


def first_checks(seen: Seen) -> Iterator[Row]:
    """Yield the cases whose first check is due, for each department that has a clause to check."""
    department = seen.by.organisation_id
    mine = running(limits.FIRST_CHECK.code).filter(
        filing__letters__withdrawn_at=None, filing__letters__clauses__checked_by=department
    )
    for limit in mine.distinct():
        filing = limit.filing
        row = Row(
            _("首次检查"), case_url(filing), f"{filing} · {filing.enterprise}",
            filing.get_stage_display(),
        )  # fmt: skip
        yield dated(row, limit, seen)


def checks_to_hold(seen: Seen) -> Iterator[Row]:
    """Yield the checks that a department has planned or was drawn for."""
    mine = Check.objects.filter(OPEN, department_id=seen.by.organisation_id, filing__stage__in=ON)
    for check in mine.select_related("filing__enterprise"):
        filing = check.filing
        row = Row(
            _("进行检查：%(mode)s（%(day)s）")
            % {"mode": check.get_mode_display(), "day": date_long(check.planned_on)},
            reverse("inspection:check", args=[check.pk]), f"{filing} · {filing.enterprise}",
            filing.get_stage_display(),
        )  # fmt: skip
        yield _planned(row, check.planned_on, seen)


def visits_owed(seen: Seen) -> Iterator[Row]:
    """Yield the visits of the supervision plan that a department owes, from the start report on."""
    for visit in _visits().filter(department_id=seen.by.organisation_id):
        yield _visit(_("计划检查：%(purpose)s"), visit, seen)


def visits_late(seen: Seen) -> Iterator[Row]:
    """Yield the visits that no department has made in its days, for the supervisor."""
    for visit in _visits().filter(escalated_at__isnull=False):
        yield _visit(_("督办计划检查：%(purpose)s"), visit, seen)


def _visits() -> QuerySet[PlannedVisit]:
    owed = PlannedVisit.objects.filter(
        started_at__isnull=False, ended_at=None, filing__stage__in=ON
    )
    return owed.select_related("filing__enterprise", "department", "calendar")


def _visit(title: str, visit: PlannedVisit, seen: Seen) -> Row:
    filing = visit.filing
    row = Row(
        title % {"purpose": visit.get_purpose_display()},
        reverse("inspection:plan", args=[filing.public_id]),
        f"{filing} · {filing.enterprise}", filing.get_stage_display(), who=str(visit.department),
    )  # fmt: skip
    return dated(row, visit, seen)


def findings_to_mend(seen: Seen) -> Iterator[Row]:
    """Yield what an enterprise has to mend and report, what is overdue too."""
    mine = _findings(FindingState.OPEN, FindingState.FAILED)
    for finding in mine.filter(filing__in=seen.cases()):
        yield _finding(_("整改并报告：%(number)s"), finding, seen)


def findings_to_recheck(seen: Seen) -> Iterator[Row]:
    """Yield what was reported as mended and waits for the department's look."""
    mine = _findings(FindingState.REPORTED).filter(department_id=seen.by.organisation_id)
    for finding in mine:
        yield _finding(_("复查整改：%(number)s"), finding, seen)


def findings_late(seen: Seen) -> Iterator[Row]:
    """Yield what was not mended in its days, or not rechecked in the department's, for the supervisor."""
    late = _findings(FindingState.OPEN, FindingState.REPORTED, FindingState.FAILED)
    for finding in late.filter(escalated_at__isnull=False):
        yield _finding(_("督办整改：%(number)s"), finding, seen)


def draw_due(seen: Seen) -> Iterator[Row]:
    """Yield the draw of the quarter while it has not been made and something is under construction."""
    day = localdate(seen.at)
    building = Filing.objects.filter(stage=Stage.BUILDING).count()
    if building and not Draw.objects.filter(quarter=quarter_of(day)).exists():
        sub = _("在建项目%(count)d个") % {"count": building}
        waits = _("等预告后的台账检查点") if why_not_pledged(quarter_of(day), 1) else ""
        row = Row(_("抽取本季度的检查"), reverse("inspection:draws"), sub, waits)
        yield _planned(row, last_day_of_quarter(day), seen)


def _planned(row: Row, day: date, seen: Seen) -> Row:
    """Give a row the day it is planned for: no limit runs, but a day that has passed is red."""
    row.due_at = end_of(day)
    row.due = {"light": "red" if seen.at > row.due_at else "grey", "text": deadline(row.due_at)}
    return row


def _findings(*states: FindingState) -> QuerySet[Finding]:
    return Finding.objects.filter(state__in=states, filing__stage__in=ON).select_related(
        "filing__enterprise", "clause", "department"
    )


def _finding(title: str, finding: Finding, seen: Seen) -> Row:
    row = Row(
        title % {"number": finding.clause.number}, reverse("inspection:finding", args=[finding.pk]),
        f"{finding.filing} · {finding.department}", str(finding.state_at(seen.at).label),
    )  # fmt: skip
    return dated(row, finding, seen) if finding.running else row


# — the joint acceptance —————————————————————————————————————————————————————————


def acceptances_to_ask(seen: Seen) -> Iterator[Row]:
    """Yield what the enterprise does about acceptance: apply once the works are done, mend what was found.

    Where the acceptance waits for nodes (P154), what is owed first is said in its place.
    """
    done = filings((Stage.BUILDING,)).filter(
        pk__in=seen.cases(), reports__kind=ReportKind.COMPLETION
    )
    cases = list(done.select_related("rulebook").distinct())
    owed: dict[int, list[str]] = {}
    for node in nodes_left(cases):
        owed.setdefault(node.filing_id, []).append(str(node))
    for filing in cases:
        if filing.pk in owed and waits_for_nodes(filing, seen.at):
            nodes = {"nodes": _("、").join(owed[filing.pk])}
            yield _row(
                _("报告节点后才能申请联合验收：%(nodes)s") % nodes,
                filing,
                "inspection:report_progress",
            )
        else:
            yield _row(_("申请联合验收"), filing, "inspection:apply_acceptance")
    lists = running(limits.AMENDMENT.code).filter(filing__in=seen.cases())
    for limit in lists:
        row = _row(_("按整改清单整改，申请复验"), limit.filing, "inspection:amendment")
        yield dated(row, limit, seen)


def verdicts_owed(seen: Seen) -> Iterator[Row]:
    """Yield the verdicts that a department owes, one row per case."""
    mine = running(limits.JOINT_ACCEPTANCE.code).annotate(
        owed=Count(
            "filing__acceptances__verdicts",
            filter=Q(
                filing__acceptances__verdicts__department_id=seen.by.organisation_id,
                filing__acceptances__verdicts__verdict=Verdict.AWAITED,
            ),
        )
    )
    for limit in mine.filter(owed__gt=0):
        title = _("提出验收意见（%(count)s项）") % {"count": limit.owed}
        yield dated(_row(title, limit.filing, "inspection:verdicts"), limit, seen)


def acceptances_to_lead(seen: Seen) -> Iterator[Row]:
    """Yield the rounds that the lead organises, and those whose verdicts are all in."""
    if ACCEPTANCE_LEAD not in seen.by.organisation.duties:
        return
    rounds = running(limits.JOINT_ACCEPTANCE.code).annotate(
        owed=Count(
            "filing__acceptances__verdicts",
            filter=Q(filing__acceptances__verdicts__verdict=Verdict.AWAITED),
        )
    )
    for limit in rounds:
        if limit.owed:
            row = _row(_("组织联合验收"), limit.filing, "inspection:acceptance")
        else:
            row = _row(_("作出联合验收结论"), limit.filing, "inspection:conclude_acceptance")
        yield dated(row, limit, seen)


def _row(title: str, filing: Filing, view: str) -> Row:
    return Row(
        title, reverse(view, args=[filing.public_id]), f"{filing} · {filing.enterprise}",
        filing.get_stage_display(),
    )  # fmt: skip


ENTERPRISE = (reports_owed, nodes_owed, findings_to_mend, acceptances_to_ask)
DEPARTMENT = (
    first_checks, checks_to_hold, visits_owed, findings_to_recheck, verdicts_owed, acceptances_to_lead,
)  # fmt: skip
CONVENOR = (draw_due,)
SUPERVISOR = (findings_late, visits_late)
