"""意见箱: a letter comes in, is assigned, answered, judged by its writer; its words may be hidden by two."""

from public_notice.services.mailbox.handling import (
    admit_letter,
    ask_hiding,
    assign_letter,
    decide_hiding,
    return_letter,
)
from public_notice.services.mailbox.papers import make_letter_receipt
from public_notice.services.mailbox.replying import (
    lengthen_letter,
    reply_letter,
    review_letter_reply,
)
from public_notice.services.mailbox.writing import (
    judge_letter,
    look_up_letter,
    register_letter,
    write_letter,
)

__all__ = [
    "admit_letter",
    "ask_hiding",
    "assign_letter",
    "decide_hiding",
    "judge_letter",
    "lengthen_letter",
    "look_up_letter",
    "make_letter_receipt",
    "register_letter",
    "reply_letter",
    "return_letter",
    "review_letter_reply",
    "write_letter",
]
