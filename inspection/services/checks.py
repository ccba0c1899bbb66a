"""监管检查: planned, called off, or held by two officers clause by clause; a broken clause is mended by a date."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.queries import in_office
from accounts.stages import Role
from approvals.models import Filing
from approvals.rules import limits
from approvals.services.device import Mark
from approvals.services.telling import tell_enterprise
from core.deadlines.services import end
from core.documents.services import keep
from core.notify.services import tell
from core.rows import Read, write
from core.sets import made
from core.steps.moves import act, locked, permit
from core.steps.papers import issue
from core.steps.reasons import NotNow, need_words, require
from core.steps.templatetags.look import date_long
from inspection import policies
from inspection.models import Check, CheckResult, Draw
from inspection.queries.works import own_clauses, rectification_days
from inspection.services.apart import keep_inspector_apart
from inspection.services.breaches import Looked, breach_is_whole, find_breach, of_clause
from inspection.services.officers import two_officers
from inspection.services.onsite import record_digest, require_arrived, sent_before
from inspection.services.records import check_record
from inspection.services.worked import work_off
from inspection.stages import CheckMode, Kept

CHECK = Read(lambda: Check.objects.select_related("department"), "pk")


@transaction.atomic
def plan_check(
    filing: Filing,
    *,
    department: Organisation,
    planned_on: date,
    by: Membership,
    at: datetime,
    mode: CheckMode = CheckMode.PLANNED,
    why: str = "",
) -> Check:
    """安排检查: by the department itself, or by the window or the convenor for it; one at a time."""
    filing = locked(filing)
    permit(filing, policies.plans_checks, by=by, at=at)
    if by.role in (Role.CLERK, Role.HEAD) and department.pk != by.organisation_id:
        raise PermissionDenied
    require(filing, policies.works_are_on)
    _may_be_planned(mode)
    if not own_clauses(filing, department):
        raise ValidationError({"department": _("这个部门在本项目没有要核查的承诺条款。")})
    if planned_on < timezone.localdate(at):
        raise ValidationError({"planned_on": _("计划日期不能早于今天。")})
    if mode == CheckMode.COMPLAINT and not why.strip():
        raise ValidationError({"why": _("举报核查须写明事由。")})
    open_one = filing.checks.filter(department=department, held_at=None, called_off_at=None)
    if open_one.exclude(mode=CheckMode.RANDOM).exists():
        raise NotNow([_("这个部门对本项目已有一次检查尚未进行：先进行或取消。")])
    check = put_down(
        filing, department=department, mode=mode, why=why.strip(), planned_on=planned_on, by=by, at=at
    )  # fmt: skip
    if check.announced:
        told = _("%(department)s将于%(day)s检查承诺落实情况，请准备") % {
            "department": department, "day": date_long(planned_on),
        }  # fmt: skip
        tell_enterprise(filing, told, f"check:{check.pk}", at)
    return check


def _may_be_planned(mode: CheckMode) -> None:
    if mode == CheckMode.RANDOM:
        raise ValidationError({"mode": _("双随机抽查由系统抽取，不能指定。")})
    if mode == CheckMode.SEEN:
        raise ValidationError({"mode": _("现场查见的，直接记录，不预先安排。")})


def put_down(
    filing: Filing,
    *,
    department: Organisation,
    mode: CheckMode,
    why: str,
    planned_on: date,
    by: Membership,
    at: datetime,
    draw: Draw | None = None,
    officers: Sequence[dict[str, Any]] = (),
) -> Check:
    """Write a check down and tell its department; the caller holds the lock and has looked at the reasons."""
    check = Check.objects.create(
        filing=filing, department=department, mode=mode, why=why, planned_on=planned_on,
        planned_by=by, planned_at=at, draw=draw, officers=list(officers),
    )  # fmt: skip
    act(
        filing, "plan_check" if check.announced else "plan_unannounced_check",
        policy=policies.plans_or_draws, by=by, at=at,
        check=check.pk, department=department.code, mode=mode, on=planned_on,
    )  # fmt: skip
    tell(
        in_office([department.pk], timezone.localdate(at)),
        _("%(project)s：已安排%(mode)s（%(day)s）")
        % {"project": filing, "mode": check.get_mode_display(), "day": date_long(planned_on)},
        about=f"check_planned:{check.pk}",
        at=at,
        link=f"/checks/{check.pk}/",
    )
    return check


@transaction.atomic
def call_off_check(check: Check, *, reason: str, by: Membership, at: datetime) -> Check:
    """取消检查, with the reason; a drawn one only by the convenor, so that nobody draws again until it suits."""
    need_words(reason)
    filing = locked(check.filing)
    check = Check.objects.select_related("filing").get(pk=check.pk)
    permit(check, policies.calls_off, by=by, at=at)
    require(check, policies.check_is_open)
    act(
        filing, "call_off_check" if check.announced else "call_off_unannounced_check",
        policy=policies.plans_or_draws, by=by, at=at, check=check.pk, reason=reason,
    )  # fmt: skip
    check.called_off_at, check.called_off_because = at, reason.strip()
    check.save()
    if check.announced:
        tell_enterprise(filing, _("检查取消：%(why)s") % {"why": reason}, f"off:{check.pk}", at)
    return check


@transaction.atomic
def hold_check(
    check: Check,
    *,
    officers: Sequence[dict[str, str]],
    results: Sequence[Looked],
    text: str,
    by: Membership,
    at: datetime,
    statement: str = "",
    upload: UploadedFile | None = None,
    mark: Mark | None = None,
    covers: Sequence[Any] = (),
) -> Check:
    """检查: every clause of the department gets a result; a broken one is served with its notice and its days.

    With a `mark` it came from a telephone: sent twice it is there once. Whatever the device says, the check is held and
    the days to mend run from when the record arrives; `covers` are the entries that must have come before it.
    """
    filing = locked(check.filing)
    check = _fresh(check, filing)
    permit(check, policies.own_department, by=by, at=at)
    digest = record_digest(mark, officers, results, text, statement)
    if sent_before(check, mark, digest, by):
        return check
    keep_inspector_apart(filing, by)
    require(check, policies.check_is_open)
    require(filing, policies.works_are_on)
    require_arrived(check, covers)
    _each_clause_once(check, results, at)
    if not text.strip():
        raise ValidationError({"text": _("请写明检查情况。")})
    check.officers, check.held_at, check.held_by = two_officers(officers), at, by
    check.text, check.statement = text.strip(), statement.strip()
    if mark is not None:
        check.entry, check.entry_digest, check.made_at = mark.uid, digest, mark.made_at
    check.attachment = keep(upload, book=filing.book, by=by, at=at) if upload else None
    write(check)
    write_record(check, results, by=by, at=at)
    _follow(check, results, by=by, at=at)
    return check


def _fresh(check: Check, filing: Filing) -> Check:
    """Return a check as it now is, of a case that is locked."""
    found: Check = CHECK.get(check.pk)
    found.filing = filing
    return found


def _follow(check: Check, results: Sequence[Looked], *, by: Membership, at: datetime) -> None:
    """Write the results down, serve what is broken, and end what waited for the check."""
    for limit in check.filing.still_running(limits.FIRST_CHECK):
        end(limit, at=at)
    for looked in results:
        result = write(
            made(CheckResult, visit=check, clause=looked.clause, kept=looked.kept, note=looked.note.strip())
        )  # fmt: skip
        if looked.breach is not None:
            find_breach(check, result, looked.breach, of_clause(looked.clause), by=by, at=at)
    work_off(check, at)


def write_record(check: Check, results: Sequence[Looked], *, by: Membership, at: datetime) -> None:
    """Issue the record of a check. The public may consult it, but the sheet names people: it stays inside."""
    check.paper = issue(
        "check_record", check_record(check, results, at), book=check.filing.book, kind="DOC23",
        by=by, at=at, public=False,
    )  # fmt: skip
    write(check)
    act(
        check.filing, "hold_check", policy=policies.checks, by=by, at=at, check=check.pk,
        department=check.department.code, paper=check.paper.number,
        results={x.clause.number: str(x.kept) for x in results},
    )  # fmt: skip
    if all(x.kept != Kept.BROKEN for x in results):
        said = _("%(department)s检查完毕，未发现违反承诺的问题") % {"department": check.department}
        tell_enterprise(check.filing, said, f"held:{check.pk}", at)


def _each_clause_once(check: Check, results: Sequence[Looked], at: datetime) -> None:
    """Raise ValidationError unless the department's clauses of the present letter each have one whole result."""
    own = own_clauses(check.filing, check.department)
    given = [x.clause.pk for x in results]
    if set(given) - set(own):
        raise ValidationError(_("只能核查本部门负责的、现行承诺书的条款。"))
    if len(given) != len(set(given)):
        raise ValidationError(_("同一条款只能有一个结论。"))
    if missing := [own[pk] for pk in own if pk not in given]:
        raise ValidationError(
            _("本部门的每一条款都要有结论，还缺：%(numbers)s。") % {"numbers": "、".join(missing)}
        )
    least, most = rectification_days(check.filing, at)
    for looked in results:
        breach_is_whole(looked, of_clause(looked.clause), least, most)
