"""整改: the enterprise reports what it mended, the department looks again; one further term at most."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.queries import in_office, in_role
from accounts.stages import Role
from approvals.models import Filing
from approvals.services.telling import tell_enterprise
from core.deadlines.services import end, start
from core.documents.services import keep
from core.notify.services import tell
from core.rows import Read, write
from core.steps.moves import act, locked, permit
from core.steps.papers import issue
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import deadline
from inspection import policies, rules
from inspection.models import Finding, Recheck
from inspection.queries.works import rectification_days
from inspection.services.apart import keep_inspector_apart
from inspection.services.officers import two_officers
from inspection.services.records import recheck_record
from inspection.stages import FindingState


def _locked(finding: Finding) -> tuple[Filing, Finding]:
    filing = locked(finding.filing)
    found: Finding = FINDING.get(finding.pk)
    found.filing = filing
    return filing, found


FINDING = Read(lambda: Finding.objects.select_related("clause", "department", "paper"), "pk")


@transaction.atomic
def report_rectified(
    finding: Finding,
    *,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> Finding:
    """报整改: what was done, with its proof. After the days it is still taken, and stays marked as late."""
    filing, finding = _locked(finding)
    permit(finding, policies.own_enterprise_of, by=by, at=at)
    require(filing, policies.works_are_on)
    require(finding, policies.finding_is_to_be_mended)
    if not text.strip():
        raise ValidationError({"text": _("请写明整改情况。")})
    if finding.state == FindingState.OPEN:
        finding.mend_by = finding.due_at
        if finding.late(at):
            finding.failed_at = finding.failed_at or finding.due_at
    finding.state, finding.reported_at = FindingState.REPORTED, at
    finding.report = text.strip()
    finding.evidence = keep(upload, book=filing.book, by=by, at=at) if upload else None
    start(finding, rules.RECHECK, at=at, rulebook=filing.rulebook)
    act(
        filing, "report_rectified", policy=policies.own_enterprise, by=by, at=at,
        finding=finding.pk, number=finding.clause.number, late=finding.reported_late,
    )  # fmt: skip
    said = _("条款%(number)s已报整改，请复查")
    tell(
        in_office([finding.department_id], timezone.localdate(at)),
        f"{filing}：" + said % {"number": finding.clause.number},
        about=f"rectified:{finding.pk}:{int(at.timestamp())}",
        at=at,
        link=f"/findings/{finding.pk}/",
    )
    return finding


@transaction.atomic
def recheck(
    finding: Finding,
    *,
    fine: bool,
    officers: Sequence[dict[str, str]],
    text: str,
    by: Membership,
    at: datetime,
    days: int | None = None,
) -> Recheck:
    """复查: mended, or not — then one further term of `days` working days, or it has failed; a measure may follow."""
    filing, finding = _locked(finding)
    permit(finding, policies.own_department, by=by, at=at)
    keep_inspector_apart(filing, by)
    require(filing, policies.works_are_on)
    require(finding, policies.finding_is_reported)
    if not text.strip():
        raise ValidationError({"text": _("请写明复查情况；不合格的写明理由。")})
    _further_term(finding, fine, days, at)
    looked = Recheck(
        finding=finding, at=at, by=by, officers=two_officers(officers), fine=fine, text=text.strip(),
        days=days, reported_at=finding.reported_at, report=finding.report, evidence=finding.evidence,
    )  # fmt: skip
    _settle(finding, looked, at)
    looked.paper = issue(
        "recheck_record", recheck_record(finding, looked, at), book=filing.book, kind="DOC25",
        by=by, at=at,
    )  # fmt: skip
    write(looked)
    act(
        filing, "recheck", policy=policies.checks, by=by, at=at, finding=finding.pk, fine=fine,
        number=finding.clause.number, paper=looked.paper.number, days=days,
    )  # fmt: skip
    _tell(finding, looked, at)
    return looked


def _further_term(finding: Finding, fine: bool, days: int | None, at: datetime) -> None:
    if days is None:
        return
    if fine:
        raise ValidationError({"days": _("复查合格的不再给期限。")})
    if finding.failed_at is not None or finding.rechecks.filter(days__isnull=False).exists():
        raise NotNow([_("再次整改的期限只能给一次；逾期报整改的不再给期限。")])
    least, most = rectification_days(finding.filing, at)
    if not least <= days <= most:
        raise ValidationError(
            {"days": _("整改期限应在%(least)d到%(most)d个工作日之间。") % {"least": least, "most": most}}
        )  # fmt: skip


def _settle(finding: Finding, looked: Recheck, at: datetime) -> None:
    """Write down what the recheck came to."""
    if looked.days is not None:
        finding.state, finding.reported_at, finding.report = FindingState.OPEN, None, ""
        finding.evidence = finding.mend_by = None
        start(
            finding, rules.RECTIFY, at=at, rulebook=finding.filing.rulebook, length=looked.days
        )  # fmt: skip
        return
    if looked.fine:
        finding.state, finding.closed_at = FindingState.CLOSED, at
    else:
        finding.state, finding.failed_at = FindingState.FAILED, finding.failed_at or at
    end(finding, at=at)


def _tell(finding: Finding, looked: Recheck, at: datetime) -> None:
    """Tell the enterprise, and where it failed those who may propose or decide what follows."""
    number = {"number": finding.clause.number}
    if looked.fine:
        said = _("条款%(number)s复查合格") % number
    elif looked.days is not None:
        until = deadline(finding.due_at) if finding.due_at else _("放假安排公布后确定的日期")
        said = _("条款%(number)s复查不合格，请在%(until)s前再次整改") % {**number, "until": until}
    else:
        said = _("条款%(number)s复查不合格") % number
    tell_enterprise(finding.filing, said, f"recheck:{finding.pk}", at)
    if finding.state == FindingState.FAILED:
        day = timezone.localdate(at)
        tell(
            [*in_role(Role.SUPERVISOR, day), *in_role(Role.CONVENOR, day)],
            f"{finding.filing}：{said}",
            about=f"failed:{finding.pk}:{int(at.timestamp())}",
            at=at,
            link=f"/findings/{finding.pk}/",
        )
