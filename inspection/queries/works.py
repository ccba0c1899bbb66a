"""Reports, checks and findings as pages and services ask for them."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts.asked import Asked
from accounts.models import Organisation
from approvals.models import Clause, Filing
from approvals.queries import rule_value
from core.deadlines.queries import rulebook_at, value_of
from inspection import rules
from inspection.models import CheckResult
from inspection.stages import CheckMode, Kept, ReportKind

MOST_OF_A_BASIS = 200  # characters, as the finding has room for


def clauses_of(filing: Filing) -> QuerySet[Clause]:
    """Return the clauses of the present letter: what is checked; none before there is one."""
    letter = filing.letter()
    found = Clause.objects.filter(letter=letter) if letter else Clause.objects.none()
    return found.select_related("item__item", "checked_by").order_by("pk")


def own_clauses(filing: Filing, department: Organisation) -> dict[int, str]:
    """Return the numbers of the clauses of the present letter that a department checks, by key."""
    letter = filing.letter()
    return dict(_checked_by(letter.pk, department.pk)) if letter else {}


@Asked
def _checked_by(letter: int, department: int) -> QuerySet[Any]:
    found = Clause.objects.filter(letter=letter, checked_by=department)
    return found.order_by("pk").values_list("pk", "number")


def examined() -> QuerySet[CheckResult]:
    """Return what held checks found of clauses: neither seen in use (现场查见) nor not due yet (尚未到核查阶段)."""
    held = CheckResult.objects.filter(visit__held_at__isnull=False)
    return held.exclude(visit__mode=CheckMode.SEEN).exclude(kept=Kept.NOT_YET)


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


def grade_of_use(filing: Filing, at: datetime) -> str:
    """Return how grave it is to use what has not passed (P43); empty where no rulebook says."""
    found = rule_value(filing, rules.USE_SEVERITY, at)
    return found[1].value if found else ""


def law_of_use(filing: Filing, clause: Clause, at: datetime) -> str:
    """Return on what a finding of use before acceptance rests: the clause's own law, and the county's rule."""
    found = rule_value(filing, rules.USE_SEVERITY, at)
    county = f"县规则{rules.USE_SEVERITY}：{found[1].basis}" if found else ""
    return "；".join(filter(None, (clause.standard, county)))[:MOST_OF_A_BASIS]
