"""What is done with sessions and opinions: plain verbs with keyword arguments."""

from approvals.services.device import Mark
from prereview.services.adding import add_department
from prereview.services.calling import call_session, cancel_session
from prereview.services.conclusion import conclude
from prereview.services.contests import contest_default, decide_contest
from prereview.services.countersigning import countersign
from prereview.services.dispatching import (
    acknowledge_dispatch,
    acknowledge_dispatches,
    serve_dispatch_by_second_channel,
)
from prereview.services.entering import admit_online, enter_by_code
from prereview.services.excuses import answer_coming, decide_excuse, lodge_excuse
from prereview.services.feed import draw_calendar_feed, withdraw_calendar_feed
from prereview.services.follow_ups import finish_follow_up
from prereview.services.in_sets import settle_all
from prereview.services.minutes import Decision
from prereview.services.moving import move_session
from prereview.services.opinions import (
    agree_to_all,
    confirm_default,
    decide_not_ours,
    dismiss_default,
    give_late_opinion,
    give_opinion,
    serve_slot_again,
)
from prereview.services.other_words import enter_opinion, save_draft
from prereview.services.outcome import advance
from prereview.services.parts import answer_part, ask_part
from prereview.services.planning import enter_day_away, plan_route, withdraw_day_away
from prereview.services.putting_back import put_back
from prereview.services.questions import answer_question, ask_question
from prereview.services.reading import (
    confirm_minutes,
    confirm_roll,
    propose_minutes,
    replace_recorder,
    return_minutes,
)
from prereview.services.reassigning import reassign_dispatch, reassign_opinion, reassign_summons
from prereview.services.recusal import declare_recusal, lift_recusal
from prereview.services.resolving import (
    add_action,
    drop_action,
    finish_action,
    settle_conflict,
)
from prereview.services.roll import (
    check_in,
    close_item,
    close_session,
    leave,
    open_item,
    open_session,
)
from prereview.services.roll_contests import contest_roll, decide_roll_contest
from prereview.services.roster import end_away, end_mandate, enter_away, grant_mandate, set_rule
from prereview.services.second_visit import ask_second_visit, decide_second_visit
from prereview.services.serving import acknowledge, serve_by_second_channel
from prereview.services.site import skip_survey
from prereview.services.visit import (
    enter_finding,
    enter_photo,
    enter_presence,
    settle_findings,
    sign_site,
)
from prereview.services.withdrawal import decide_withdrawal, propose_withdrawal

__all__ = [
    "Decision",
    "Mark",
    "acknowledge",
    "acknowledge_dispatch",
    "acknowledge_dispatches",
    "add_action",
    "add_department",
    "admit_online",
    "advance",
    "agree_to_all",
    "answer_coming",
    "answer_part",
    "answer_question",
    "ask_part",
    "ask_question",
    "ask_second_visit",
    "call_session",
    "cancel_session",
    "check_in",
    "close_item",
    "close_session",
    "conclude",
    "confirm_default",
    "confirm_minutes",
    "confirm_roll",
    "contest_default",
    "contest_roll",
    "countersign",
    "decide_contest",
    "decide_excuse",
    "decide_not_ours",
    "decide_roll_contest",
    "decide_second_visit",
    "decide_withdrawal",
    "declare_recusal",
    "dismiss_default",
    "draw_calendar_feed",
    "drop_action",
    "end_away",
    "end_mandate",
    "enter_away",
    "enter_by_code",
    "enter_day_away",
    "enter_finding",
    "enter_opinion",
    "enter_photo",
    "enter_presence",
    "finish_action",
    "finish_follow_up",
    "give_late_opinion",
    "give_opinion",
    "grant_mandate",
    "leave",
    "lift_recusal",
    "lodge_excuse",
    "move_session",
    "open_item",
    "open_session",
    "plan_route",
    "propose_minutes",
    "propose_withdrawal",
    "put_back",
    "reassign_dispatch",
    "reassign_opinion",
    "reassign_summons",
    "replace_recorder",
    "return_minutes",
    "save_draft",
    "serve_by_second_channel",
    "serve_dispatch_by_second_channel",
    "serve_slot_again",
    "set_rule",
    "settle_all",
    "settle_conflict",
    "settle_findings",
    "sign_site",
    "skip_survey",
    "withdraw_calendar_feed",
    "withdraw_day_away",
]
