"""Every list page hands itself out as a file and to programs, or stands here with why it does not."""

import pytest
from django.urls import get_resolver, reverse

from config.api import VERSION_1
from core.steps.api import Export, Listing
from tests.house.source import ROOT

DESKS = ("approvals", "prereview", "inspection", "public_notice", "desk")
FILES = {
    "approvals:list": "approvals:export",
    "approvals:gaps": "approvals:gap_export",
    "prereview:list": "prereview:export",
    "prereview:second_visits": "prereview:export_second_visits",
    "inspection:checks": "inspection:export",
    "inspection:marks": "inspection:export_marks",
    "public_notice:list": "public_notice:export",
    "public_notice:bulletins": "public_notice:export_bulletins",
    "public_notice:checkpoints": "public_notice:export_checkpoints",
    "public_notice:credit": "public_notice:export_credit",
    "public_notice:draws": "public_notice:export_draws",
    "public_notice:disclosure_desk": "public_notice:export_disclosures",
    "public_notice:mailbox_desk": "public_notice:export_letters",
    "public_notice:confidential": "public_notice:export_confidential",
    "public_notice:survey": "public_notice:export_survey",
    "public_notice:openness": "public_notice:export_openness",
    "public_notice:guides": "public_notice:export_guides",
    "public_notice:powers": "public_notice:export_powers",
    "desk:supervision": "desk:export_supervision",
    "desk:past": "desk:export_past",
    "desk:days_saved": "desk:export_days_saved",
    "desk:outbox": "desk:export_undelivered",
    "desk:tokens": "desk:export_tokens",
}
FORMS = "a form or a calculation, not a list"
NO_FILE = {
    "approvals:trial": FORMS, "approvals:new": FORMS, "prereview:call": FORMS, "desk:load_past": FORMS,
    "approvals:check": FORMS,
    "public_notice:disclosure_apply": FORMS, "public_notice:disclosure_lookup": FORMS,
    "public_notice:disclosure_register": FORMS, "public_notice:disclosure_supplement": FORMS,
    "public_notice:disclosure_withdraw": FORMS,
    "public_notice:mailbox_write": FORMS, "public_notice:mailbox_lookup": FORMS, "public_notice:mailbox_judge": FORMS,
    "public_notice:mailbox_receipt": FORMS,
    "public_notice:letter_register": FORMS, "public_notice:survey_answer": FORMS, "public_notice:survey_begin": FORMS,
    "public_notice:survey_thanks": "one sentence",
    "public_notice:mailbox": "the years, each of which hands out its table; programs read the letters",
    "public_notice:mailbox_mine": "one letter of one writer, with its replies",
    "public_notice:disclosures": "the years, each of which hands out its table",
    "public_notice:disclosure_mine": "one request of one applicant, with its papers",
    "public_notice:calculator": FORMS, "public_notice:objection_lookup": FORMS, "desk:what_if": FORMS,
    "desk:message_settings": FORMS, "desk:register": FORMS, "desk:progress": FORMS, "desk:load_calendar": FORMS,
    "desk:close_counters": FORMS, "desk:reopen_counters": FORMS, "desk:read_all": FORMS,
    "desk:open_catalogue_draft": FORMS,
    "approvals:incoming": "one person's own files on their way, gone within days",
    "approvals:agents": "the few authorities of one enterprise; programs read them all",
    "approvals:counter": "what the window is typing now; once filed it stands in the file of all filings",
    "approvals:standing": "an enterprise's own papers, each of which is a file",
    "desk:home": "what waits for one person now; each list behind it has its file",
    "desk:past_template": "is itself a file", "prereview:site_worker": "is itself a file",
    "inspection:site_worker": "is itself a file",
    "desk:calendars": "each edition of the calendar hands out its table",
    "desk:kept_limits": "limits that wait for one decision each; they stand among the delays and limits of their cases",
    "desk:catalogues": "each edition hands out its five tables",
    "desk:health": "the state of the machine, read by machines", "desk:status": "the state of the machine",
    "desk:county": "the county and its rules, whose tables the pack has",
    "prereview:plan": FORMS, "prereview:feed": FORMS, "prereview:withdraw_feed": FORMS,
    "prereview:away": "the few days that one department enters beforehand; programs read them all",
    "prereview:stand_ins": "the people of one department, with the scans of their authorities; programs read the same",
    "prereview:add_mandate": FORMS, "prereview:enter_away": FORMS, "prereview:department_rule": FORMS,
    "prereview:follow_ups": "what each default leads to, beside it in the supervisor's file of defaults",
    "prereview:actions": "each stands in the minutes of its meeting, which are a paper",
    "prereview:sign_dispatches": "what one department signs for in one act",
    "inspection:draws": "a draw is repeated from its seed, which the page and the interface say",
    "public_notice:checkpoint_feed": "is itself a file", "public_notice:checkpoint_keys": "is itself a file",
    "public_notice:statistics": "the rows behind the figures are files, offered below them",
    "public_notice:hall": "what a wall shows today; each part stands on a page of its own",
    "desk:hall_lookup": FORMS,
    "public_notice:figures_program": "is itself a file",
    "public_notice:verifier": "is itself a file", "public_notice:feed": "is itself a file",
    "inspection:credit_platform": "is itself a file", "public_notice:credit_feed": "is itself a file",
    "inspection:month": "the checks of a month, which are in the file of all checks",
    "inspection:map": "the sites of the cases under construction, which are in the file of all cases",
    "public_notice:open_data": "each data set is a file", "public_notice:sitemap": "is itself a file",
    "public_notice:subscribe": FORMS, "public_notice:robots": "is itself a file",
    "public_notice:front": "the running notices, which are in the file of all notices",
    "public_notice:openness_negative": "stands in the file of the whole catalogue",
    "public_notice:openness_check": "what is owed now and was published lately; programs read all of it",
    "public_notice:openness_matters": "the catalogue to be written in, whose file everybody has",
    "public_notice:bulletin_desk": "drafts of the supervisors; what is published is in the file of the bulletins",
}  # fmt: skip

# The list of programs behind each page whose name says another thing.
READ_AS = {
    "approvals:list": "filing_list", "approvals:gaps": "gap_list",
    "prereview:list": "session_list", "prereview:second_visits": "second_visit_list",
    "inspection:checks": "check_list", "inspection:marks": "measure_list",
    "public_notice:list": "notice_list", "public_notice:bulletins": "bulletin_list",
    "public_notice:checkpoints": "checkpoint_list", "public_notice:credit": "credit_mark_list",
    "public_notice:draws": "public_draw_list", "public_notice:disclosure_desk": "disclosure_list",
    "public_notice:mailbox_desk": "letter_list", "public_notice:confidential": "confidential_part_list",
    "public_notice:survey": "survey_results", "public_notice:openness": "open_matter_list",
    "public_notice:guides": "guide_list", "public_notice:powers": "guide_list",  # by department, with its filter
    "desk:supervision": "supervision", "desk:past": "past_filing_list", "desk:days_saved": "days_saved_list",
    "desk:outbox": "sending_list",
    "desk:tokens": "",  # a program neither sees nor makes tokens: one that leaked would outlive its own end
}  # fmt: skip
FEW = "one in a month, a quarter or a year"
OWN = "a person's own, a handful"
# Lists for programs that nobody has to narrow.
UNNARROWED = {
    "calendar_list": FEW, "catalogue_edition_list": FEW, "catalogue_draft_list": FEW, "past_batch_list": FEW,
    "draw_list": FEW, "public_draw_list": FEW, "bulletin_list": FEW, "bulletin_draft_list": FEW,
    "incoming_list": OWN, "calendar_feed_list": OWN, "lifting_view_list": OWN,
    "department_rule_list": "one of each department",
}  # fmt: skip


def pages():
    """The addresses of pages that take no name of a thing."""
    found = set()
    for desk in get_resolver().url_patterns:
        if getattr(desk, "namespace", None) in DESKS:
            found |= {
                f"{desk.namespace}:{page.name}"
                for page in desk.url_patterns
                if not page.pattern.converters
            }
    return found


def test_every_list_hands_itself_out_or_says_why_not():
    assert pages() - set(FILES.values()) == set(FILES) | set(NO_FILE)


@pytest.mark.parametrize("name", sorted(set(FILES.values())))
def test_every_file_is_offered_on_a_page(name):
    assert reverse(name).endswith("/export/")
    read = [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("*/views/*.py")]
    assert any(f'"{name}"' in text or f"'{name}'" in text for text in (p.read_text() for p in read))


def test_every_list_that_is_a_file_is_read_by_programs_too():
    names = {pattern.name for pattern in VERSION_1}

    assert set(READ_AS) == set(FILES)
    assert {name for name in READ_AS.values() if name} - names == set()


def test_every_list_of_programs_is_narrowed_and_its_file_as_the_list():
    lists = {p.name: p.callback.cls for p in VERSION_1 if issubclass(p.callback.cls, Listing)}
    files = {name: lists.pop(name) for name in [*lists] if issubclass(lists[name], Export)}
    by = {one.things.address: getattr(one, "filterset_class", None) for one in lists.values()}
    other = [
        name
        for name, one in files.items()
        if one.listed and by[one.things.address] != getattr(one, "filterset_class", None)
    ]

    assert {name for name, one in lists.items() if not by[one.things.address]} == set(UNNARROWED)
    assert other == []
