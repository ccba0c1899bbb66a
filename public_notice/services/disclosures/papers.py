"""The papers of a request: receipt, correction, extension, letter to who is asked, answer. None is public.

Name and wish of the applicant are on what the applicant gets; the identity and the address are on none. A third party
reads what is wanted and not who wants it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.rules.citing import in_words
from approvals.services import words
from core.deadlines.queries import rulebook_at, value_of
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text
from public_notice import rules
from public_notice.models import Disclosure, Inquiry
from public_notice.rules.disclosure import KIND_OF, REFUSALS, RESTS_ON
from public_notice.stages import DisclosureStage, InquiryKind, Result

TEMPLATE = "disclosure_letter"
NO_DATE = "待放假安排公布后确定"
Rows = Sequence[tuple[str, str]]


def until_text(due_at: datetime | None) -> str:
    """Return until when, as papers write it."""
    return time_text(due_at) if due_at else NO_DATE


def _issue(
    disclosure: Disclosure, kind: str, by: Membership, at: datetime, *, rows: Rows, **said: Any
) -> Paper:
    content = {
        "issuer": words.issuer(at),
        "application": {"number": disclosure.number, "wanted": disclosure.wanted},
        "addressee": disclosure.name,
        "rows": [{"name": name, "text": text} for name, text in rows],
        "remedies": [],
        **said,
    }
    return issue(TEMPLATE, content, book=disclosure.book, kind=kind, by=by, at=at, public=False)


@in_chinese
def receipt(disclosure: Disclosure, by: Membership, at: datetime) -> Paper:
    """收件回执 (DOC81): what was asked, how it came, and from when and until when it is answered."""
    waits = disclosure.stage == DisclosureStage.SUBMITTED
    rows = [
        ("收到方式", str(disclosure.get_channel_display())),
        ("提交时间", time_text(disclosure.sent_at)),
        ("获取方式", str(disclosure.get_form_display())),
        ("确认期限" if waits else "答复期限", until_text(disclosure.due_at)),
    ]
    effects = ["逾期未答复的，转效能监督督办；不答复不视为同意，也不视为拒绝。"]
    if waits:
        effects.insert(0, "本机关与您确认收到之日为收到申请之日，答复期限自确认之日起算。")
    return _issue(
        disclosure, "DOC81", by, at, rows=rows, title="公开申请收件回执",
        opening="您的政府信息公开申请已经收到。凭申请编号和查询码可以查询办理情况，查询码只告知您本人。",
        reason_title="申请公开的内容", reason=disclosure.wanted,
        basis=["《中华人民共和国政府信息公开条例》第二十九条、第三十一条、第三十三条"], effects=effects,
    )  # fmt: skip


@in_chinese
def correction(inquiry: Inquiry, by: Membership, at: datetime) -> Paper:
    """补正告知书 (DOC82): what is unclear, until when, and what silence comes to."""
    return _issue(
        inquiry.disclosure, "DOC82", by, at, rows=[("补正期限", until_text(inquiry.due_at))],
        title="公开申请补正告知书", opening="您的政府信息公开申请内容不明确，请一次补正。",
        reason_title="需要补正的内容", reason=inquiry.text, basis=["《中华人民共和国政府信息公开条例》第三十条"],
        effects=[
            "答复期限自收到补正材料之日起重新计算。",
            "无正当理由逾期不补正的，视为放弃申请，不再处理；可以另行申请。",
        ],
    )  # fmt: skip


@in_chinese
def letter(inquiry: Inquiry, by: Membership, at: datetime) -> Paper:
    """征求公开意见书 (DOC84): to a third party (art. 32) or the organ that made it, too (art. 34)."""
    third = inquiry.kind == InquiryKind.THIRD_PARTY
    silence = (
        "逾期未提出意见的，由本机关依照条例决定是否公开，不视为同意；决定公开的，会把理由书面告知您（单位）。"
        if third
        else "逾期未提出意见的，视为同意公开（《中华人民共和国政府信息公开条例》第三十四条）。"
    )
    return _issue(
        inquiry.disclosure, "DOC84", by, at, rows=[("回复期限", until_text(inquiry.due_at))],
        addressee=inquiry.whom, title="征求公开意见书",
        opening="有人申请公开下列政府信息，现依法征求您（单位）的意见。申请人的身份不予告知。",
        reason_title="征求的内容", reason=inquiry.text,
        basis=[f"《中华人民共和国政府信息公开条例》第三十{'二' if third else '四'}条"], effects=[silence],
    )  # fmt: skip


@in_chinese
def longer(disclosure: Disclosure, before: datetime | None, by: Membership, at: datetime) -> Paper:
    """延期答复告知书 (DOC83): why, how many days, and the new end."""
    rows = [
        ("原答复期限", until_text(before)),
        ("延长天数", f"{disclosure.longer_days}个工作日"),
        ("新的答复期限", until_text(disclosure.due_at)),
    ]
    return _issue(
        disclosure, "DOC83", by, at, rows=rows, title="公开申请延期答复告知书",
        opening="您的政府信息公开申请不能在原期限内答复，经政府信息公开工作机构负责人同意，延长答复期限。",
        reason_title="延长的理由", reason=disclosure.longer_reason,
        basis=["《中华人民共和国政府信息公开条例》第三十三条"],
        effects=["延长只有一次。逾期仍未答复的，转效能监督督办。"],
    )  # fmt: skip


@in_chinese
def answer(disclosure: Disclosure, reply: str, by: Membership, at: datetime) -> Paper:
    """答复书 (DOC85): the kind of answer, what is given or why not, and the remedies."""
    result = Result(disclosure.result)
    basis = RESTS_ON[result][1]
    rows = [("答复种类", str(KIND_OF[result].label)), ("具体情形", str(result.label))]
    return _issue(
        disclosure, "DOC85", by, at, rows=rows, title="公开申请答复书",
        opening=f"您的政府信息公开申请（{disclosure.number}），现答复如下。",
        reason_title="答复内容和理由", reason=reply, basis=[basis],
        effects=["提供的信息不收费；申请数量、频次明显超过合理范围的除外（《中华人民共和国政府信息公开条例》第四十二条）。"],
        remedies=remedies(result, at),
    )  # fmt: skip


def remedies(result: Result, at: datetime) -> list[str]:
    """Return how an answer may be contested, and within which periods; a refusal by review first (P123)."""
    rulebook = rulebook_at(at)
    days = value_of(rulebook, "20a").number
    first = value_of(rulebook, rules.REVIEW_FIRST)
    review = words.review_of_window(days, at)
    if result in REFUSALS and first.value == "yes":
        # Behind the article stands what the county has to check: no matter of the applicant's.
        law, _note, _rest = in_words(first.basis).partition("；")
        return [f"不服本答复的，应当先{review}；对复议决定不服的，再依法提起行政诉讼（{law}）。"]
    return [f"不服本答复的，可以{review}，也可以{words.suit(rulebook)}。"]
