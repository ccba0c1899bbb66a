"""What waits for a person after the start: reports, checks, findings, measures, the joint acceptance."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import StageLimit
from approvals.rules import limits
from desk.queries.work.rows import Row, Seen, case_url, dated

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


ENTERPRISE = (reports_owed,)
DEPARTMENT = (first_checks,)
