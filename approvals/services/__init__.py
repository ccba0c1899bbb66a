"""What is done with a filing: plain verbs with keyword arguments, each whole or not at all."""

from approvals.services.approving import take_up_item
from approvals.services.authority import end_authority, grant_authority, grant_for_all
from approvals.services.barring import lift_application_bar
from approvals.services.changes import finish_change, hand_in_change, return_change
from approvals.services.checklist import (
    acknowledge_checklist,
    confirm_licence,
    decide_eligible,
    send_to_ordinary,
    serve_checklist,
)
from approvals.services.commitment import (
    decline_items,
    offer_letter,
    reject_scan,
    sign_letter,
    verify_letter,
)
from approvals.services.counter import (
    drop_application,
    enter_application,
    hand_out_paper,
    open_at_counter,
)
from approvals.services.credit import bar_tolerance, lift_bar
from approvals.services.drafts import open_draft, save_answers, save_project, submit, withdraw
from approvals.services.files import upload_material, upload_materials
from approvals.services.following import progress_address, renew_query_code
from approvals.services.gate import (
    close_case,
    notify_start,
    open_gate,
    record_approval,
    replace_by_commitment,
)
from approvals.services.hand_over import hand_over
from approvals.services.intake import (
    accept,
    ask_correction,
    check_all_fine,
    check_material,
    deem_accepted,
    hand_in,
    hand_in_correction,
    refuse,
)
from approvals.services.later import ask_later, refuse_later, sign_later
from approvals.services.paper_intake import (
    confirm_paper,
    enter_paper,
    refuse_paper,
    take_back_paper,
)
from approvals.services.review import review_materials
from approvals.services.standing import keep_standing, use_standing
from approvals.services.stoppages import extend_limit, resume_limit, suspend_limit
from approvals.services.striking import strike_item
from approvals.services.telling import tell_enterprise
from approvals.services.tolerance import check_gap, promise_gap

__all__ = [
    "accept",
    "acknowledge_checklist",
    "ask_correction",
    "ask_later",
    "bar_tolerance",
    "check_all_fine",
    "check_gap",
    "check_material",
    "close_case",
    "confirm_licence",
    "confirm_paper",
    "decide_eligible",
    "decline_items",
    "deem_accepted",
    "drop_application",
    "end_authority",
    "enter_application",
    "enter_paper",
    "extend_limit",
    "finish_change",
    "grant_authority",
    "grant_for_all",
    "hand_in",
    "hand_in_change",
    "hand_in_correction",
    "hand_out_paper",
    "hand_over",
    "keep_standing",
    "lift_application_bar",
    "lift_bar",
    "notify_start",
    "offer_letter",
    "open_at_counter",
    "open_draft",
    "open_gate",
    "progress_address",
    "promise_gap",
    "record_approval",
    "refuse",
    "refuse_later",
    "refuse_paper",
    "reject_scan",
    "renew_query_code",
    "replace_by_commitment",
    "resume_limit",
    "return_change",
    "review_materials",
    "save_answers",
    "save_project",
    "send_to_ordinary",
    "serve_checklist",
    "sign_later",
    "sign_letter",
    "strike_item",
    "submit",
    "suspend_limit",
    "take_back_paper",
    "take_up_item",
    "tell_enterprise",
    "upload_material",
    "upload_materials",
    "use_standing",
    "verify_letter",
    "withdraw",
]
