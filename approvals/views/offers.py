"""What this desk offers on a case: each act with its verb, its page, its stages, whose it is, and what silence does."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from approvals.policies import (
    asks_later,
    disposes,
    fills_in,
    has_change_to_check,
    is_not_before_the_second_person,
    own_enterprise,
    receives,
    records_approval,
    supervisor,
    window,
)
from approvals.rules import limits
from approvals.services.barring import standing_bar
from approvals.stages import (
    AFTER_ACCEPTANCE,
    AFTER_LIST,
    BEFORE_START,
    ENDS,
    WORKS,
    Approval,
    GapState,
    Stage,
    StartGate,
)
from approvals.views.deadlines import silence, silences
from core import clock
from core.steps.offers import Offer, offer

S = Stage
WITH_CHANGES = (S.COMMITTING, S.COMMITTED, S.NOTICED, S.CLEARED)
ON_THE_WAY = tuple(stage for stage in AFTER_LIST if stage not in (*ENDS, *WORKS, S.COMPLETED))


def _after(*codes: str) -> Any:
    """Return the sentence of the running limits of these rules."""

    def said(filing: Filing) -> str:
        return silences(filing, *codes)

    return said


ACCEPTING = _after(limits.ACCEPTANCE.code, limits.STATUTORY_ACCEPTANCE.code)
SIGNING = _after(limits.SIGN.code, limits.SIGN_AFTER_REMINDER.code)


def _signed(filing: Filing) -> bool:
    letter = filing.letter()
    return letter is not None and letter.signed_at is not None


def _gaps_to_supply(filing: Filing) -> bool:
    return any(gap.state in (GapState.OPEN, GapState.SUSPENDED) for gap in filing.gaps.all())


def _gap_silence(filing: Filing) -> str:
    return "".join(
        dict.fromkeys(silence(gap) for gap in filing.gaps.all() if gap.state != GapState.SUPPLIED)
    )


def _changes_to_make(filing: Filing) -> bool:
    """Whether a change is still the enterprise's to make."""
    return any(one.done_at is None and one.handed_at is None for one in filing.changes.all())


def owes_approval(filing: Filing, by: Any) -> bool:
    """Somebody who has an owed approval on this list to record."""
    return any(
        item.approval in (Approval.OWED, Approval.REFUSED)  # refused, it may be applied for again
        and item.start_gate != StartGate.COMMITMENT
        and item.applies is not False
        and records_approval(item, by)
        for item in filing.items.all()
    )


ENTERPRISE = (
    Offer(
        "questionnaire", _("回答问卷"), "approvals:questionnaire", (S.DRAFT,), fills_in,
        conditions=(is_not_before_the_second_person,),
    ),
    Offer(
        "project", _("填写项目信息"), "approvals:project", (S.DRAFT,), fills_in,
        conditions=(is_not_before_the_second_person,),
    ),
    Offer("submit", _("申报"), "approvals:submit", (S.DRAFT,), own_enterprise, transition="submit"),
    Offer(
        "acknowledge", _("签收告知书"), "approvals:acknowledge", (S.LISTED,), receives,
        shown=lambda filing: filing.acknowledged_at is None,
    ),
    Offer(
        "materials", _("准备材料"), "approvals:materials", (S.LISTED, S.CORRECTING), own_enterprise,
        silence=_after(limits.CORRECTION.code),
    ),
    Offer("hand_in", _("提交材料"), "approvals:hand_in", (S.LISTED,), own_enterprise, transition="hand_in"),
    Offer(
        "hand_in_correction", _("提交补正材料"), "approvals:hand_in_correction", (S.CORRECTING,), own_enterprise,
        transition="hand_in_correction", silence=_after(limits.CORRECTION.code),
    ),
    Offer(
        "supply_gap", _("补交容缺材料"), "approvals:materials", AFTER_ACCEPTANCE, own_enterprise,
        shown=_gaps_to_supply, silence=_gap_silence,
    ),
    Offer(
        "sign", _("签署承诺书"), "approvals:sign", (S.COMMITTING,), disposes,
        shown=lambda filing: not _signed(filing), silence=SIGNING,
    ),
    Offer(
        "decline", _("选择不作承诺的事项"), "approvals:decline", (S.COMMITTING,), disposes,
        shown=lambda filing: not _signed(filing), primary=False,
    ),
    Offer(
        "withdraw", _("撤回申报"), "approvals:withdraw", BEFORE_START, disposes,
        transition="withdraw", primary=False,
    ),
)  # fmt: skip
WINDOW = (
    Offer(
        "application", _("送第二人确认"), "approvals:paper_intake", (S.DRAFT,), window,
        shown=lambda filing: filing.on_paper and is_not_before_the_second_person(filing),
    ),
    Offer(
        "before_the_second", _("查看登记，收回或者确认"), "approvals:paper_intake", (S.DRAFT,), window,
        shown=lambda filing: not is_not_before_the_second_person(filing),
        silence=lambda _filing: gettext("等窗口的另一名人员确认；确认以前不算申报，什么都不起算。"),
    ),
    Offer(
        "drop_application", _("作废录入"), "approvals:drop_application", (S.DRAFT,), window,
        shown=lambda filing: filing.on_paper and not filing.ended_because, primary=False,
    ),
    Offer(
        "licence", _("核对营业执照"), "approvals:licence", (S.SUBMITTED,), window,
        shown=lambda filing: filing.enterprise.licence_confirmed_at is None,
    ),
    Offer(
        "eligibility", _("决定是否适用承诺制"), "approvals:eligibility", (S.SUBMITTED,), window,
        shown=lambda filing: filing.eligible_at is None, silence=_after(limits.CHECKLIST.code),
    ),
    Offer(
        "serve", _("送达一次性告知书"), "approvals:checklist", (S.SUBMITTED,), window,
        transition="serve_checklist", silence=_after(limits.CHECKLIST.code),
    ),
    Offer(
        "ordinary", _("转一般程序"), "approvals:eligibility", (S.SUBMITTED,), window,
        shown=lambda filing: filing.eligible_at is not None, primary=False,
    ),
    Offer(
        "paper", _("登记纸质收件"), "approvals:paper_intake", (S.LISTED, S.CORRECTING), window, primary=False,
    ),
    Offer(
        "review", _("逐件核收材料"), "approvals:review", (S.RECEIVED,), window, judged_as="check_material"
    ),
    Offer(
        "accept", _("受理"), "approvals:accept", (S.RECEIVED,), window, transition="accept", silence=ACCEPTING
    ),
    Offer(
        "ask_correction", _("一次告知补正"), "approvals:ask_correction", (S.RECEIVED,), window,
        transition="ask_correction", primary=False,
    ),
    Offer(
        "refuse", _("不予受理"), "approvals:refuse", (S.RECEIVED,), window, transition="refuse", primary=False
    ),
    Offer(
        "check_gap", _("核验补交的材料"), "approvals:materials", ON_THE_WAY, window,
        shown=lambda filing: any(gap.state == GapState.SUPPLIED for gap in filing.gaps.all()),
    ),
    Offer(
        "verify", _("核验承诺书"), "approvals:verify", (S.COMMITTING,), window, transition="verify_letter"
    ),
    Offer(
        "reject_scan", _("退回扫描件"), "approvals:reject_scan", (S.COMMITTING,), window,
        shown=_signed, primary=False,
    ),
    Offer(
        "notify_start", _("发出开工告知书"), "approvals:start", (S.CLEARED,), window,
        transition="notify_start", silence=_after(limits.START_NOTICE.code),
    ),
)  # fmt: skip
SHARED = (
    Offer(
        "hand_in_change",
        _("交来预审要求的修改"),
        "approvals:gate",
        WITH_CHANGES,
        own_enterprise,
        shown=_changes_to_make,
        primary=False,
    ),
    Offer(
        "finish_change",
        _("核对预审要求的修改"),
        "approvals:gate",
        WITH_CHANGES,
        has_change_to_check,
        primary=False,
    ),
    Offer(
        "approval", _("登记批准文号"), "approvals:gate", ON_THE_WAY, owes_approval, primary=False
    ),
    Offer(
        "later",
        _("要求清单以外的材料"),
        "approvals:later",
        (*ON_THE_WAY, *WORKS),
        asks_later,
        primary=False,
    ),
)

SUPERVISOR = (
    Offer(
        "lift_application_bar", _("解除再次申请限制"), "approvals:lift_application_bar",
        (S.REFUSED, S.REVOKED), supervisor,
        shown=lambda filing: standing_bar(filing, clock.now()) is not None, primary=False,
    ),
)  # fmt: skip

offer("approvals.Filing", *ENTERPRISE, *WINDOW, *SHARED, *SUPERVISOR)
