"""What waits for a person after the start: reports, checks, findings, measures, the joint acceptance."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.stages import ACCEPTANCE_LEAD, Stage
from desk.queries.work.rows import Row, Seen, case_url, dated, filings
from inspection.stages import ReportKind, Verdict

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
    mine = running(*REPORT_TASKS).filter(filing__enterprise_id=seen.by.organisation_id)
    for limit in mine:
        filing = limit.filing
        row = Row(
            str(REPORT_TASKS[limit.rule]),
            case_url(filing),
            str(filing),
            filing.get_stage_display(),
        )
        yield dated(row, limit, seen)


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


# — the joint acceptance —————————————————————————————————————————————————————————


def acceptances_to_ask(seen: Seen) -> Iterator[Row]:
    """Yield what the enterprise does about acceptance: apply once the works are done, mend what was found."""
    done = filings((Stage.BUILDING,)).filter(
        enterprise_id=seen.by.organisation_id, reports__kind=ReportKind.COMPLETION
    )
    for filing in done.distinct():
        yield _row(_("申请联合验收"), filing, "inspection:apply_acceptance")
    lists = running(limits.AMENDMENT.code).filter(filing__enterprise_id=seen.by.organisation_id)
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


ENTERPRISE = (reports_owed, acceptances_to_ask)
DEPARTMENT = (first_checks, verdicts_owed, acceptances_to_lead)
