"""Reports, checks and findings as pages and services ask for them."""

from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Organisation
from approvals.models import Clause, Filing
from core.deadlines.queries import rulebook_at, value_of
from inspection import rules
from inspection.stages import ReportKind


def clauses_of(filing: Filing) -> QuerySet[Clause]:
    """Return the clauses of the present letter: what is checked; none before there is one."""
    letter = filing.letter()
    found = Clause.objects.filter(letter=letter) if letter else Clause.objects.none()
    return found.select_related("item__item", "checked_by").order_by("pk")


def checking_departments(filing: Filing) -> QuerySet[Organisation]:
    """Return the departments that have a clause of the case to check."""
    named = clauses_of(filing).values("checked_by")
    return Organisation.objects.filter(pk__in=named).order_by("code")


def started_on(filing: Filing) -> date | None:
    """Return the day on which the works began, as the enterprise reported it."""
    report = filing.reports.filter(kind=ReportKind.START).first()
    return report.happened_on if report else None


def rectification_days(filing: Filing, at: datetime) -> tuple[int, int]:
    """Return the least and the most working days in which a breach is to be mended (P9b, P9c)."""
    return _number(filing, rules.LEAST_DAYS, at), _number(filing, rules.RECTIFY.code, at)


def _number(filing: Filing, code: str, at: datetime) -> int:
    """Return a number of the pinned rulebook; one that an older edition did not know is taken from today's."""
    try:
        return value_of(filing.pinned_rulebook, code).number
    except KeyError:
        return value_of(rulebook_at(at), code).number
