"""试算: without an account anybody sees what a project would need; the answers stand in the address and go along."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Filing
from approvals.queries import catalogue_at, catalogue_of
from approvals.stages import Stage
from core.ledger.models import Entry
from tests.doors.visit import Visit, text
from tests.walk import ANSWERS

pytestmark = pytest.mark.django_db
NOW = "2018-06-15 09:30"
PAGE = "/try/"


@pytest.fixture
def anybody(county, at):
    return Visit(None, now=at(NOW))


def shown(answer):
    """What the page hands to its template, as few facts."""
    result, estimate = answer.context["result"], answer.context["estimate"]
    return (
        answer.context["open_count"], result["count"], len(result["papers"]),
        estimate and estimate["start"],
    )  # fmt: skip


def test_the_front_page_leads_there_and_the_first_question_stands(anybody):
    assert f'href="{PAGE}"' in text(anybody.get("/"))
    answer = anybody.get(PAGE)

    assert answer.status_code == 200
    assert "项目按哪种方式立项？" in text(answer)
    assert "不用登录" in text(answer)
    assert answer.context["open_count"] > 0


def test_answers_in_the_address_come_to_items_papers_and_a_day(anybody):
    answer = anybody.get(PAGE, **{**ANSWERS, "site_features": ["trees"]})
    still, items, papers, start = shown(answer)

    assert still == 0
    assert items > 3
    assert papers > 3
    assert start.year == 2018
    assert "因为您对" in text(answer)
    assert "自然资源局" not in text(answer)  # departments bear the names of their day


def test_it_is_what_a_draft_with_the_same_answers_shows(anybody, people, at):
    mine = Visit(people.enterprise, now=at(NOW))
    mine.post("/filings/new/", ANSWERS)
    filing = Filing.objects.get()
    draft = mine.get(f"/cases/{filing.public_id}/questionnaire/")
    trial = anybody.get(PAGE, **ANSWERS)

    assert shown(trial) == shown(draft)
    assert trial.context["result"]["groups"] == draft.context["result"]["groups"]


def test_a_project_outside_the_mechanism_is_told_why(anybody):
    answer = anybody.get(PAGE, **{**ANSWERS, "procedure_type": "government"})

    assert "这个项目可能不适用承诺制" in text(answer)
    assert answer.context["estimate"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"procedure_type": "nonsense"}, {"site_features": ["nonsense", "\0"]}, {"no_such_fact": "yes"},
        {"new_land_supply": "yes"}, {"procedure_type": "x" * 5000},
    ],
    ids=["a choice", "a choice of several", "a question", "a derived fact", "a long word"],
)  # fmt: skip
def test_what_nobody_can_answer_is_no_answer(anybody, said):
    answer = anybody.get(PAGE, **said)

    assert answer.status_code == 200
    assert not answer.context["answered"]
    assert shown(answer) == shown(anybody.get(PAGE))


def test_answers_that_exclude_each_other_are_named(anybody):
    answer = anybody.get(PAGE, **{**ANSWERS, "site_features": ["none", "trees"]})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"site_features"}
    assert answer.context["open_count"] == 1


def test_the_address_that_is_kept_says_the_same_again(anybody):
    given = {**ANSWERS, "site_features": ["trees", "river"]}
    first = anybody.get(PAGE, **given)
    kept = urlsplit(first.context["kept_at"])
    again = anybody.get(f"{kept.path}?{kept.query}")

    assert kept.path == PAGE
    assert shown(again) == shown(first)
    assert again.context["kept_at"] == first.context["kept_at"]


def test_nothing_is_written_and_the_number_of_statements_is_fixed(anybody):
    before = Entry.objects.count()
    anybody.get(PAGE, **ANSWERS)
    counts = []
    for said in (
        {"procedure_type": "filing"},
        ANSWERS,
        {**ANSWERS, "site_features": ["trees", "river"]},
    ):
        with CaptureQueriesContext(connection) as seen:
            anybody.get(PAGE, **said)
        counts.append(len(seen))
        assert not [q["sql"] for q in seen if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]

    assert len(set(counts)) == 1
    assert counts[0] <= 12
    assert (Entry.objects.count(), Filing.objects.count()) == (before, 0)


def test_after_the_login_the_answers_are_there_and_begin_a_draft(anybody, people, at):
    there = urlsplit(anybody.get(PAGE, **ANSWERS).context["login_url"])
    [back] = parse_qs(there.query)["next"]
    mine = Visit(people.enterprise, now=at(NOW))
    page = mine.get(back)
    assert "用这些回答申报" in text(page)
    sent = {}
    for name, value in page.context["carried"]:
        sent.setdefault(name, []).append(value)

    answer = mine.post("/filings/new/", sent)

    filing = Filing.objects.get()
    assert answer.url == f"/cases/{filing.public_id}/questionnaire/"
    assert (filing.stage, filing.answers) == (Stage.DRAFT, ANSWERS)
    assert filing.unanswered == []


def test_a_draft_begun_with_nonsense_is_an_empty_draft(people, at):
    Visit(people.enterprise, now=at(NOW)).post("/filings/new/", {"procedure_type": "nonsense"})

    assert Filing.objects.get().answers == {}


def test_answers_that_exclude_each_other_are_asked_again_in_the_draft(people, at):
    wrong = {**ANSWERS, "site_features": ["none", "trees"]}
    Visit(people.enterprise, now=at(NOW)).post("/filings/new/", wrong)

    assert Filing.objects.get().unanswered == ["site_features"]


def test_who_files_for_nobody_is_offered_no_filing(people, at):
    window = Visit(people.window, now=at(NOW))
    page = text(window.get(PAGE, **ANSWERS))

    assert "用这些回答申报" not in page
    assert window.post("/filings/new/", ANSWERS).status_code == 403


def test_in_english_it_is_english(anybody, settings):
    anybody.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text(anybody.get(PAGE, **ANSWERS))

    assert "How is the project put on record?" in page
    assert "Log in and file with these answers" in page


def test_before_a_catalogue_is_in_force_it_says_so(county, at):
    answer = Visit(None, now=at("2016-06-15 09:30")).get(PAGE)

    assert answer.status_code == 200
    assert "还没有载入" in text(answer)


def test_every_question_can_be_answered_here(anybody, at):
    rows = [q for q in catalogue_of(catalogue_at(at(NOW))).questions if q.order is not None]

    assert 0 < len(rows) <= 15
