"""受理通知书 (DOC03), by decision or by silence, and 容缺受理通知书 (DOC06)."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing, Gap, StageLimit
from approvals.rules import limits
from approvals.rules.tolerance import blocks
from approvals.services import words
from approvals.services.papers.parts import form, limit_rows, material_rows, received_text, running
from approvals.services.papers.tolerance import ways_of
from approvals.stages import GapState
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import date_text, in_chinese, issue, time_text

STATUTE = "《中华人民共和国行政许可法》第三十二条"
COMPLETE = "申请事项属于本机关职权范围，申请材料齐全、符合法定形式"
TOLERANT = (
    "主要材料齐全、符合法定形式，所缺均为一次性告知书标明可以容缺的材料，且你单位已书面承诺补齐"
)
WAY = "网上上传，或者送交综合窗口"


def _common(filing: Filing, at: datetime) -> dict[str, Any]:
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "received_text": received_text(filing, at),
        "effective_text": time_text(filing.accepted_at or at),
        "materials": material_rows(filing),
        "limits": limit_rows(filing, running(filing)),
    }


def _statutory(filing: Filing) -> StageLimit | None:
    """Return the statutory period that silence has filled: the last one that began."""
    rule = limits.STATUTORY_ACCEPTANCE.code
    return filing.limits.filter(rule=rule).order_by("-started_at", "-pk").first()


def _later(gap: Gap) -> dict[str, str]:
    return {
        "name": gap.material.name,
        "reason": gap.material.reason or "收件时未提交",
        "due_text": words.last_day_text(gap),
    }


@in_chinese
def _accepted(filing: Filing, at: datetime) -> dict[str, Any]:
    return {
        **_common(filing, at),
        "deemed": False,
        "decided_text": time_text(at),
        "reason": COMPLETE,
        "basis": STATUTE,
    }


@in_chinese
def _deemed(filing: Filing, at: datetime) -> dict[str, Any]:
    clock = _statutory(filing)
    days = words.days_text(clock.length or 0, clock.unit) if clock else "法定期限"
    waits = filing.gaps.filter(deemed=True).select_related("material")
    return {
        **_common(filing, at),
        "deemed": True,
        "decided_text": time_text(at),
        "reason": f"本机关收到申请材料后{days}内未告知补正，也未作出决定，视为受理",
        "basis": f"{STATUTE}、第八十二条",
        "later": [_later(gap) for gap in waits],
    }


def _models(gaps: list[Gap]) -> list[str]:
    return [model for gap in gaps for model in ways_of(gap)]


@in_chinese
def _tolerant(filing: Filing, at: datetime) -> dict[str, Any]:
    book = filing.pinned_rulebook
    first, second = value_of(book, limits.GAP.code), value_of(book, limits.GAP_SUSPENDED.code)
    last = f"另给最后期限{words.days_text(second.number, second.unit)}（{words.rule_basis(book, second)}）"
    promised = list(filing.gaps.exclude(state=GapState.DROPPED).select_related("material"))
    return {
        **_common(filing, at),
        "materials": [m for m in material_rows(filing) if m["received_text"] != "—"],
        "reason": TOLERANT,
        "basis": words.rule_basis(book, first),
        "gaps": [
            {
                "name": gap.material.name,
                "reason": gap.reason,
                "form": f"{form(gap.material)}{gap.material.copies}份",
                "way": WAY,
                "promised_text": date_text(words.local_day(gap.promised_at or at)),
                "due_text": words.last_day_text(gap),
            }
            for gap in promised
        ],
        "consequences": [
            f"逾期未补齐的，自期满之时起中止办理，{last}。",
            "最后期限内补齐的，核验后恢复办理；仍未补齐的，退件，你单位可以重新申报。",
            "补交的材料不符合要求的，本机关再次书面告知如何补正，期限继续计算。",
            "补齐以前各项程序照常进行，但不发开工告知书。",
            f"所涉事项：{blocks(_models(promised))}。",
        ],
    }


def acceptance_notice(filing: Filing, *, by: Membership, at: datetime) -> Paper:
    """Issue the notice that a filing is accepted: plain, tolerant of promised gaps, or by silence."""
    if filing.accepted_by_silence:
        template, kind, content = "acceptance", "DOC03", _deemed(filing, at)
    elif filing.tolerated:
        template, kind, content = "tolerant_acceptance", "DOC06", _tolerant(filing, at)
    else:
        template, kind, content = "acceptance", "DOC03", _accepted(filing, at)
    return issue(template, content, book=filing.book, kind=kind, by=by, at=at)
