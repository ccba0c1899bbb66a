"""What is done after the start: plain verbs with keyword arguments, each whole or not at all."""

from inspection.services.acceptance import (
    apply_acceptance,
    call_visit,
    conclude_acceptance,
    give_verdict,
    hand_in_amendment,
    pass_all,
    report_amendment,
)
from inspection.services.reports import report_completion, report_progress, report_start

__all__ = [
    "apply_acceptance",
    "call_visit",
    "conclude_acceptance",
    "give_verdict",
    "hand_in_amendment",
    "pass_all",
    "report_amendment",
    "report_completion",
    "report_progress",
    "report_start",
]
