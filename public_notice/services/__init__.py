"""What is done with notices, objections and bulletins."""

from public_notice.services.bulletins import draft_bulletin, review_bulletin
from public_notice.services.checkpoints import attest_when_due
from public_notice.services.confidential import mark_part, review_part
from public_notice.services.disclosures import (
    answer_disclosure,
    approve_longer,
    ask_correction,
    ask_longer,
    ask_view,
    confirm_disclosure,
    look_up_disclosure,
    record_view,
    register_disclosure,
    request_disclosure,
    supplement_disclosure,
    withdraw_disclosure,
)
from public_notice.services.hearings import admit_objection, settle_hearing
from public_notice.services.inviting import begin_yearly_survey
from public_notice.services.lifting import ask_lifting, decide_lifting
from public_notice.services.lifting_views import give_view, withdraw_lifting
from public_notice.services.mailbox import (
    admit_letter,
    ask_hiding,
    assign_letter,
    decide_hiding,
    judge_letter,
    lengthen_letter,
    look_up_letter,
    make_letter_receipt,
    register_letter,
    reply_letter,
    return_letter,
    review_letter_reply,
    write_letter,
)
from public_notice.services.notices import draft_notice, publish_notice
from public_notice.services.objections import lodge_objection, reply_objection
from public_notice.services.openness import (
    note_publication,
    publish_information,
    strike_matter,
    write_matter,
)
from public_notice.services.postings import prove_posting
from public_notice.services.proposals import decide_proposal, propose
from public_notice.services.satisfaction import answer_satisfaction, answer_survey
from public_notice.services.subscription_letters import tell_subscribers
from public_notice.services.subscriptions import (
    ask_subscription,
    confirm_subscription,
    end_subscription,
)
from public_notice.services.watching import watch_notices

__all__ = [
    "admit_letter",
    "admit_objection",
    "answer_disclosure",
    "answer_satisfaction",
    "answer_survey",
    "approve_longer",
    "ask_correction",
    "ask_hiding",
    "ask_lifting",
    "ask_longer",
    "ask_subscription",
    "ask_view",
    "assign_letter",
    "attest_when_due",
    "begin_yearly_survey",
    "confirm_disclosure",
    "confirm_subscription",
    "decide_hiding",
    "decide_lifting",
    "decide_proposal",
    "draft_bulletin",
    "draft_notice",
    "end_subscription",
    "give_view",
    "judge_letter",
    "lengthen_letter",
    "lodge_objection",
    "look_up_disclosure",
    "look_up_letter",
    "make_letter_receipt",
    "mark_part",
    "note_publication",
    "propose",
    "prove_posting",
    "publish_information",
    "publish_notice",
    "record_view",
    "register_disclosure",
    "register_letter",
    "reply_letter",
    "reply_objection",
    "request_disclosure",
    "return_letter",
    "review_bulletin",
    "review_letter_reply",
    "review_part",
    "settle_hearing",
    "strike_matter",
    "supplement_disclosure",
    "tell_subscribers",
    "watch_notices",
    "withdraw_disclosure",
    "withdraw_lifting",
    "write_letter",
    "write_matter",
]
