"""Whose door it is: for every step, the columns of the table whose people may take it, by hand."""

ENTERPRISE = ("enterprise",)
WINDOW = ("window", "convenor")  # the convenor is of the window's office and takes its steps too
CONVENOR = ("convenor",)
HEAD = ("head",)
DEPARTMENT = ("clerk", "head")
EVERYBODY = (
    "enterprise", "other enterprise", "window", "convenor", "clerk", "head", "clerk elsewhere", "supervisor",
    "administrator",
)  # fmt: skip

_STEPS = {
    ENTERPRISE: "questionnaire project submit withdraw acknowledge hand_in hand_in_correction decline sign",
    WINDOW: "eligibility licence checklist strike accept ask_correction refuse finish_change verify reject_scan start",
    (*WINDOW, *DEPARTMENT): "approval",
    (*ENTERPRISE, *WINDOW): "materials",
    (*ENTERPRISE, "other enterprise"): "new",
}
_SESSIONS = {
    CONVENOR: "call session_open session_close session_cancel decide_excuse item_open item_close conclude skip_survey"
    " confirm dismiss serve_again not_ours",
    WINDOW: "second_channel",
    DEPARTMENT: "acknowledge coming opinions opinion late_opinion",
    HEAD: "excuse",
    (*CONVENOR, *DEPARTMENT): "check_in leave",
}
_WORKS = {ENTERPRISE: "report_start report_progress report_completion"}
_NOTICES = {WINDOW: "publish reply"}
_DESK = {EVERYBODY: "read_all"}


def _named(space, steps):
    return {f"{space}:{name}": roles for roles, names in steps.items() for name in names.split()}


OWNERS = {
    **_named("approvals", _STEPS),
    **_named("prereview", _SESSIONS),
    **_named("inspection", _WORKS),
    **_named("public_notice", _NOTICES),
    **_named("desk", _DESK),
}
