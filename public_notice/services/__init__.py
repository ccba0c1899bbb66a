"""What is done with notices, objections and bulletins."""

from public_notice.services.bulletins import draft_bulletin, review_bulletin
from public_notice.services.checkpoints import attest_when_due
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
from public_notice.services.notices import draft_notice, publish_notice
from public_notice.services.objections import lodge_objection, reply_objection
from public_notice.services.satisfaction import answer_satisfaction

__all__ = [
    "answer_disclosure",
    "answer_satisfaction",
    "approve_longer",
    "ask_correction",
    "ask_longer",
    "ask_view",
    "attest_when_due",
    "confirm_disclosure",
    "draft_bulletin",
    "draft_notice",
    "lodge_objection",
    "look_up_disclosure",
    "publish_notice",
    "record_view",
    "register_disclosure",
    "reply_objection",
    "request_disclosure",
    "review_bulletin",
    "supplement_disclosure",
    "withdraw_disclosure",
]
