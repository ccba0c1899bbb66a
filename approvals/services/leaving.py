"""The papers of a case that stands still or leaves the road before the start: each issued with the act itself."""

from datetime import datetime
from typing import Any

from accounts.models import Membership, Organisation
from accounts.services import system_actor
from approvals.models import Filing, Gap
from approvals.queries import rule_value
from approvals.rules import limits
from approvals.rules.citing import in_words
from approvals.services import words
from approvals.stages import RefusalGround
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text

ANEW = "可以随时重新申报；重新申报按新的申报件办理，本件不计入信用记录。"
MATERIALS = "已提交的电子材料留存在本件中，可以下载，重新申报时可以再用；纸质原件可以到窗口领回。"


def rules_of(filing: Filing, *codes: str) -> list[str]:
    """Return what a paper rests on: the county's rules of these codes, in the edition pinned to the case."""
    book = filing.pinned_rulebook
    if not codes:
        return [f"县企业投资项目承诺制办事规则（第{book.number}版）"]
    return [words.rule_basis(book, value_of(book, code)) for code in codes]


def remedies(
    filing: Filing, office: Organisation | None = None, at: datetime | None = None
) -> list[str]:
    """Return how a decision, the window's or an office's, is contested: review (行政复议法 20) and suit, with times."""
    book = filing.pinned_rulebook
    review = words.review(value_of(book, "20a").number, office, at)
    return [f"不服本决定的，可以{review}，也可以{words.suit(book)}。"]


def by_system(effective: datetime, recorded: datetime) -> dict[str, str]:
    """Return the two times of an act of the system: since when it holds, and when it was written down."""
    return {"effective_text": time_text(effective), "recorded_text": time_text(recorded)}


def paper_head(filing: Filing, at: datetime) -> dict[str, Any]:
    """Return what stands on every paper of this kind."""
    return {**words.head(filing, at), "filing_number": filing.number}


def _of_falsehood(ground: str) -> list[str]:
    return ["《中华人民共和国行政许可法》第七十八条"] if ground == RefusalGround.FALSE else []


def _bar_of(filing: Filing, ground: str, at: datetime) -> list[str]:
    """Say the bar of art. 78 where false material is the ground: of matters of safety alone.

    Nothing where no rulebook states it: an edition may be older than the row, and then nobody is barred either.
    """
    found = rule_value(filing, "33a", at) if ground == RefusalGround.FALSE else None
    if found is None:
        return []
    again = (
        f"{found[1].number}年内不得再次申请该行政许可（《中华人民共和国行政许可法》第七十八条）。"
    )
    return ["属于直接关系公共安全、人身健康、生命财产安全事项的，" + again]


@in_chinese
def refusal(filing: Filing, *, ground: str, reason: str, by: Membership, at: datetime) -> Paper:
    """不予受理决定书 (DOC05)."""
    content = {
        **paper_head(filing, at),
        "ground": in_words(str(RefusalGround(ground).label)),
        "reason": reason,
        "basis": [
            "《中华人民共和国行政许可法》第三十二条",
            *_of_falsehood(ground),
            *rules_of(filing),
        ],
        "effects": [f"本申报件自本决定作出之日起终结。{MATERIALS}", *_bar_of(filing, ground, at)],
        "next": ["属于其他机关职权的，请向有关机关申请；情况改变后可以重新申报。"],
        "remedies": remedies(filing),
    }
    return issue("refusal_decision", content, book=filing.book, kind="DOC05", by=by, at=at)


@in_chinese
def not_eligible(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Paper:
    """不适用承诺制告知书 (DOC22)."""
    catalogue = filing.pinned_catalogue
    content = {
        **paper_head(filing, at),
        "reason": reason,
        "basis": [f"县事项清单（第{catalogue.number}版）所列适用条件", *rules_of(filing)],
        "effects": [
            "本项目不按承诺制办理，转一般程序；本申报件终结，不计入信用记录。",
            "不适用承诺制不是对项目本身的否定，也不是不予行政许可。",
        ],
        "next": [
            "请按一般程序分别向各审批部门申请；窗口提供办事指南和帮办。",
            "条件改变、符合承诺制适用范围的，可以重新申报。",
        ],
        "remedies": remedies(filing),
    }
    return issue("not_eligible", content, book=filing.book, kind="DOC22", by=by, at=at)


@in_chinese
def returned(
    filing: Filing, *, reason: str, rules: list[str], at: datetime, now: datetime
) -> Paper:
    """退件通知书 (DOC34), by 系统: effective at the end of the limit, whenever it was written down."""
    content = {
        **paper_head(filing, at),
        **by_system(at, now),
        "reason": reason,
        "basis": rules_of(filing, *rules),
        "effects": [f"本申报件终结。{MATERIALS}"],
        "next": [ANEW],
        "remedies": remedies(filing),
    }
    return issue("return_notice", content, book=filing.book, kind="DOC34", by=system_actor(), at=at)


@in_chinese
def suspended(filing: Filing, gap: Gap, *, at: datetime, now: datetime) -> Paper:
    """中止办理通知书 (DOC35), by 系统: the case stands still since the promised date, and what lets it go on."""
    until = words.last_day_text(gap)
    content = {
        **paper_head(filing, at),
        **by_system(at, now),
        "reason": f"容缺受理时承诺补齐的材料“{gap.material.name}”到承诺的期限没有补齐。",
        "basis": rules_of(filing, limits.GAP.code, limits.GAP_SUSPENDED.code),
        "wanted": [{"name": gap.material.name, "until_text": until}],
        "days_text": words.days_text(gap.length or 0, gap.unit),
        "until_text": until,
        "effects": [
            "自上列生效时间起中止办理：阶段保留，勘察、预审、签约、公示和开工告知不再推进。",
            "中止不计入信用记录。",
        ],
        "next": [
            "补交材料并经窗口核验后，当即恢复办理，并告知恢复的时间。",
            f"到{until}仍未补齐的，退件；可以重新申报。",
        ],
    }
    return issue("suspension_notice", content, book=filing.book, kind="DOC35", by=system_actor(), at=at)  # fmt: skip


@in_chinese
def lapsed(filing: Filing, *, reason: str, at: datetime, now: datetime) -> Paper:
    """承诺程序失效通知书 (DOC36), by 系统: the letter was not signed after the reminder; no credit mark."""
    reminded = filing.limits.filter(rule=limits.SIGN_AFTER_REMINDER.code).order_by("-pk").first()
    letter = filing.letter()
    begun = reminded.begun_at if reminded else at
    content = {
        **paper_head(filing, at),
        **by_system(at, now),
        "reason": reason,
        "letter_number": letter.paper.number if letter else "—",
        "reminded_text": time_text(begun),
        "basis": rules_of(filing, limits.SIGN.code, limits.SIGN_AFTER_REMINDER.code),
        "effects": [
            "承诺程序自上列生效时间起失效，本申报件终结；承诺书文本作废。",
            "失效不是失信，不计入信用记录。",
        ],
        "next": [
            "可以随时重新申报；也可以就各事项按一般程序申请事先审批。",
        ],
        "remedies": remedies(filing),
    }
    return issue("lapse_notice", content, book=filing.book, kind="DOC36", by=system_actor(), at=at)


@in_chinese
def start_lapsed(
    filing: Filing, *, reason: str, begun: datetime, at: datetime, now: datetime
) -> Paper:
    """承诺程序失效通知书 (DOC36), by 系统: the start was not reported after the reminder of `begun`; no credit mark."""
    notified, letter = filing.start_notified_at, filing.letter()
    content = {
        **paper_head(filing, at),
        **by_system(at, now),
        "reason": reason,
        "letter_number": letter.paper.number if letter else "—",
        "notified_text": time_text(notified) if notified else "—",
        "reminded_text": time_text(begun),
        "basis": rules_of(filing, limits.START_REPORT.code, limits.START_AFTER_REMINDER.code),
        "effects": [
            "开工告知书自上列生效时间起失效，本申报件终结；凭承诺替代的事前审批不再替代。",
            "各部门已经出具的法定审批文书，效力依各自的法律；不因本通知书失效。",
            "失效不是失信，不计入信用记录。",
        ],
        "next": [
            "没有开工的，可以随时重新申报；也可以就各事项按一般程序申请事先审批。",
            "已经开工的，请即停止施工，并向窗口说明。",
        ],
        "remedies": remedies(filing),
    }
    return issue("lapse_notice", content, book=filing.book, kind="DOC36", by=system_actor(), at=at)


@in_chinese
def withdrawal(filing: Filing, *, reason: str, at: datetime) -> Paper:
    """撤回申报确认书 (DOC37): 系统 confirms what the enterprise itself decided."""
    content = {
        **paper_head(filing, at),
        **by_system(at, at),
        "reason": reason,
        "basis": rules_of(filing),
        "effects": [
            f"本申报件终结，正在办理的事项和各项期限停止。{MATERIALS}",
        ],
        "next": [ANEW],
    }
    return issue("withdrawal", content, book=filing.book, kind="DOC37", by=system_actor(), at=at)
