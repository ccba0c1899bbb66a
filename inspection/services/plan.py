"""监管计划: made when the notice ends clean, begun with the works, worked off by the checks that are held."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from approvals.models import Clause, CreditBar, Filing
from approvals.queries import rule_value
from approvals.services.telling import tell_enterprise
from approvals.stages import ACCEPTANCE_LEAD
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import date_long
from inspection import policies, rules
from inspection.models import Check, PlannedVisit
from inspection.queries.nodes import not_in
from inspection.queries.works import checking_departments, clauses_of
from inspection.rules.plan import DURING, visits_of
from inspection.services.checks import put_down
from inspection.services.telling import tell_departments
from inspection.stages import CheckMode, VisitPurpose

CLOCKS = {
    VisitPurpose.FULL: rules.VISIT_FULL,
    VisitPurpose.NODE: rules.VISIT_NODE,
    VisitPurpose.REPORT: rules.VISIT_REPORT,
}
LEAST_DEPARTMENTS = 2


@transaction.atomic
def make_plan(filing: Filing, *, by: Membership, at: datetime) -> list[PlannedVisit]:
    """列出监管计划 from the clauses of the letter that was published; a plan made again takes the old one's place.

    Called under the lock of the case, when its notice ends clean, and at the start report of a case from before plans.
    """
    for old in filing.planned_visits.filter(ended_at=None):
        end(old, at=at)
    marks = CreditBar.objects.filter(enterprise_id=filing.enterprise_id)
    marked = marks.standing(timezone.localdate(at), at).exists()
    clauses = list(clauses_of(filing))
    offices = {clause.checked_by_id: clause.checked_by for clause in clauses}
    made = [
        _visit(filing, offices[department], purpose, found, at)
        for (department, purpose), found in visits_of(clauses, marked=marked).items()
    ]
    listed = [
        {"department": visit.department.code, "purpose": visit.purpose,
         "clauses": sorted(clause.number for clause in visit.clauses.all())}
        for visit in made
    ]  # fmt: skip
    record(filing.book, "make_plan", by=by, at=at, marked=marked, visits=listed)
    return made


def _visit(
    filing: Filing, department: Organisation, purpose: VisitPurpose, clauses: Sequence[Clause],
    at: datetime, why: str = "",
) -> PlannedVisit:  # fmt: skip
    visit = PlannedVisit.objects.create(
        filing=filing, book=filing.book, department=department, purpose=purpose, made_at=at, why=why,
        rule=CLOCKS[purpose].code,
    )  # fmt: skip
    visit.clauses.set(clauses)
    return visit


def begin_plan(filing: Filing, *, by: Membership, at: datetime) -> None:
    """Let the visits' days run from the start report; a case from before plans gets one now."""
    if not filing.planned_visits.filter(ended_at=None).exists():
        make_plan(filing, by=by, at=at)
    for visit in filing.planned_visits.filter(ended_at=None, started_at=None):
        _run(visit, filing, at)


def _run(visit: PlannedVisit, filing: Filing, at: datetime) -> None:
    """Start a visit's clock; a county whose rulebook has no days for it keeps the visit without a date."""
    clock = CLOCKS[VisitPurpose(visit.purpose)]
    if rule_value(filing, clock.code, at) is not None:
        start(visit, clock, at=at, rulebook=filing.rulebook)


def visit_for_report(filing: Filing, at: datetime) -> PlannedVisit | None:
    """逾期未报告进度: one department looks itself: the lead of the acceptance where it has a clause, or the first."""
    if filing.planned_visits.filter(purpose=VisitPurpose.REPORT, ended_at=None).exists():
        return None
    departments = list(checking_departments(filing))
    if not departments:
        return None
    leading = [d for d in departments if ACCEPTANCE_LEAD in d.duties]
    department = (leading or departments)[0]
    clauses = clauses_of(filing).filter(checked_by=department, checked_when=DURING)
    visit = _visit(filing, department, VisitPurpose.REPORT, list(clauses), at)
    _run(visit, filing, at)
    tell_departments(
        filing, [department], _("企业逾期未报告进度，请到现场核查"), f"no-report:{visit.pk}", at
    )
    return visit


def report_has_come(filing: Filing, at: datetime) -> None:
    """End a visit that only a missing report asked for; it stays while a node is overdue and not in."""
    if not_in(filing).filter(escalated_at__isnull=False).exists():
        return
    for visit in filing.planned_visits.filter(purpose=VisitPurpose.REPORT, ended_at=None):
        end(visit, at=at)


def to_be_merged(filing: Filing) -> list[Organisation]:
    """Return the departments that owe a visit and have no check of their own planned: they can go together."""
    planned = filing.checks.filter(held_at=None, called_off_at=None).exclude(mode=CheckMode.RANDOM)
    owing = filing.planned_visits.filter(ended_at=None, started_at__isnull=False)
    free = owing.exclude(department__in=planned.values("department"))
    return list(Organisation.objects.filter(pk__in=free.values("department")).order_by("code"))


@transaction.atomic
def plan_joint_check(
    filing: Filing, *, planned_on: date, by: Membership, at: datetime
) -> list[Check]:
    """合并检查: the visits of several departments on one day (优化营商环境条例 54); each still makes its own record."""
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    require(filing, policies.works_are_on)
    if planned_on < timezone.localdate(at):
        raise ValidationError({"planned_on": _("计划日期不能早于今天。")})
    departments = to_be_merged(filing)
    if len(departments) < LEAST_DEPARTMENTS:
        raise NotNow([_("要检查、还没有安排的部门不到两个，不需要合并：由部门自行安排。")])
    together = "、".join(department.name for department in departments)
    facts: dict[str, Any] = {
        "mode": CheckMode.PLANNED,
        "planned_on": planned_on,
        "by": by,
        "at": at,
    }
    made = [
        put_down(filing, department=department, why=f"合并检查：{together}"[:300], **facts)
        for department in departments
    ]
    told = _("%(departments)s将于%(day)s合并检查承诺落实情况，请准备") % {
        "departments": together, "day": date_long(planned_on),
    }  # fmt: skip
    tell_enterprise(filing, told, f"joint-check:{made[0].pk}", at)
    return made
