"""What is done with sessions and opinions: plain verbs with keyword arguments."""

from prereview.services.calling import call_session, cancel_session
from prereview.services.conclusion import conclude
from prereview.services.contests import contest_default, decide_contest
from prereview.services.countersigning import countersign
from prereview.services.dispatching import (
    acknowledge_dispatch,
    acknowledge_dispatches,
    serve_dispatch_by_second_channel,
)
from prereview.services.excuses import answer_coming, decide_excuse, lodge_excuse
from prereview.services.follow_ups import finish_follow_up
from prereview.services.in_sets import settle_all
from prereview.services.minutes import Decision
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
from prereview.services.reassigning import reassign_dispatch, reassign_opinion, reassign_summons
from prereview.services.recusal import declare_recusal, lift_recusal
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
from prereview.services.serving import acknowledge, serve_by_second_channel
from prereview.services.site import skip_survey
from prereview.services.withdrawal import decide_withdrawal, propose_withdrawal

__all__ = [
    "Decision",
    "acknowledge",
    "acknowledge_dispatch",
    "acknowledge_dispatches",
    "advance",
    "agree_to_all",
    "answer_coming",
    "answer_part",
    "ask_part",
    "call_session",
    "cancel_session",
    "check_in",
    "close_item",
    "close_session",
    "conclude",
    "confirm_default",
    "contest_default",
    "contest_roll",
    "countersign",
    "decide_contest",
    "decide_excuse",
    "decide_not_ours",
    "decide_roll_contest",
    "decide_withdrawal",
    "declare_recusal",
    "dismiss_default",
    "end_away",
    "end_mandate",
    "enter_away",
    "enter_opinion",
    "finish_follow_up",
    "give_late_opinion",
    "give_opinion",
    "grant_mandate",
    "leave",
    "lift_recusal",
    "lodge_excuse",
    "open_item",
    "open_session",
    "propose_withdrawal",
    "reassign_dispatch",
    "reassign_opinion",
    "reassign_summons",
    "save_draft",
    "serve_by_second_channel",
    "serve_dispatch_by_second_channel",
    "serve_slot_again",
    "set_rule",
    "settle_all",
    "skip_survey",
]
