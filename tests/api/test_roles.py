"""Whose step is it: every step of the API against every role, each with its answer."""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction

from config.api import VERSION_1
from core import clock
from tests.api.programs import Program
from tests.api.world import World
from tests.conftest import instant
from tests.share import dealt, mine
from tests.standing import standing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

E, W, C, D, H = "enterprise", "window", "convenor", "clerk", "head"
COUNTER = {W, C}  # the convenor is one of the window's people
OFFICES = {D, H}
# Who may take a step; everybody else is refused with 403, or with 404 where the thing is none of their business.
WHOSE = {
    "filing_open": {E, "other enterprise"},
    "filing_answers": {E},
    "filing_project": {E},
    "filing_submit": {E},
    "filing_withdraw": {E},
    "filing_renew_query_code": {E},
    "filing_acknowledge": {E},
    "filing_hand_in": {E},
    "filing_hand_in_correction": {E},
    "filing_decline": {E},
    "filing_sign": {E},
    "filing_skip_survey": {C},
    "filing_agree_to_all": OFFICES,
    "material_upload": {E},
    "change_hand_in": {E},
    "material_use_standing": {E},
    "material_promise": {E},
    "standing_keep": {E, "other enterprise"},  # each its own
    "material_check": {*COUNTER, *OFFICES},  # what the acceptance wants, its department
    "filing_ask_later": {*COUNTER, *OFFICES},
    "filing_grant": {E},
    "authority_grant_for_all": {E, "other enterprise"},  # each its own
    "paper_filing_open": COUNTER,
    "paper_intake_take_back": {W},  # who entered it
    "authority_end": {E},  # and the agent, who stands in no column
    "filing_hand_over": {E, *COUNTER},
    "filing_lift_application_bar": {"supervisor"},
    "later_request_sign": {"supervisor"},
    "later_request_refuse": {"supervisor"},
    "item_approval": {*COUNTER, *OFFICES},
    "item_take_up": {*COUNTER, *OFFICES},
    "limit_suspend": {C},  # of a limit that is no department's own
    "limit_resume": {C},
    "limit_extend": {C},
    "gap_suspend": {C},
    "gap_resume": {C},
    "opinion_suspend": {C},
    "opinion_resume": {C},
    "session_call": {C},
    "session_open": {C},
    "session_close": {C},
    "session_cancel": {C},
    "session_move": {C},
    "session_add_department": {C},
    "session_route": {C},
    "day_away_enter": OFFICES,
    "day_away_withdraw": OFFICES,
    "session_question_answer": {C},
    "summons_ask": OFFICES,
    "agenda_item_open": {C},
    "agenda_item_close": {C},
    "agenda_item_conclude": {C},
    "session_enter": OFFICES,
    "session_agree": OFFICES,
    "session_replace_recorder": {C},
    "session_confirm_roll": set(),  # the recorder's, whom a session names at its opening
    "agenda_item_confirm": set(),
    "agenda_item_propose": {C},
    "agenda_item_return": {C},
    "agenda_item_settle_conflict": {C},
    "agenda_item_add_action": {C},
    "summons_admit_online": {C},
    "action_finish": OFFICES,  # whose it is
    "action_drop": {C},
    "agenda_item_site_presence": OFFICES,
    "agenda_item_site_finding": OFFICES,
    "agenda_item_site_photo": OFFICES,
    "agenda_item_site_signature": OFFICES,
    "agenda_item_site_settle": {C},
    "agenda_item_second_visit": OFFICES,
    "second_visit_decide": {C},
    "dispatch_acknowledge": OFFICES,
    "summons_acknowledge": OFFICES,
    "summons_coming": OFFICES,
    "summons_excuse": {H},
    "summons_decide_excuse": {C},
    "summons_check_in": {C, *OFFICES},
    "summons_leave": {C, *OFFICES},
    "summons_put_back": {C},
    "opinion_draft": OFFICES,
    "opinion_give": OFFICES,
    "opinion_late": OFFICES,
    "opinion_confirm": {C},
    "opinion_dismiss": {C},
    "opinion_serve_again": {C},
    "opinion_not_ours": {C},
    "opinion_contest": {H},
    "opinion_decide_contest": {C},
    "opinion_withdraw": {C},
    "opinion_decide_withdrawal": {"supervisor"},
    "opinion_follow_up": {"supervisor"},
    "bulletin_draft_draft": {"supervisor"},
    "disclosure_register": COUNTER,
    "disclosure_confirm": COUNTER,
    "disclosure_correction": COUNTER,
    "disclosure_view": COUNTER,
    "disclosure_longer": COUNTER,
    "disclosure_approve": {C},
    "disclosure_answer": COUNTER,
    "disclosure_inquiry_record": COUNTER,
    "filing_confidential": {E, *COUNTER},
    "objection_confidential": COUNTER,
    "disclosure_confidential": COUNTER,
    "letter_confidential": {*OFFICES, "supervisor"},
    "confidential_part_review": {C, "supervisor"},  # of an objection
    "confidential_part_lift": {*COUNTER, "supervisor"},
    "confidential_part_withdraw_lifting": {*COUNTER, "supervisor"},
    "lifting_view_give": {E},
    "confidential_part_decide_lifting": {C, "supervisor"},
    "letter_longer": {"supervisor"},
    "letter_review_reply": {*OFFICES, "supervisor"},
    "letter_register": {*COUNTER, "supervisor"},
    "letter_assign": {"supervisor"},
    "letter_admit": {"supervisor"},
    "letter_return": {*OFFICES, "supervisor"},
    "letter_reply": OFFICES,  # of the department that it was assigned to
    "letter_hide": {"supervisor", "administrator"},
    "letter_decide_hiding": {"supervisor", "administrator"},
    "survey_begin": {"administrator"},
    "bulletin_draft_review": {"supervisor", "administrator"},
    "open_matter_version_write": {"administrator"},
    "open_matter_strike": {"administrator"},
    "publication_note": {*COUNTER, *OFFICES, "supervisor", "administrator"},
    "publication_publish": {*OFFICES, "administrator"},
    "filing_report_start": {E},
    "filing_report_progress": {E},
    "filing_change_node": {E},
    "filing_strike_node": {C},
    "filing_report_completion": {E},
    "filing_apply_acceptance": {E},
    "filing_hand_in_amendment": {E},
    "filing_satisfaction": {E},
    "filing_plan_check": {*COUNTER, *OFFICES},
    "filing_plan_joint_check": COUNTER,
    "filing_record_early_start": {*COUNTER, *OFFICES},
    "filing_record_use": OFFICES,
    "draw_again": {C},
    "finding_extend": {H},
    "check_hold": OFFICES,
    "check_photo": OFFICES,
    "check_statement": OFFICES,
    "check_call_off": {C, *OFFICES},
    "finding_rectify": {E},
    "finding_recheck": OFFICES,
    "draw_make": {C, "administrator"},
    "filing_propose_measure": {*COUNTER, *OFFICES},
    "filing_request_exit": {E},
    "measure_give_views": {E},
    "measure_decide": {C},  # another person than the proposer, who is of the department here
    "measure_ask_lift": {E},
    "measure_lift_stop": {C},
    "measure_uphold_stop": {C},
    "measure_apply_repair": {E},
    "repair_decide": {C, *OFFICES},  # of the department that proposed the mark
    "acceptance_call_visit": OFFICES,  # of the department that leads it, which is the one of the table
    "acceptance_pass_all": OFFICES,
    "acceptance_conclude": OFFICES,
    "verdict_give": OFFICES,
    "verdict_amend": {E},
    "calendar_load": {"administrator"},
    "calendar_preview": {"administrator"},
    "calendar_preview_close": {"administrator"},
    "calendar_close": {"administrator"},
    "calendar_preview_reopen": {"administrator"},
    "calendar_reopen": {"administrator"},
    "catalogue_draft_open": {"administrator"},
    "catalogue_draft_change": {"administrator"},
    "catalogue_draft_strike": {"administrator"},
    "catalogue_draft_upload": {"administrator"},
    "catalogue_draft_rebase": {"administrator"},
    "catalogue_draft_import": {"administrator"},
    "catalogue_draft_preview_import": {"administrator"},
    "catalogue_draft_propose": {"administrator"},
    "catalogue_draft_adopt": {"supervisor", "administrator"},
    "catalogue_draft_send_back": {"supervisor", "administrator"},
    "catalogue_draft_withdraw": {"administrator"},
    "catalogue_edition_revoke": {"supervisor"},
    "kept_limit_shorten": {"supervisor"},
    "past_batch_load": {"administrator"},
    "evidence_pack_ask": {E, "other enterprise", *COUNTER, "supervisor", *OFFICES},
    "past_batch_preview": {"administrator"},
    "past_batch_withdraw": {"administrator"},
    "message_read": {E, "other enterprise", *COUNTER, "supervisor", "administrator", *OFFICES},
    "message_settings": {E, "other enterprise", *COUNTER, "supervisor", "administrator", *OFFICES},
    "sending_again": {"administrator"},
    "paper_again": {W, C, "administrator"},
    "paper_hand_in_scan": COUNTER,  # of a paper that no department has issued
    "paper_confirm_scan": COUNTER,
    "paper_refuse_scan": COUNTER,
    "paper_sign": COUNTER,
    "paper_void": {C, "supervisor"},
    "paper_correct": {C, "supervisor"},
    "notice_proposal_decide": {C, "supervisor"},
    "filing_make_out": {E, *COUNTER, "supervisor", "administrator", *OFFICES},
    "incoming_receive": {E},  # whoever began it, which in the table is the enterprise
    "incoming_abandon": {E},
    "incoming_begin": {E, "other enterprise", *COUNTER, "supervisor", "administrator", *OFFICES},
}
_COUNTER = (
    "filing_licence filing_eligibility filing_ordinary filing_serve filing_review filing_accept "
    "filing_ask_correction filing_refuse filing_reject_scan filing_verify filing_notify_start "
    "filing_publish gap_check filing_enter_paper filing_enter_application filing_drop_application "
    "filing_hand_out paper_intake_confirm paper_intake_refuse "
    "item_strike change_finish change_return correction_case_close dispatch_serve summons_serve opinion_enter "
    "objection_reply objection_hearing objection_admit notice_propose notice_posting"
)
WHOSE |= dict.fromkeys(_COUNTER.split(), COUNTER)
# Standing in: inside one department, and what it has against the roll.
_INSIDE = {
    "summons_reassign dispatch_reassign opinion_reassign opinion_recuse opinion_ask_part": OFFICES,
    "away_enter away_end": OFFICES,
    "calendar_feed_draw": {*COUNTER, *OFFICES},  # each their own
    "calendar_feed_withdraw": {D},  # who drew it
    "mandate_grant mandate_end department_rule_set recusal_lift opinion_countersign": {H},
    "summons_contest_roll": {H},
    "summons_decide_roll": {"supervisor"},
    "part_answer": {D},  # who was asked
}
WHOSE |= {name: who for names, who in _INSIDE.items() for name in names.split()}
# Without a token: test_lists.py, test_refusals.py, tests/public_notice/test_disclosure_pages.py.
ANYBODY = {"notice_object", "disclosure_request", "disclosure_supplement", "disclosure_withdraw"}
ANYBODY |= {"letter_write", "letter_judge", "survey_answer"}
DRAFTS = {"filing_answers", "filing_project", "filing_submit"}
# Steps that open something have no thing yet: where they are sent.
OPENING = {
    "filing_open": "",
    "standing_keep": "",
    "authority_grant_for_all": "",
    "paper_filing_open": "",
    "session_call": "",
    "day_away_enter": "",
    "draw_make": "",
    "bulletin_draft_draft": "",
    "disclosure_register": "",
    "open_matter_version_write": "",
    "publication_note": "",
    "catalogue_draft_open": "",
    "message_read": "read/",
    "message_settings": "settings/",
    "incoming_begin": "",
}
OPENING |= {"calendar_load": "", "calendar_preview": "preview/", "calendar_close": "close/"}
OPENING |= {"calendar_preview_close": "preview-close/", "calendar_reopen": "reopen/"}
OPENING |= {"calendar_preview_reopen": "preview-reopen/"}
OPENING |= {"mandate_grant": "", "away_enter": "", "calendar_feed_draw": ""}
OPENING |= {"evidence_pack_ask": "", "letter_register": "", "survey_begin": "begin/"}
OPENING |= {"past_batch_load": "", "past_batch_preview": "preview/"}


def steps():
    """Every step with its things, by its name in the schema."""
    found = {}
    for pattern in VERSION_1:
        kept = pattern.callback.initkwargs or vars(pattern.callback.cls)
        step, things = kept.get("step"), kept.get("things")
        if step is not None:
            found[f"{things.one}_{step.name}".replace("-", "_")] = (things, step)
    return found


STEPS = steps()
walked, world = standing(lambda people: World(people, instant))


def test_every_step_is_in_the_table():
    assert set(STEPS) - ANYBODY == set(WHOSE)


def everybody(people):
    """One person of each role; the department is one that is asked and has not spoken yet."""
    return {
        E: people.enterprise,
        "other enterprise": people.other_enterprise,
        W: people.window,
        C: people.convenor,
        "supervisor": people.supervisor,
        "administrator": people.administrator,
        D: people.department("ZJJ"),
        H: people.head("ZJJ"),
    }


def chosen(things, name, world):
    """A thing for a step: where departments act, one of the department of the table."""
    if things.one == "filing":
        return (world.draft if name in DRAFTS else world.heard).filing
    if (
        things.one == "kept_limit"
    ):  # of any table: named by both, seen by whoever keeps the calendar
        limit = world.heard.filing.limits.first()
        edition = things.model.objects.first()
        return SimpleNamespace(pk=edition.pk, limit=f"stagelimit-{limit.pk}")
    found = things.model.objects.all()
    if things.one == "paper":  # the county's own, of whom neither voids nor corrects
        found = found.filter(issued_by__role="window", book__code__startswith="filing:")
    if things.one in ("dispatch", "summons", "opinion", "verdict", "check", "finding"):
        found = found.filter(department__code="ZJJ")
    if things.one == "department_rule":
        found = found.filter(code="ZJJ")
    if things.one == "item":
        found = found.filter(department__code="ZJJ", filing=world.heard.filing)
    return found.order_by("-pk").first()


def expected(things, name, thing, who, by):
    """The answers that are right: for whom it is, anything but a refusal of the person."""
    if who in WHOSE[name]:
        return (200, 201, 409, 422)
    seen = thing is None or things.seen(by).filter(pk=thing.pk).exists()
    return (403,) if seen else (404,)


OTHERS = 6  # `make test` asks whoever has no business with a step at one in so many; alone, everybody asks at each


def test_whose_step_it_is(client, people, world):
    """Whoever may, and in turn those who may not; that each kind of refusal stands at each address says doors.csv."""
    wrong, everyone = {}, everybody(people)
    with clock.driven(world.now):
        programs = {who: Program(client, by, days=300) for who, by in everyone.items()}
        for name in WHOSE:
            things, step = STEPS[name]
            thing = None if name in OPENING else chosen(things, name, world)
            assert thing is not None or name in OPENING, name
            place = (
                OPENING.get(name) if thing is None else f"{getattr(thing, things.key)}/{step.name}/"
            )
            for turn, (who, by) in enumerate(everyone.items()):
                theirs = who in WHOSE[name] or dealt(turn % OTHERS, name, of=OTHERS)
                if not theirs or not mine(name, who):
                    continue
                with transaction.atomic():
                    right = expected(things, name, thing, who, by)
                    answer = programs[who].post(f"{things.address}/{place}", files=step.files)
                    transaction.set_rollback(True)
                if answer.status_code not in right:
                    wrong[name, who] = (answer.status_code, right)

    assert wrong == {}


def test_the_case_of_another_enterprise_does_not_exist(client, people, world):
    found = {}
    with clock.driven(world.now):
        program = Program(client, people.other_enterprise, days=300)
        for name, (things, step) in STEPS.items():
            if name in ANYBODY or name in OPENING:
                continue
            thing = chosen(things, name, world)
            answer = program.post(
                f"{things.address}/{getattr(thing, things.key)}/{step.name}/", files=step.files
            )
            found[name] = answer.status_code

    # What everybody may read is no secret: there the answer says whose step it is.
    known = {"notice_propose", "notice_posting", "open_matter_strike"}
    assert {name: status for name, status in found.items() if status != 404} == dict.fromkeys(
        known, 403
    )


@pytest.mark.dealt
@pytest.mark.parametrize("name", sorted(set(STEPS) - ANYBODY))
def test_a_step_without_a_token_is_401(client, db, name):
    things, step = STEPS[name]
    key = "1" if things.key == "pk" else "abc"
    place = OPENING.get(name, f"{key}/{step.name}/")
    answer = Program(client).post(f"{things.address}/{place}", files=step.files)

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:chengnuo:problem:no-token"


def test_every_address_but_the_publics_wants_a_token(client, db):
    public = set()
    for pattern in VERSION_1:
        route = re.sub(r"<int:[a-z]+>", "1", str(pattern.pattern))
        route = route.replace("<slug:period>", "2018-01")
        if client.get(f"/api/v1/{re.sub(r'<slug:[a-z_]+>', 'a', route)}").status_code != 401:
            public.add(pattern.name)

    assert public == {
        "notice_list", "notice_export", "due_read", "notice_read", "notice_object", "bulletin_list", "bulletin_read",
        "bulletin_export", "credit_mark_list", "credit_mark_export", "checkpoint_list", "checkpoint_export",
        "public_draw_list", "public_draw_export", "statistics_read", "progress", "trial", "paper_check",
        "disclosure_years", "letter_years", "letter_public", "letter_write", "letter_follow", "letter_judge",
        "survey_results", "survey_answer",
        "open_matter_list",
        "open_matter_export", "open_matter_read", "guide_list", "guide_read",
        "disclosure_request", "disclosure_follow", "disclosure_supplement", "disclosure_withdraw",
    }  # fmt: skip
