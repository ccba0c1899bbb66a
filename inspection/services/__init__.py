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
from inspection.services.breaches import Breach, Looked
from inspection.services.checks import call_off_check, hold_check, plan_check
from inspection.services.draws import draw_again, draw_random_checks
from inspection.services.early_use import Use, record_use
from inspection.services.effects import OrganDecision, close_books, mark_bounds
from inspection.services.exits import request_exit
from inspection.services.findings import recheck, report_rectified
from inspection.services.measures import Intention, decide_measure, give_views, propose_measure
from inspection.services.node_changes import change_node
from inspection.services.node_strikes import strike_node
from inspection.services.onsite import Said, enter_check_photo, take_statement
from inspection.services.plan import make_plan, plan_joint_check
from inspection.services.repairs import apply_repair, decide_repair
from inspection.services.reports import report_completion, report_progress, report_start
from inspection.services.starts import record_early_start
from inspection.services.stops import ask_lift, lift_stop, uphold_stop

__all__ = [
    "Breach",
    "Intention",
    "Looked",
    "OrganDecision",
    "Said",
    "Use",
    "apply_acceptance",
    "apply_repair",
    "ask_lift",
    "call_off_check",
    "call_visit",
    "change_node",
    "close_books",
    "conclude_acceptance",
    "decide_measure",
    "decide_repair",
    "draw_again",
    "draw_random_checks",
    "enter_check_photo",
    "give_verdict",
    "give_views",
    "hand_in_amendment",
    "hold_check",
    "lift_stop",
    "make_plan",
    "mark_bounds",
    "pass_all",
    "plan_check",
    "plan_joint_check",
    "propose_measure",
    "recheck",
    "record_early_start",
    "record_use",
    "report_amendment",
    "report_completion",
    "report_progress",
    "report_rectified",
    "report_start",
    "request_exit",
    "strike_node",
    "take_statement",
    "uphold_stop",
]
