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
from inspection.services.checks import Breach, Looked, call_off_check, hold_check, plan_check
from inspection.services.draws import draw_random_checks
from inspection.services.findings import recheck, report_rectified
from inspection.services.reports import report_completion, report_progress, report_start

__all__ = [
    "Breach",
    "Looked",
    "apply_acceptance",
    "call_off_check",
    "call_visit",
    "conclude_acceptance",
    "draw_random_checks",
    "give_verdict",
    "hand_in_amendment",
    "hold_check",
    "pass_all",
    "plan_check",
    "recheck",
    "report_amendment",
    "report_completion",
    "report_progress",
    "report_rectified",
    "report_start",
]
