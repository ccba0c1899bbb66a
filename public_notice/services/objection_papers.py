"""公示异议受理通知书 (DOC18) and 公示异议答复书 (DOC19), made out on request.

The enterprise and the departments read the papers of its case: who objected is named by the family name alone; the
contact and the interest, which the form promises not to publish, are in no content of a paper.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from approvals.models import Filing
from approvals.services import words
from core.deadlines.queries import value_of
from core.steps.making_out import Form, register
from core.steps.papers import in_chinese, time_text
from public_notice import policies, rules
from public_notice.models import Objection
from public_notice.queries import in_public
from public_notice.stages import Finding


def lodged(filing: Filing) -> Iterable[Objection]:
    """Return the objections to the notices of a case."""
    return (
        Objection.objects.filter(notice__filing=filing)
        .select_related("notice__filing__enterprise", "notice__filing__rulebook", "notice__paper")
        .order_by("pk")
    )


def answered(filing: Filing) -> Iterable[Objection]:
    """Return those that were answered."""
    return lodged(filing).exclude(finding=Finding.OPEN)  # type: ignore[attr-defined]


def _head(objection: Objection, at: datetime) -> dict[str, Any]:
    filing = objection.notice.filing
    said = in_public(objection)
    rule = value_of(filing.pinned_rulebook, rules.REPLY.code)
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "objection": {
            "number": objection.number,
            "person": said["name"],
            "text": said["text"] or "（异议的文字未公开）",
            "at_text": time_text(objection.received_at),
        },
        "notice_number": objection.notice.paper.number if objection.notice.paper else "—",
        "basis": [words.rule_basis(filing.pinned_rulebook, rule)],
    }


@in_chinese
def _receipt(objection: Objection, _words: str, at: datetime) -> dict[str, Any]:
    until = time_text(objection.due_at) if objection.due_at else "待放假安排公布后确定"
    head = _head(objection, at)
    return {
        **head,
        "accepted": "予以受理：异议在公示期内提出，写明了异议的内容",
        "evidence": "未附证据材料；需要补充的，可以向窗口提交",
        "handler": head["issuer"]["name"],
        "until_text": until,
        "reason": head["objection"]["text"],
        "effects": ["答复作出以前，本公示不结束。", "答复与公示并列公开，不公开异议人的身份。"],
    }


@in_chinese
def _reply(objection: Objection, _words: str, at: datetime) -> dict[str, Any]:
    assert objection.replied_at is not None
    upheld = objection.finding == Finding.UPHELD
    book = objection.notice.filing.pinned_rulebook
    review = words.review_of_window(value_of(book, "20a").number, at)
    return {
        **_head(objection, at),
        "finding": str(Finding(objection.finding).label),
        "reason": in_public(objection)["reply"],
        "replied_text": time_text(objection.replied_at),
        "effects": [
            "公示终止，承诺退回办理。" if upheld else "公示依照规则继续或者结束。",
            "本答复与公示并列公开，不公开异议人的身份。",
        ],
        "remedies": [f"不服本答复的，可以{review}，也可以{words.suit(book)}。"],
    }


register(
    Form("DOC18", "objection_receipt", policies.window, lodged, _receipt),
    Form("DOC19", "objection_reply", policies.window, answered, _reply),
)
