"""One verdict of the joint acceptance: its form, how it is written down, and who is told when all are in."""

from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import Membership
from core.notify.words import said as _
from core.rows import write
from core.steps.moves import act
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.queries.acceptance import awaited_departments
from inspection.services.telling import tell_lead
from inspection.stages import Verdict

GIVEN = (Verdict.PASSED, Verdict.FAILED)


def check_form(outcome: str, problem: str, demand: str) -> None:
    """Refuse a verdict whose form is wrong: a failed one names the problem and what must be done."""
    if outcome not in GIVEN:
        raise ValidationError({"outcome": _("请选择合格或者不合格。")})
    if outcome != Verdict.FAILED:
        return
    if not problem.strip():
        raise ValidationError({"problem": _("不合格必须写明问题：哪一处、与承诺或标准差在哪里。")})
    if not demand.strip():
        raise ValidationError({"demand": _("不合格必须写明整改要求：怎样才算合格。")})


def write_down(
    acceptance: Acceptance,
    verdict: AcceptanceVerdict,
    outcome: str,
    problem: str = "",
    demand: str = "",
    *,
    by: Membership,
    at: datetime,
) -> None:
    """Write a verdict down; the caller holds the lock and has looked at who gives it, when, and its form."""
    failed = outcome == Verdict.FAILED
    verdict.verdict, verdict.given_by, verdict.given_at = outcome, by, at
    verdict.problem = problem.strip() if failed else ""
    verdict.demand = demand.strip() if failed else ""
    write(verdict)
    act(
        acceptance.filing, "give_verdict", policy=lambda _filing, _by: True, by=by, at=at,
        round=acceptance.round, department=verdict.department.code, item=verdict.item.code,
        clause=verdict.clause.number if verdict.clause else None, verdict=outcome,
    )  # fmt: skip


def tell_when_in(acceptance: Acceptance, at: datetime) -> None:
    """Tell the lead that it can conclude, once nobody is awaited any more."""
    if not awaited_departments(acceptance):
        said = _("各部门验收意见已齐，请作出结论")
        about = f"verdicts:{acceptance.pk}:{int(at.timestamp())}"
        tell_lead(acceptance.filing, said, about, at)
