"""不予公示告知 (DOC20): the signed letter is not published as it is; why, and to which step it goes back."""

from datetime import datetime

from accounts.models import Membership
from approvals.models import Letter
from approvals.services.leaving import paper_head, rules_of
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text


@in_chinese
def not_published(letter: Letter, *, reason: str, by: Membership, at: datetime) -> Paper:
    """Issue the notice with the return of the scan; nothing was published."""
    filing = letter.filing
    assert letter.signed_at is not None
    content = {
        **paper_head(filing, at),
        "letter_number": letter.paper.number,
        "signed_text": time_text(letter.signed_at),
        "step": "签署承诺书",
        "reason": reason.strip(),
        "basis": rules_of(filing),
        "effects": [
            "承诺书退回签署环节，签署期限自本告知作出之日起重新计算。",
            "没有公示的承诺不产生替代审批的效力；不予公示不计入信用记录。",
        ],
        "next": ["请按上列理由重新签字、盖章后上传；窗口核验无误即予公示。"],
    }
    return issue("not_published", content, book=filing.book, kind="DOC20", by=by, at=at)
