"""What the public sees and says: notices, objections, bulletins, answers about how a case went."""

from public_notice.models.bulletins import Bulletin
from public_notice.models.confidential import ConfidentialPart
from public_notice.models.disclosure import Disclosure, Inquiry
from public_notice.models.lifting import LiftingView
from public_notice.models.mailbox import BoxLetter, MailboxKind, MailboxReply
from public_notice.models.notices import Notice, NoticeText, new_public_id
from public_notice.models.objections import Objection, new_code
from public_notice.models.open_texts import OpenText
from public_notice.models.openness import OpenMatter, Publication
from public_notice.models.proposals import Posting, Proposal
from public_notice.models.satisfaction import (
    Asked,
    SurveyCode,
    SurveyCount,
    SurveyQuestion,
    SurveyRemark,
    SurveyRound,
    Tally,
)
from public_notice.models.subscriptions import Subscription, SubscriptionLetter
from public_notice.models.watching import Hit, LostDay

__all__ = [
    "Asked",
    "BoxLetter",
    "Bulletin",
    "ConfidentialPart",
    "Disclosure",
    "Hit",
    "Inquiry",
    "LiftingView",
    "LostDay",
    "MailboxKind",
    "MailboxReply",
    "Notice",
    "NoticeText",
    "Objection",
    "OpenMatter",
    "OpenText",
    "Posting",
    "Proposal",
    "Publication",
    "Subscription",
    "SubscriptionLetter",
    "SurveyCode",
    "SurveyCount",
    "SurveyQuestion",
    "SurveyRemark",
    "SurveyRound",
    "Tally",
    "new_code",
    "new_public_id",
]
