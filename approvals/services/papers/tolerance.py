"""容缺承诺书 (DOC07), 容缺材料再次补正告知书 (DOC57) and 容缺材料核验单 (DOC58)."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import ChecklistItem, Gap
from approvals.rules import limits
from approvals.rules.tolerance import DECLARATION, blocks
from approvals.services import leaving, words
from approvals.services.papers.parts import form
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text

WAY = "网上上传，或者送交综合窗口"


def ways_of(gap: Gap) -> list[str]:
    """Return in which way each item of a gap's paper is tolerated."""
    listed = ChecklistItem.objects.filter(filing=gap.filing_id, code__in=gap.material.item_codes)
    return [item.tolerated_as for item in listed.select_related("item")]


def _missing(gap: Gap) -> dict[str, str]:
    return {
        "name": gap.material.name,
        "form": f"{form(gap.material)}{gap.material.copies}份",
        "until_text": words.last_day_text(gap),
    }


def _issue(template: str, kind: str, content: Any, gap: Gap, by: Membership, at: datetime) -> Paper:
    return issue(template, content, book=gap.filing.book, kind=kind, by=by, at=at)


@in_chinese
def promise(gap: Gap, *, by: Membership, at: datetime) -> Paper:
    """Issue the promise that the enterprise signs: which paper, why it lacks, until when, and what it declares."""
    content = {
        **leaving.paper_head(gap.filing, at),
        "gap": {**_missing(gap), "reason": gap.reason, "way": WAY},
        "days_text": words.days_text(gap.length or 0, gap.unit),
        "before_text": blocks(ways_of(gap)),
        "declaration": str(DECLARATION),
        "consequences": [
            "逾期未补齐的，自期满之时起中止办理，并另给最后期限；最后期限内仍未补齐的，退件。",
            "补交的材料不符合要求的，由窗口书面告知如何补正，期限继续计算。",
        ],
        "signed_by": by.user.name,
        "signed_text": time_text(at),
        "check_text": "补齐后由窗口核验，另发核验单，载明补齐日期、核验人和结论。",
    }
    return _issue("tolerance_promise", "DOC07", content, gap, by, at)


@in_chinese
def told_again(gap: Gap, *, reason: str, anew: bool, by: Membership, at: datetime) -> Paper:
    """Issue what is wrong with the paper that was supplied, and until when it is put right.

    `anew`: it came in time and was looked at after the date, so that the days run again from this notice.
    """
    filing = gap.filing
    until = words.last_day_text(gap)
    runs = f"补齐期限不因本告知中断，到{until}。"
    if anew:
        runs = f"材料在期限内补交、期满后才核验，补齐期限自本告知之日起重新计算，到{until}。"
    content = {
        **leaving.paper_head(filing, at),
        "reason": reason,
        "wanted": [_missing(gap)],
        "supplied_text": time_text(gap.material.handed_in_at or at),
        "basis": leaving.rules_of(filing, gap.rule),
        "effects": [
            runs,
            "到期仍未补齐或者仍不符合要求的，按容缺承诺处理：第一次期限届满中止办理，第二次期限届满退件。",
        ],
        "next": [f"按上列内容改正后重新提交：{WAY}。"],
    }
    return _issue("gap_told_again", "DOC57", content, gap, by, at)


@in_chinese
def checked(gap: Gap, *, resumed: bool, decided: list[str], by: Membership, at: datetime) -> Paper:
    """Issue that the paper is there and found right, and since when the case goes on where it stood still.

    `decided`: items whose decision was conditional on this paper and is so no more.
    """
    filing = gap.filing
    supplied = time_text(gap.material.handed_in_at or at)
    late = gap.rule == limits.GAP_SUSPENDED.code
    effects = ["这件容缺材料已经补齐，承诺履行完毕。"]
    if resumed:
        effects.append(f"中止办理的事由已经消失，自{time_text(at)}起恢复办理。")
    if decided:
        effects.append(f"附解除条件的决定自此不再附条件：{'、'.join(decided)}。")
    content = {
        **leaving.paper_head(filing, at),
        "reason": f"“{gap.material.name}”经核验齐全、符合要求。",
        "supplied_text": supplied + ("（逾第一次期限）" if late else ""),
        "checked_by": by.user.name,
        "checked_text": time_text(at),
        "conclusion": "补齐，核收",
        "basis": leaving.rules_of(filing, gap.rule),
        "effects": effects,
    }
    return _issue("gap_checked", "DOC58", content, gap, by, at)
