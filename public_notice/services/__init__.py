"""What is done with notices, objections and bulletins."""

from public_notice.services.bulletins import draft_bulletin, review_bulletin
from public_notice.services.checkpoints import attest_when_due
from public_notice.services.notices import draft_notice, publish_notice
from public_notice.services.objections import lodge_objection, reply_objection
from public_notice.services.openness import (
    note_publication,
    publish_information,
    strike_matter,
    write_matter,
)
from public_notice.services.satisfaction import answer_satisfaction

__all__ = [
    "answer_satisfaction",
    "attest_when_due",
    "draft_bulletin",
    "draft_notice",
    "lodge_objection",
    "note_publication",
    "publish_information",
    "publish_notice",
    "reply_objection",
    "review_bulletin",
    "strike_matter",
    "write_matter",
]
