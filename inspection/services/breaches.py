"""违诺问题: what is wrong, how grave it is by the clause itself, what is to be done by when; served with its notice."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.models import Clause
from approvals.services.telling import tell_enterprise
from core.deadlines.services import feed, start
from core.rows import write
from core.steps.moves import act
from core.steps.papers import issue
from core.steps.templatetags.look import deadline
from inspection import policies, rules
from inspection.models import Check, CheckResult, Finding
from inspection.services.records import rectification_notice
from inspection.stages import Broken, Kept, Severity


@dataclass(frozen=True)
class Breach:
    """What is wrong with a broken clause, what the law says, what is to be done, in how many working days.

    Without a `severity` it is as grave as the clause says; another one wants its reason.
    """

    text: str
    legal_basis: str
    demand: str
    days: int
    severity: str = ""
    severity_reason: str = ""


@dataclass(frozen=True)
class Looked:
    """What a check found of one clause; a broken one carries its breach, no other does."""

    clause: Clause
    kept: Kept
    note: str = ""
    breach: Breach | None = None


@dataclass(frozen=True)
class Ground:
    """What was broken: the clause, or the rule on use before acceptance; how grave that usually is, and since when."""

    broken: Broken
    usual: str  # a severity; empty where neither clause nor rulebook names one
    since: date | None = None


def of_clause(clause: Clause) -> Ground:
    """Return the ground of a broken clause: as grave as the letter says."""
    return Ground(Broken.CLAUSE, clause.severity)


def breach_is_whole(looked: Looked, ground: Ground, least: int, most: int) -> None:
    """Raise ValidationError for a breach beside a clause that was kept, for none, and for one that is not whole."""
    number, breach = {"number": looked.clause.number}, looked.breach
    if (breach is not None) != (looked.kept == Kept.BROKEN):
        raise ValidationError(_("条款%(number)s：不符合的要写明问题，其他结论不带问题。") % number)
    if breach is None:
        return
    severity_of(breach, ground, looked.clause.number)
    if not all(x.strip() for x in (breach.text, breach.legal_basis, breach.demand)):
        raise ValidationError(_("条款%(number)s：问题、依据、整改要求都要写明。") % number)
    if not least <= breach.days <= most:
        raise ValidationError(
            _("条款%(number)s：整改期限应在%(least)d到%(most)d个工作日之间。")
            % {**number, "least": least, "most": most}
        )


def severity_of(breach: Breach, ground: Ground, number: str) -> tuple[str, str]:
    """Return how grave a breach is and why it is not as usual; ValidationError where either is missing."""
    severity = breach.severity or ground.usual
    if severity not in Severity.values:
        raise ValidationError(_("条款%(number)s：请选择违诺程度。") % {"number": number})
    reason = breach.severity_reason.strip()
    if not ground.usual or severity == ground.usual:
        return severity, ""
    if not reason:
        said = {"number": number, "usual": Severity(ground.usual).label}
        raise ValidationError(
            _("条款%(number)s：违反的程度本为“%(usual)s”，改为其他程度须写明理由。") % said
        )
    return severity, reason


def find_breach(
    check: Check, result: CheckResult, breach: Breach, ground: Ground, *, by: Membership, at: datetime
) -> Finding:  # fmt: skip
    """Write a breach down with its own notice; the days to mend it run from the service, which is now."""
    filing, number = check.filing, result.clause.number
    severity, reason = severity_of(breach, ground, number)
    finding = Finding(
        filing=filing, book=filing.book, result=result, clause=result.clause,
        department=check.department, severity=severity, severity_reason=reason,
        broken=ground.broken, used_since=ground.since, text=breach.text.strip(),
        legal_basis=breach.legal_basis.strip(), demand=breach.demand.strip(),
    )  # fmt: skip
    start(finding, rules.RECTIFY, at=at, rulebook=filing.rulebook, length=breach.days, save=False)
    finding.paper = issue(
        "rectification_notice", rectification_notice(finding, check, at), book=filing.book,
        kind="DOC24", by=by, at=at,
    )  # fmt: skip
    write(finding)
    feed(finding)
    changed: dict[str, Any] = {"usual": ground.usual, "severity_reason": reason} if reason else {}
    act(
        filing, "find_breach", policy=policies.checks, by=by, at=at, finding=finding.pk,
        number=number, broken=ground.broken, severity=severity, paper=finding.paper.number,
        days=breach.days, **changed,
    )  # fmt: skip
    until = deadline(finding.due_at) if finding.due_at else _("放假安排公布后确定的日期")
    said = (
        _("查见验收合格前投入使用（条款%(number)s），请停止使用，在%(until)s前整改并报告")
        if ground.broken == Broken.USE
        else _("承诺条款%(number)s被查不符合，请在%(until)s前整改并报告")
    )
    tell_enterprise(filing, said % {"number": number, "until": until}, f"finding:{finding.pk}", at)
    return finding
