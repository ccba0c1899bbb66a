"""开工告知书 (DOC21): a notification that the gate is open, listing each approval by its number; no licence."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import ChecklistItem, Filing, Letter
from approvals.services import words
from approvals.services.checklist import GATE
from approvals.stages import Approval, StartGate
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import date_text, in_chinese, issue

FIRST_VISIT, START_AFTER_PERMIT = "P9a", "11a"
STATES = {
    StartGate.SERVICE_DONE: "政府服务已完成",
    StartGate.COMMITMENT: "批准已取得",
    StartGate.PAPER: "文书已出具",
    StartGate.PRIOR: "批准已取得",
}
REPORTS = (
    ("开工", "开工之时，通过投资项目在线审批监管平台或者本系统报告"),
    ("建设进度", "建设期间按平台要求定期报告，直至竣工"),
    ("竣工", "竣工之时报告，并申请联合验收"),
)
DUTIES = (
    "按照批准的内容和承诺的标准建设，未取得批准的事项不得施工。",
    "如实报告项目开工建设、建设进度和竣工的基本信息（《企业投资项目核准和备案管理条例》第十六条）。",
    "接受有关部门在建设期间和验收时的检查，如实提供情况；对查出的问题按期整改。",
    "项目的建设内容、地点或者规模有较大变更的，事先告知窗口，依法办理变更。",
    "工程竣工未经联合验收合格的，不投入使用。",
)


def _condition(item: ChecklistItem, letter: Letter | None, at: datetime) -> dict[str, str]:
    replaced = item.approval == Approval.REPLACED
    row = {
        "code": item.code,
        "item": item.item.name,
        "department": words.department(item.department, at),
        "condition": GATE[StartGate(item.start_gate)],
        "state": "由承诺代替，已经公示期满" if replaced else STATES[StartGate(item.start_gate)],
        "number": letter.paper.number if replaced and letter else item.approval_number or "—",
    }
    if not replaced and item.approval_on:
        row["date_text"] = date_text(item.approval_on)
    return row


def _letter(filing: Filing, letter: Letter | None) -> dict[str, str]:
    notice = Paper.objects.filter(book=filing.book, kind="DOC17").order_by("-pk").first()
    ended = f"，{date_text(words.local_day(filing.cleared_at))}期满" if filing.cleared_at else ""
    return {
        "number": letter.paper.number if letter else "（无）",
        "clauses_text": f"共{letter.clauses.count() if letter else 0}条",
        "notice_text": f"经{notice.number}公示{ended}" if notice else "未经公示",
        "validity_text": words.VALIDITY,
    }


def _checks(letter: Letter | None, at: datetime) -> list[dict[str, str]]:
    """Return the clauses in force by item, checking department and time, with their numbers."""
    if letter is None:
        return []
    clauses = letter.clauses.select_related("item__item", "checked_by").prefetch_related(
        "checked_by__names"
    )
    together: dict[tuple[str, str, str], list[str]] = {}
    for clause in clauses:
        when = words.WHEN.get(clause.checked_when, "后续核查")
        key = (clause.item.item.name, words.department(clause.checked_by, at), when)
        together.setdefault(key, []).append(clause.number)
    return [
        {"no": "、".join(numbers), "item": item, "department": department, "when": when}
        for (item, department, when), numbers in together.items()
    ]


def _others(filing: Filing) -> list[dict[str, str]]:
    gaps = filing.gaps.exclude(closed_at=None).select_related("material")
    found = [
        {
            "name": gap.material.name,
            "state": f"{date_text(words.local_day(gap.closed_at))}补齐",
        }
        for gap in gaps
        if gap.closed_at
    ]
    return found + [
        {"name": change.text, "state": f"{date_text(words.local_day(change.done_at))}核对完成"}
        for change in filing.changes.all()
        if change.done_at
    ]


def _duties(filing: Filing) -> list[str]:
    """Return the duties, with the numbers of the rulebook: the first visit, and the start after a permit."""
    months = value_of(filing.pinned_rulebook, START_AFTER_PERMIT).number
    visit = value_of(filing.pinned_rulebook, FIRST_VISIT)
    return [
        *DUTIES,
        f"领取施工许可证的，自领取之日起{months}个月内开工；不能按期开工的，依法申请延期（《中华人民共和国建筑法》第九条）。",
        f"报告开工后{words.days_text(visit.number, visit.unit)}内接受首次检查。",
    ]


@in_chinese
def _content(filing: Filing, at: datetime) -> dict[str, Any]:
    items = list(
        filing.items.exclude(applies=False)
        .select_related("item", "department")
        .prefetch_related("department__names")
    )
    letter = filing.letter()
    checks = _checks(letter, at)
    window = words.issuer(at)["name"]
    named = [words.department(i.department, at) for i in items] + [c["department"] for c in checks]
    departments = list(dict.fromkeys(named))
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "conditions": [_condition(item, letter, at) for item in items],
        "others": _others(filing),
        "letter": _letter(filing, letter),
        "checks": checks,
        "reports": [
            {"node": node, "when": when, "to": f"{window}，并抄送监管部门"}
            for node, when in REPORTS
        ],
        "duties": _duties(filing),
        "departments": departments,
        "basis": words.rule_basis(filing.pinned_rulebook, value_of(filing.pinned_rulebook, "P8")),
        "copy_to": departments,
    }


def start_notice(filing: Filing, *, by: Membership, at: datetime) -> Paper:
    """Issue the start notification in its act; copied to the departments that supervise."""
    content = _content(filing, at)
    return issue("start_notice", content, book=filing.book, kind="DOC21", by=by, at=at)
