"""来信回执 (DOC86): made out once, when the writer asks for it. Who wrote, and the words, stand in no paper."""

from datetime import datetime

from django.db import transaction

from accounts.services import public_actor
from approvals.services import words
from core.deadlines.queries import rulebook_at, value_of
from core.documents.models import Paper
from core.steps.moves import locked
from core.steps.papers import in_chinese, issue, time_text
from public_notice import rules
from public_notice.models import BoxLetter
from public_notice.services.mailbox.writing import digest_of

KIND = "DOC86"
NO_DATE = "待放假安排公布后确定"


def receipt_of(letter: BoxLetter) -> Paper | None:
    """Return the receipt on paper of a letter; None where nobody has asked for it."""
    return Paper.objects.filter(book_id=letter.book_id, kind=KIND).first()


@transaction.atomic
def make_letter_receipt(letter: BoxLetter, *, at: datetime) -> Paper:
    """领取回执: asked for by whoever has shown number and code; asked for again, it is the same paper."""
    letter = locked(letter)
    return receipt_of(letter) or _made(letter, at)


@in_chinese
def _made(letter: BoxLetter, at: datetime) -> Paper:
    value = value_of(rulebook_at(at), rules.LETTER.code)
    rows = [
        ("来信类别", letter.kind.name),
        ("来信渠道", str(letter.get_channel_display())),
        ("收到时间", time_text(letter.received_at)),
        ("答复期限", time_text(letter.due_at) if letter.due_at and letter.running else NO_DATE),
    ]
    if not letter.running:
        rows.pop()
    if letter.work_order:
        rows.append(("12345工单号", letter.work_order))
    content = {
        "issuer": words.issuer(at),
        "title": "意见箱来信回执",
        "addressee": "来信人",
        "opening": "您的来信已经收到并编号。凭来信编号和查询码可以查询答复、作出评价；查询码不印在本件上。",
        "application": {"number": letter.number},
        "rows": [{"name": name, "text": text} for name, text in rows],
        "reason_title": "来信内容的摘要值",
        "reason": digest_of(letter),
        "basis": [words.rule_basis(rulebook_at(at), value)],
        "effects": [
            "摘要值与台账中收到本信的记录一致；凭来信原文、姓名、联系方式和查询码可以核对。",
            "逾期未答复的，转效能监督督办；不答复不算办完。",
        ],
    }
    return issue(
        "mailbox_receipt", content, book=letter.book, kind=KIND, by=public_actor(), at=at, public=False
    )  # fmt: skip
