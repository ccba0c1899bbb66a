"""验收合格前投入使用: seen on the spot by the department of a clause, and told as a breach that is to be mended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import Clause, Filing
from core.documents.services import keep
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.papers import in_chinese
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import date_long
from inspection import policies
from inspection.models import Check, Finding
from inspection.queries.acceptance import not_passed
from inspection.queries.works import (
    clauses_of,
    grade_of_use,
    law_of_use,
    rectification_days,
    started_on,
)
from inspection.services.apart import keep_inspector_apart
from inspection.services.breaches import (
    Breach,
    Ground,
    Looked,
    breach_is_whole,
    find_breach,
)
from inspection.services.checks import write_record
from inspection.services.officers import two_officers
from inspection.stages import Broken, CheckMode, FindingState, Kept


@dataclass(frozen=True)
class Use:
    """Which clause has not passed, since when it is used all the same, and the breach; no law named: the clause's."""

    clause: Clause
    since: date
    breach: Breach


@transaction.atomic
def record_use(
    filing: Filing,
    *,
    use: Use,
    officers: Sequence[dict[str, str]],
    by: Membership,
    at: datetime,
    statement: str = "",
    upload: UploadedFile | None = None,
) -> Finding:
    """记录验收前投入使用: one record, one finding with its notice; what is not mended may be met by a measure.

    Raises NotNow outside the works, once the clause has passed, while the same waits; PermissionDenied for another's.
    """
    filing = locked(filing)
    permit(filing, policies.checks, by=by, at=at)
    keep_inspector_apart(filing, by)
    require(filing, policies.works_are_on)
    clause = _own(filing, use.clause, by)
    _day_is_right(filing, use.since, at)
    _may_be_recorded(filing, clause)
    law = use.breach.legal_basis.strip() or law_of_use(filing, clause, at)
    breach = replace(use.breach, legal_basis=law)
    ground = Ground(Broken.USE, grade_of_use(filing, at), use.since)
    looked = Looked(clause, Kept.BROKEN, breach=breach)
    breach_is_whole(looked, ground, *rectification_days(filing, at))
    check = _seen(
        filing, by=by, at=at, text=breach.text.strip(), statement=statement.strip(),
        officers=two_officers(officers),
        attachment=keep(upload, book=filing.book, by=by, at=at) if upload else None,
    )  # fmt: skip
    act(
        filing, "record_use", policy=policies.checks, by=by, at=at,
        number=clause.number, since=use.since, check=check.pk,
    )  # fmt: skip
    write_record(check, [looked], by=by, at=at)
    result = check.results.create(clause=clause, kept=Kept.BROKEN)
    finding = find_breach(check, result, breach, ground, by=by, at=at)
    _tell(finding, at)
    return finding


def _has_not_passed(filing: Filing, clause: Clause) -> None:
    if not not_passed(filing, clauses_of(filing).filter(pk=clause.pk)).exists():
        number = {"number": clause.number}
        raise NotNow([_("条款%(number)s已经验收合格：不再记录验收合格前投入使用。") % number])


def _may_be_recorded(filing: Filing, clause: Clause) -> None:
    _has_not_passed(filing, clause)
    same = filing.findings.filter(broken=Broken.USE, clause=clause)
    if same.exclude(state=FindingState.CLOSED).exists():
        number = {"number": clause.number}
        raise NotNow([_("条款%(number)s的提前使用已经记录，整改还没有结束。") % number])


@in_chinese
def _seen(filing: Filing, *, by: Membership, at: datetime, **facts: Any) -> Check:
    """Write down the check that was never planned: held where and when it was seen."""
    return Check.objects.create(
        filing=filing, department=by.organisation, mode=CheckMode.SEEN, why=str(Broken.USE.label),
        planned_on=timezone.localdate(at), planned_by=by, planned_at=at, held_at=at, held_by=by, **facts,
    )  # fmt: skip


def _own(filing: Filing, clause: Clause, by: Membership) -> Clause:
    """Return the clause as it stands in the present letter; PermissionDenied where another department looks at it."""
    found = clauses_of(filing).filter(pk=clause.pk).first()
    if found is None:
        raise ValidationError({"clause": _("请选择现行承诺书的条款。")})
    if found.checked_by_id != by.organisation_id:
        raise PermissionDenied
    return found


def _day_is_right(filing: Filing, since: date, at: datetime) -> None:
    if since > timezone.localdate(at):
        raise ValidationError({"since": _("日期不能晚于今天。")})
    begun = started_on(filing)
    if begun and since < begun:
        day = {"day": date_long(begun)}
        raise ValidationError({"since": _("日期不能早于报告的开工日期（%(day)s）。") % day})


def _tell(finding: Finding, at: datetime) -> None:
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(at)),
        _("%(project)s：验收合格前投入使用") % {"project": finding.filing.project_name},
        about=f"use:{finding.pk}",
        at=at,
        link=f"/findings/{finding.pk}/",
    )
