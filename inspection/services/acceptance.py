"""联合验收: one application, a verdict of each department on each clause, one conclusion; silence accepts nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import tell_enterprise
from approvals.stages import Stage
from core.documents.services import keep
from core.ledger.services import lock
from core.notify.words import said as _
from core.rows import write
from core.steps.moves import act, locked, move, permit
from core.steps.papers import issue, time_text
from core.steps.reasons import NotNow, require
from inspection import policies
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.queries.acceptance import (
    ROUND,
    VERDICT,
    awaited_departments,
    matters_of,
    to_mend,
    waiting_of,
)
from inspection.queries.nodes import why_not_accepted_yet
from inspection.services.acceptance_papers import correction_list
from inspection.services.apart import keep_inspector_apart
from inspection.services.completion import complete
from inspection.services.nodes import end_nodes, note_nodes_missing
from inspection.services.telling import tell_departments, tell_lead
from inspection.services.verdicts import check_form, tell_when_in, write_down
from inspection.stages import Result, Verdict

MAY_APPLY = (
    policies.completion_is_reported,
    policies.findings_are_closed,
    policies.acceptance_materials_are_in,
)
MAY_APPLY_AGAIN = (policies.amendments_are_reported, policies.findings_are_closed)


@transaction.atomic
def apply_acceptance(
    filing: Filing,
    *,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> Acceptance:
    """申请联合验收: one application; each clause of the letter and each item without one waits for its department."""
    filing = locked(filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    _possible(filing, "apply_acceptance", MAY_APPLY, why_not_accepted_yet(filing, at))
    acceptance = _open_round(filing, text, by, at, upload)
    AcceptanceVerdict.objects.bulk_create(
        AcceptanceVerdict(acceptance=acceptance, department=m.department, item=m.item, clause=m.clause)
        for m in matters_of(filing)
    )  # fmt: skip
    move(filing.apply_acceptance, by=by, at=at, acceptance=acceptance.pk)
    note_nodes_missing(filing, by=by, at=at)
    end_nodes(filing, at)
    _tell_all(acceptance, _("已申请联合验收，请提出验收意见"), at)
    return acceptance


def _possible(
    filing: Filing, step: str, conditions: tuple[Any, ...], more: Sequence[str] = ()
) -> None:
    """Raise NotNow with every sentence that stands against a step of the enterprise."""
    reasons = filing.why_not(step)
    if filing.transition_named(step) is not None:
        reasons += [*(str(c.reason) for c in conditions if not c(filing)), *more]
    if reasons:
        raise NotNow(reasons)


def _open_round(
    filing: Filing, text: str, by: Membership, at: datetime, upload: UploadedFile | None
) -> Acceptance:
    if not text.strip():
        raise ValidationError({"text": _("请写明申请说明。")})
    return Acceptance.objects.create(
        filing=filing,
        round=filing.acceptances.count() + 1,
        text=text.strip(),
        attachment=keep(upload, book=filing.book, by=by, at=at) if upload else None,
        applied_by=by,
        applied_at=at,
    )


def _tell_all(acceptance: Acceptance, said: str, at: datetime) -> None:
    waiting = awaited_departments(acceptance)
    tell_departments(acceptance.filing, waiting, said, f"acceptance:{acceptance.pk}", at)
    tell_lead(acceptance.filing, _("已申请联合验收，请牵头组织"), f"lead:{acceptance.pk}", at)


def _fresh(acceptance: Acceptance) -> Acceptance:
    """Take the book's lock and return the round as it now is; NotNow once it is over."""
    (book,) = lock(acceptance.filing.book_id)
    found: Acceptance = ROUND.get(acceptance.pk)
    found.filing.book = book
    return found


def _open(acceptance: Acceptance) -> None:
    require(acceptance, policies.round_is_open)
    require(acceptance, policies.round_is_under_way)


@transaction.atomic
def call_visit(
    acceptance: Acceptance, *, visit_at: datetime, place: str, by: Membership, at: datetime
) -> Acceptance:
    """通知现场验收: the lead sets hour and place for all; set anew it is told anew."""
    acceptance = _fresh(acceptance)
    filing = acceptance.filing
    permit(filing, policies.acceptance_lead, by=by, at=at)
    _open(acceptance)
    if visit_at <= at:
        raise ValidationError({"visit_at": _("现场验收的时间应在现在以后。")})
    if not place.strip():
        raise ValidationError({"visit_place": _("请写明集合地点。")})
    again = acceptance.visit_at is not None
    acceptance.visit_at, acceptance.visit_place = visit_at, place.strip()
    acceptance.save()
    act(
        filing, "call_visit", policy=policies.acceptance_lead, by=by, at=at,
        acceptance=acceptance.pk, visit_at=visit_at, place=acceptance.visit_place,
    )  # fmt: skip
    said = _("现场验收改期：%(when)s，%(where)s") if again else _("现场验收：%(when)s，%(where)s")
    words = said % {"when": time_text(visit_at), "where": acceptance.visit_place}
    about = f"visit:{acceptance.pk}:{int(at.timestamp())}"
    tell_departments(filing, awaited_departments(acceptance), words, about, at)
    tell_enterprise(filing, words, "visit", at)
    return acceptance


@transaction.atomic
def give_verdict(
    verdict: AcceptanceVerdict,
    *,
    outcome: str,
    by: Membership,
    at: datetime,
    problem: str = "",
    demand: str = "",
) -> AcceptanceVerdict:
    """提出验收意见: of one's own clause or item and of nothing else; it may be changed until the conclusion.

    There is no verdict but on what was committed to or listed: the acceptance brings no new standard.
    """
    acceptance = _fresh(verdict.acceptance)
    verdict = VERDICT.get(verdict.pk)
    permit(verdict, policies.own_department, by=by, at=at)
    keep_inspector_apart(acceptance.filing, by)
    _open(acceptance)
    check_form(outcome, problem, demand)
    write_down(acceptance, verdict, outcome, problem, demand, by=by, at=at)
    tell_when_in(acceptance, at)
    return verdict


@transaction.atomic
def pass_all(acceptance: Acceptance, *, by: Membership, at: datetime) -> int:
    """本单位事项全部合格: one move for all of one's own that still waits; what was found wanting stays so."""
    acceptance = _fresh(acceptance)
    permit(acceptance, policies.own_acceptance, by=by, at=at)
    _open(acceptance)
    if not (waiting := waiting_of(acceptance.pk, by.organisation_id)):
        raise NotNow([_("本单位的验收意见已经提齐，没有待提出的。")])
    keep_inspector_apart(acceptance.filing, by)
    for verdict in waiting:
        write_down(acceptance, verdict, Verdict.PASSED, by=by, at=at)
    tell_when_in(acceptance, at)
    return len(waiting)


@transaction.atomic
def conclude_acceptance(acceptance: Acceptance, *, by: Membership, at: datetime) -> Acceptance:
    """联合验收结论: with nobody's verdict awaited; all passed closes the case, else there is one correction list."""
    acceptance = _fresh(acceptance)
    permit(acceptance.filing, policies.acceptance_lead, by=by, at=at)
    _open(acceptance)
    if waiting := awaited_departments(acceptance):
        names = "、".join(str(department) for department in waiting)
        said = _("还有部门没有提出验收意见：%(who)s。沉默和缺席不产生验收意见。")
        raise NotNow([said % {"who": names}])
    failed = acceptance.verdicts.filter(verdict=Verdict.FAILED).exists()
    acceptance.result = Result.FAIL if failed else Result.PASS
    acceptance.concluded_at, acceptance.concluded_by = at, by
    write(acceptance)
    if failed:
        _ask_amendment(acceptance, by, at)
    else:
        require(acceptance.filing, policies.findings_are_closed)
        complete(acceptance, by=by, at=at)
    return acceptance


def _ask_amendment(acceptance: Acceptance, by: Membership, at: datetime) -> None:
    """出具整改清单: everything that every department found, told at once."""
    filing = acceptance.filing
    found = list(to_mend(filing))
    acceptance.paper = issue(
        "correction_list", correction_list(acceptance, found, at), book=filing.book, kind="DOC42",
        by=by, at=at,
    )  # fmt: skip
    acceptance.save()
    listed = [verdict.number for verdict in found]
    move(filing.ask_amendment, by=by, at=at, paper=acceptance.paper, items=listed)
    said = _("联合验收有%(n)d项不合格，请按整改清单整改后申请复验") % {"n": len(found)}
    tell_enterprise(filing, said, "amend", at)


@transaction.atomic
def report_amendment(
    verdict: AcceptanceVerdict,
    *,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> AcceptanceVerdict:
    """写明整改情况: what was done about one entry of the list; it may be put right until the next round."""
    filing = locked(verdict.acceptance.filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    if filing.stage != Stage.AMENDING:
        raise NotNow([filing.wrong_stage("hand_in_amendment")])
    found = to_mend(filing).filter(pk=verdict.pk).first()
    if found is None:
        raise NotNow([_("这一项不在现在的整改清单上。")])
    if not text.strip():
        raise ValidationError({"text": _("请写明做了什么。")})
    found.mended, found.mended_at = text.strip(), at
    if upload is not None:
        found.evidence = keep(upload, book=filing.book, by=by, at=at)
    found.save()
    act(
        filing, "report_amendment", policy=policies.own_enterprise, by=by, at=at,
        verdict=found, item=found.number, sha256=found.evidence.sha256 if found.evidence else None,
    )  # fmt: skip
    return found


@transaction.atomic
def hand_in_amendment(
    filing: Filing,
    *,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> Acceptance:
    """申请复验: a new round of what stands on the correction list; what passed before is not looked at again."""
    filing = locked(filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    _possible(filing, "hand_in_amendment", MAY_APPLY_AGAIN)
    found = list(to_mend(filing))
    acceptance = _open_round(filing, text, by, at, upload)
    AcceptanceVerdict.objects.bulk_create(
        AcceptanceVerdict(acceptance=acceptance, department=v.department, item=v.item, clause=v.clause)
        for v in found
    )  # fmt: skip
    move(filing.hand_in_amendment, by=by, at=at, acceptance=acceptance.pk)
    _tell_all(acceptance, _("已按整改清单整改，请复验"), at)
    return acceptance
