"""Stage 8: statutory approvals obtained by number, the start gate, and the start notification."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals import policies
from approvals.models import ChecklistItem, CorrectionCase, Filing, StageLimit
from approvals.queries.gaps import why_undecided
from approvals.rules import limits
from approvals.services.approving import decides_on_condition, start_approval
from approvals.services.papers import start_notice
from approvals.services.telling import tell_departments, tell_enterprise
from approvals.stages import (
    GAP_OVER,
    Approval,
    ItemClass,
    OpinionDefault,
    Stage,
    StartGate,
    ToleranceModel,
)
from core.deadlines.services import end, start
from core.documents.services import keep
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow


@transaction.atomic
def record_approval(
    item: ChecklistItem,
    *,
    number: str,
    issued_on: date,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> ChecklistItem:
    """登记批准: the approval, paper or service of an item is there, with its number; silence never does this."""
    filing = locked(item.filing)
    item = ChecklistItem.objects.select_related("filing", "item").get(pk=item.pk)
    permit(item, policies.records_approval, by=by, at=at)
    if filing.ended or filing.stage in (Stage.DRAFT, Stage.SUBMITTED) or item.applies is False:
        raise NotNow([_("这一事项现在不能登记批准。")])
    if not number.strip():
        raise ValidationError({"number": _("请填写批准文号（或服务成果编号）。")})
    if issued_on > timezone.localdate(at):
        raise ValidationError({"issued_on": _("批准日期不能晚于今天。")})
    item.conditional = decides_on_condition(item)
    item.approval, item.approval_number = Approval.ISSUED, number.strip()
    item.approval_on = issued_on
    if upload is not None:
        item.approval_file = keep(upload, book=filing.book, by=by, at=at)
    item.save()
    for limit in item.limits.filter(ended_at=None):
        end(limit, at=at)
    act(
        filing, "record_approval", policy=lambda _thing, _by: True, by=by, at=at,
        item=item.code, number=number, issued_on=issued_on, conditional=item.conditional or None,
    )  # fmt: skip
    open_gate(filing, at)
    return item


def replace_by_commitment(filing: Filing, at: datetime) -> None:
    """被承诺替代: signed, published clean — what the enterprise committed to opens the gate, the check comes later."""
    stand_on_commitment(filing)
    start_papers(filing, at)


def start_papers(filing: Filing, at: datetime) -> None:
    """Start the limits of the papers to be issued on the commitment, once each; said again, of those that wait no more.

    While a decision waits for a promised paper (模式一) the department cannot decide, and its time does not run.
    """
    owed = filing.items.filter(start_gate=StartGate.PAPER, approval=Approval.OWED)
    begun = filing.limits.filter(rule=limits.PAPER_ON_COMMITMENT.code).values_list(
        "item", flat=True
    )
    for item in owed.exclude(applies=False).exclude(pk__in=list(begun)).select_related("item"):
        item.filing = filing
        if why_undecided(item):
            continue
        start(
            StageLimit(filing=filing, book=filing.book, item=item),
            limits.PAPER_ON_COMMITMENT, at=at, rulebook=filing.rulebook,
        )  # fmt: skip
        start_approval(item, at)


def stand_on_commitment(filing: Filing) -> None:
    """Let the published commitment stand in the approval's place, but not where a promised paper of the item lacks.

    There it waits for the paper (模式一), or stands on condition (模式二); the gate is shut by the paper either way.
    """
    committed = filing.items.filter(
        item_class=ItemClass.COMMITMENT,
        start_gate=StartGate.COMMITMENT,
        declined=False,
        approval=Approval.OWED,
    )
    gaps = filing.gaps.filter(deemed=False).exclude(state__in=GAP_OVER)
    waiting = {code for gap in gaps.select_related("material") for code in gap.material.item_codes}
    committed.exclude(code__in=waiting).update(approval=Approval.REPLACED)
    on_condition: dict[str, Any] = {
        "item__tolerance_model": ToleranceModel.CONDITIONAL,
        "code__in": waiting,
    }
    on_condition["opinion_default__in"] = (OpinionDefault.DEEMED, OpinionDefault.NONE)
    committed.filter(**on_condition).update(approval=Approval.REPLACED, conditional=True)


def open_gate(filing: Filing, at: datetime) -> None:
    """Start the limit of the start notification once the gate is open; said twice it runs once."""
    filing = Filing.objects.get(pk=filing.pk)
    running = filing.limits.filter(rule=limits.START_NOTICE.code, ended_at=None).exists()
    if filing.stage == Stage.CLEARED and not running and not filing.gate_missing():
        for watch in filing.limits.filter(rule=limits.GATE.code, ended_at=None):
            end(watch, at=at)
        start(
            StageLimit(filing=filing, book=filing.book),
            limits.START_NOTICE,
            at=at,
            rulebook=filing.rulebook,
        )
        tell_enterprise(filing, _("开工条件已齐备，等待窗口发出开工告知书"), "gate", at)


@transaction.atomic
def notify_start(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """开工告知: a notification that the gate is open, listing each approval by number; it replaces none of them."""
    facts: list[dict[str, Any]] = [
        {"item": i.code, "approval": i.approval, "number": i.approval_number}
        for i in filing.items.exclude(applies=False)
    ]
    filing = move(filing.notify_start, by=by, at=at, facts=facts)  # type: ignore[assignment]
    filing.start_notified_at = at
    filing.save()
    start_notice(filing, by=by, at=at)
    tell_enterprise(filing, _("开工告知书已发出，可以开工"), "start", at)
    tell_departments(filing, _("开工告知书已发出，请依法监管"), "start", at)
    return filing


@transaction.atomic
def close_case(
    case: CorrectionCase, *, outcome: str, by: Membership, at: datetime
) -> CorrectionCase:
    """办结纠错事项: with what was found and done."""
    filing = locked(case.filing)
    case = CorrectionCase.objects.get(pk=case.pk)
    if case.closed_at is not None:
        raise NotNow([_("这件纠错事项已经办结。")])
    act(
        filing,
        "close_correction_case",
        policy=policies.window,
        by=by,
        at=at,
        case=case,
        outcome=outcome,
    )
    return _closed(case, outcome, at)


def _closed(case: CorrectionCase, outcome: str, at: datetime) -> CorrectionCase:
    case.closed_at, case.outcome = at, outcome
    case.save()
    return case


def settle_case(
    case: CorrectionCase, *, outcome: str, by: Membership, at: datetime
) -> CorrectionCase:
    """办结纠错事项 with the decision of the measure that rests on it; the caller holds the lock."""
    case = CorrectionCase.objects.get(pk=case.pk)
    if case.closed_at is None:
        record(case.filing.book, "close_correction_case", by=by, at=at, case=case, outcome=outcome)
        _closed(case, outcome, at)
    return case
