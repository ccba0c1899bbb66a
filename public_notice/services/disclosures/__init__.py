"""依申请公开: a request comes in, is confirmed, corrected, asked about, lengthened, answered."""

from public_notice.services.disclosures.applying import (
    confirm_disclosure,
    look_up_disclosure,
    register_disclosure,
    request_disclosure,
    supplement_disclosure,
    withdraw_disclosure,
)
from public_notice.services.disclosures.asking import ask_correction, ask_view, record_view
from public_notice.services.disclosures.deciding import (
    answer_disclosure,
    approve_longer,
    ask_longer,
)

__all__ = [
    "answer_disclosure",
    "approve_longer",
    "ask_correction",
    "ask_longer",
    "ask_view",
    "confirm_disclosure",
    "look_up_disclosure",
    "record_view",
    "register_disclosure",
    "request_disclosure",
    "supplement_disclosure",
    "withdraw_disclosure",
]
