"""默认撤回决定书 (DOC50) and 默认异议决定书 (DOC51): what was decided about a default, by whom, and what follows."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.services import words
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text
from prereview import rules
from prereview.models import Contest, Opinion, Withdrawal

TEMPLATE = "default_decision"
STAYS = "原默认通知书和认定的全部证据留存，标明已撤回；不删除，不改写。"
DUTY_ENDS = "因该默认产生的补做意见义务终止，因该默认安排的约谈、移送一并撤销。"
APPROVAL = "本决定不涉及法定审批；依法应当办理的审批仍须办理。"


def _head(default: Opinion, at: datetime) -> dict[str, Any]:
    slot = default.slot
    item = slot.item
    return {
        **words.head(slot.filing, at),
        "filing_number": slot.filing.number,
        "department": words.department(slot.department, at),
        "default": {
            "number": default.paper.number if default.paper else "—",
            "kind": str(default.get_position_display()),
            "item": f"{item.item.name}（{item.code}）" if item else "联合勘察记录",
            "effective_text": time_text(default.effective_at),
        },
        "copy_to": [slot.filing.enterprise.name],
    }


def _basis(default: Opinion, *more: str) -> list[str]:
    book = default.slot.filing.pinned_rulebook
    contest = value_of(book, rules.CONTEST)
    return [*more, words.rule_basis(book, contest)]


@in_chinese
def contest_rejected(contest: Contest, *, by: Membership, at: datetime) -> Paper:
    """默认异议决定书: the contest is not upheld, with the reasons; the default stands."""
    default = contest.opinion
    content = {
        **_head(default, at),
        "title": "默认异议决定书",
        "result": "异议不成立，默认继续有效",
        "contest": {"lodged_text": time_text(contest.lodged_at), "text": contest.text},
        "reason": contest.reason,
        "basis": _basis(default),
        "signed": [{"as": "召集人（决定）", "name": by.user.name, "text": contest.reason}],
        "effects": ["默认自原生效时间起继续有效，补做意见的义务不变。", APPROVAL],
    }
    return issue(TEMPLATE, content, book=contest.book, kind="DOC51", by=by, at=at)


@in_chinese
def withdrawal_decision(
    withdrawal: Withdrawal, *, by: Membership, at: datetime, moved_on: bool, spoken: bool
) -> Paper:
    """默认撤回决定书: signed by the two who decided; what stands in the slot now, and what was not turned back."""
    default, contest = withdrawal.opinion, withdrawal.contest
    content = {
        **_head(default, at),
        "title": "默认撤回决定书",
        "result": "撤回默认",
        "reason": withdrawal.reason,
        "basis": _basis(default, withdrawal.legal_basis),
        "signed": [
            _signature(withdrawal.proposed_by, "提出", withdrawal.reason),
            _signature(by, "批准", withdrawal.decision),
        ],
        "effects": [*_what_stands(moved_on=moved_on, spoken=spoken), STAYS, DUTY_ENDS, APPROVAL],
    }  # fmt: skip
    if contest is not None:
        content["contest"] = {"lodged_text": time_text(contest.lodged_at), "text": contest.text}
    return issue(TEMPLATE, content, book=withdrawal.book, kind="DOC50", by=by, at=at)


def _signature(one: Membership, did: str, text: str) -> dict[str, str]:
    return {"as": f"{one.get_role_display()}（{did}）", "name": one.user.name, "text": text}


def _what_stands(*, moved_on: bool, spoken: bool) -> list[str]:
    if moved_on:
        return [
            "程序在撤回以前已经继续，不倒回；该项意见记为未表态，不视为同意。",
            "因此需要纠正的，已立为纠错事项，由窗口办理并写明结果。",
        ]
    if spoken:
        return ["你单位此后提出的意见，自收到之时起作为该项的意见。"]
    return ["该项意见恢复为未有结果；由召集人重新送达，期限自重新送达起重新计算。"]
