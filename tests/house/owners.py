"""Whose door it is: for every step, the columns of the table whose people may take it, by hand."""

ENTERPRISE = ("enterprise",)
WINDOW = ("window", "convenor")  # the convenor is of the window's office and takes its steps too
CONVENOR = ("convenor",)
HEAD = ("head",)
DEPARTMENT = ("clerk", "head")
ATTENDING = (*WINDOW, *DEPARTMENT, "clerk elsewhere")  # who has a calendar of sessions
EVERYBODY = (
    "enterprise", "other enterprise", "window", "convenor", "clerk", "head", "clerk elsewhere", "supervisor",
    "administrator",
)  # fmt: skip

_STEPS = {
    ENTERPRISE: "questionnaire project submit withdraw acknowledge hand_in hand_in_correction decline sign query_code"
    " grant_authority end_authority hand_in_change",
    WINDOW: "eligibility licence checklist strike review accept ask_correction refuse finish_change verify reject_scan"
    " start paper_intake decide_paper return_change"
    " counter drop_application hand_out paper_certificate",
    ("window",): "take_back_paper",  # who entered it, which in the table is the window
    ("supervisor",): "decide_later lift_application_bar",
    CONVENOR: "suspend_limit resume_limit extend_limit",
    (*ENTERPRISE, *WINDOW): "materials hand_over",
    (*ENTERPRISE, "other enterprise"): "new standing agents end_agent",  # each its own
    (*WINDOW, "administrator"): "paper_again",
    # A department seals what it has issued itself.
    (*WINDOW, *DEPARTMENT): "approval take_up later paper_seal paper_scan",
    (*CONVENOR, "supervisor"): "paper_void paper_correct",
    EVERYBODY: "incoming papers",
}
_SESSIONS = {
    CONVENOR: "call plan session_open session_close session_cancel session_move session_add session_route recorder"
    " answer_question decide_excuse item_open item_close conclude skip_survey"
    " confirm dismiss serve_again not_ours decide_contest withdraw"
    " admit_online settle_conflict add_action return_minutes drop_action site_settle decide_second_visit put_back",
    WINDOW: "second_channel enter serve_dispatch",
    DEPARTMENT: "me by_code finish_action ask acknowledge coming opinions opinion draft late_opinion sign_dispatch"
    " sign_file site_presence site_finding site_photo site_sign second_visit"
    " recuse ask_part reassign_opinion reassign_summons reassign_dispatch",
    (
        *DEPARTMENT,
        "clerk elsewhere",
    ): "sign_dispatches away withdraw_away enter_away",  # each department its own
    HEAD: "excuse contest countersign contest_roll add_mandate department_rule",
    # The recorder whom a session has named: in the table none has one.
    (): "confirm_roll reading",
    ("supervisor",): "decide_withdrawal follow_up decide_roll",
    (*CONVENOR, *DEPARTMENT): "check_in leave",
    ATTENDING: "feed withdraw_feed",
}
_WORKS = {
    ENTERPRISE: "report_start report_progress change_node report_completion apply_acceptance amendment report_amendment"
    " report_rectified request_exit give_views ask_lift apply_repair",
    DEPARTMENT: "call_visit verdicts verdict conclude_acceptance hold_check recheck record_use"
    " check_photo check_statement",
    (*WINDOW, *DEPARTMENT): "propose_measure plan_check record_early_start",
    WINDOW: "joint_check",
    CONVENOR: "decide_measure lift_stop uphold_stop draw_again strike_node",
    (*CONVENOR, *DEPARTMENT): "call_off_check decide_repair",
    (*CONVENOR, "administrator"): "draws",
}
_NOTICES = {
    ENTERPRISE: "satisfaction lifting_view",
    (
        *CONVENOR,
        "supervisor",
    ): "decide confidential_review confidential_lifting",  # in the table the part of an objection
    WINDOW: "publish reply propose posting hearing admit disclosure_register disclosure_confirm"
    " disclosure_correction disclosure_view"
    " disclosure_longer disclosure_answer disclosure_view_answer mark_in_objection mark_in_disclosure",
    CONVENOR: "disclosure_approve",
    (*ENTERPRISE, *WINDOW): "mark_in_case",
    DEPARTMENT: "letter_reply",  # in the table the department that it was assigned to
    (*DEPARTMENT, "supervisor"): "letter_return letter_review mark_in_letter",
    (*WINDOW, "supervisor"): "letter_register confidential_lift confidential_lift_withdraw",
    ("supervisor",): "bulletin_desk letter_assign letter_admit letter_longer",
    ("supervisor", "administrator"): "bulletin_review letter_hide letter_decide_hiding",
    (*WINDOW, *DEPARTMENT, "supervisor", "administrator"): "openness_check",
    (
        *DEPARTMENT,
        "administrator",
    ): "publish_information",  # in the table the department of the works owes it
    ("administrator",): "openness_matters strike_matter survey_begin",
}
# For programs, each step has the owners that its page has.
_FILINGS = {
    ENTERPRISE: "answers project submit withdraw acknowledge hand_in hand_in_correction decline sign"
    " report_start report_progress change_node report_completion apply_acceptance hand_in_amendment request_exit"
    " renew_query_code grant satisfaction",
    (*ENTERPRISE, *WINDOW): "hand_over confidential",
    (*WINDOW, *DEPARTMENT): "plan_check propose_measure ask_later record_early_start",
    WINDOW: "eligibility ordinary licence serve review accept ask_correction refuse reject_scan verify notify_start"
    " publish enter_paper enter_application drop_application hand_out plan_joint_check",
    CONVENOR: "skip_survey strike_node",
    DEPARTMENT: "agree_to_all record_use",
    (*ENTERPRISE, "other enterprise"): "list",  # a new one
}
_THINGS = {
    (*ENTERPRISE, "other enterprise"): "standing_list authority_list",  # keeps or gives a new one
    ENTERPRISE: "material_upload material_use_standing material_promise finding_rectify verdict_amend"
    " measure_give_views measure_ask_lift measure_apply_repair authority_end change_hand_in lifting_view_give",
    ("window",): "paper_intake_take_back",
    WINDOW: "paper_filing_list gap_check disclosure_list disclosure_confirm disclosure_correction disclosure_view"
    " disclosure_longer disclosure_answer disclosure_inquiry_record"
    " item_strike change_finish summons_serve objection_reply objection_hearing objection_admit"
    " objection_confidential disclosure_confidential"
    " notice_propose notice_posting opinion_enter dispatch_serve"
    " paper_intake_confirm paper_intake_refuse change_return",
    (
        *WINDOW,
        *DEPARTMENT,
    ): "item_approval item_take_up material_check"  # a department what the acceptance needs
    " paper_hand_in_scan paper_confirm_scan paper_refuse_scan paper_sign",  # and what it has issued
    CONVENOR: "disclosure_approve"
    " session_list session_move session_add_department session_route session_question_answer"
    " session_open session_close session_replace_recorder"
    " session_cancel summons_decide_excuse summons_put_back agenda_item_open"
    " agenda_item_close agenda_item_conclude opinion_confirm opinion_dismiss opinion_serve_again opinion_not_ours"
    " opinion_decide_contest opinion_withdraw"
    " agenda_item_propose agenda_item_return agenda_item_settle_conflict agenda_item_add_action"
    " summons_admit_online action_drop"
    " agenda_item_site_settle second_visit_decide draw_again"
    " measure_decide measure_lift_stop measure_uphold_stop limit_suspend limit_resume limit_extend"
    " gap_suspend gap_resume opinion_suspend opinion_resume",
    (): "session_confirm_roll agenda_item_confirm",  # the recorder's, whom no session of the table has
    DEPARTMENT: "session_enter session_agree action_finish summons_ask dispatch_acknowledge summons_acknowledge"
    " summons_coming opinion_recuse opinion_ask_part opinion_reassign summons_reassign dispatch_reassign"
    " opinion_give opinion_draft opinion_late check_hold check_photo check_statement finding_recheck"
    " agenda_item_site_presence agenda_item_site_finding agenda_item_site_photo agenda_item_site_signature"
    " agenda_item_second_visit acceptance_call_visit acceptance_pass_all acceptance_conclude verdict_give letter_reply",
    HEAD: "finding_extend summons_excuse opinion_contest opinion_countersign summons_contest_roll department_rule_set"
    " mandate_list",
    (*DEPARTMENT, "supervisor"): "letter_return letter_review_reply letter_confidential",
    (
        *WINDOW,
        "supervisor",
    ): "letter_list confidential_part_lift confidential_part_withdraw_lifting",
    (*CONVENOR, *DEPARTMENT): "summons_check_in summons_leave check_call_off repair_decide",
    (*CONVENOR, "administrator"): "draw_make draw_list",
    (*WINDOW, "administrator"): "paper_again",
    (
        *CONVENOR,
        "supervisor",
    ): "paper_void paper_correct notice_proposal_decide confidential_part_review"
    " confidential_part_decide_lifting",
    (
        "supervisor",
    ): "filing_lift_application_bar later_request_sign later_request_refuse catalogue_edition_revoke"
    " correction_case_close opinion_decide_withdrawal"
    " summons_decide_roll opinion_follow_up bulletin_draft_list kept_limit_shorten letter_assign letter_admit"
    " letter_longer",
    (
        "supervisor",
        "administrator",
    ): "bulletin_draft_review catalogue_draft_adopt catalogue_draft_send_back letter_hide letter_decide_hiding",
    (*ENTERPRISE, *WINDOW, *DEPARTMENT, "supervisor"): "evidence_pack_list",
    (
        *WINDOW,
        *DEPARTMENT,
        "clerk elsewhere",
        "supervisor",
        "administrator",
    ): "publication_list",
    (*DEPARTMENT, "administrator"): "publication_publish",
    (
        "administrator",
    ): "survey_begin calendar_list calendar_preview calendar_preview_close calendar_close"
    " calendar_preview_reopen calendar_reopen sending_again"
    " open_matter_version_list open_matter_strike"
    " catalogue_draft_list catalogue_draft_change catalogue_draft_strike catalogue_draft_upload"
    " catalogue_draft_propose catalogue_draft_withdraw"
    " catalogue_draft_rebase catalogue_draft_import catalogue_draft_preview_import"
    " past_batch_list past_batch_preview past_batch_withdraw",
    (*DEPARTMENT, "clerk elsewhere"): "day_away_list day_away_withdraw away_list",
    ATTENDING: "calendar_feed_list calendar_feed_withdraw",
    EVERYBODY: "filing_make_out message_read message_settings incoming_list incoming_receive incoming_abandon",
}
_DESK = {
    (*ENTERPRISE, *WINDOW, *DEPARTMENT, "supervisor"): "evidence",
    EVERYBODY: "read_all tokens revoke_token message_settings",
    (
        "administrator",
    ): "load_calendar close_counters reopen_counters send_again open_catalogue_draft change_row"
    " strike_row load_tables import_tables rebase_draft propose_catalogue withdraw_catalogue load_past withdraw_past",
    ("supervisor",): "shorten_limit revoke_catalogue",
    ("supervisor", "administrator"): "what_if decide_catalogue",
}


def _named(space, steps):
    between = "_" if ":" in space else ":"
    return {
        f"{space}{between}{name}": roles for roles, names in steps.items() for name in names.split()
    }


OWNERS = {
    **_named("approvals", _STEPS),
    **_named("prereview", _SESSIONS),
    **_named("inspection", _WORKS),
    **_named("api:filing", _FILINGS),
    **_named("api", _THINGS),
    **_named("public_notice", _NOTICES),
    **_named("desk", _DESK),
}
