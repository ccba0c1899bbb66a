"""新建申报: a button pressed twice opens one draft; what programs send has a bound."""

import re
from datetime import timedelta

import pytest

from approvals.api.bodies import ANSWERS
from approvals.models import Filing
from tests.api.programs import Program
from tests.approvals.browse import Browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(people, at):
    return Browser(people.enterprise, at("2018-03-05 09:00"))


def word_of(browser):
    return re.search(r'name="once" value="([^"]+)"', text(browser.get("list")))[1]


def test_pressed_twice_it_opens_one_draft(browser):
    word = word_of(browser)
    first, again = browser.post("new", once=word), browser.post("new", once=word)
    assert Filing.objects.count() == 1
    assert first["Location"] == again["Location"]
    assert first.status_code == 302


def test_each_showing_of_the_button_is_another_one_and_so_is_coming_back_to_it(browser):
    word = word_of(browser)
    assert word != word_of(browser)
    browser.post("new", once=word)
    browser.post("new", once=word_of(browser))
    assert Filing.objects.count() == 2
    browser.at += timedelta(minutes=2)  # back to the page of before, for another project
    browser.post("new", once=word)
    assert Filing.objects.count() == 3


@pytest.mark.parametrize("word", ["", "short", "x" * 99, "über-lange-Wörter-aller-Art"])
def test_a_word_that_is_none_holds_nobody_up(browser, word):
    assert browser.post("new", once=word).status_code == 302
    assert browser.post("new").status_code == 302
    assert Filing.objects.count() == 2


def test_another_person_with_the_same_word_opens_their_own(browser, people):
    word = word_of(browser)
    other = Browser(people.other_enterprise, browser.at)
    assert browser.post("new", once=word)["Location"] != other.post("new", once=word)["Location"]
    assert Filing.objects.count() == 2


def test_a_program_answers_no_more_questions_than_a_catalogue_asks(client, people, driven):
    with driven("2018-03-05 09:00"):
        program = Program(client, people.enterprise)
        made = program.post("filings/").json()["id"]
        answers = {f"fact{number}": "yes" for number in range(ANSWERS + 1)}
        refused = program.post(f"filings/{made}/answers/", {"answers": answers})
    assert refused.status_code == 422
    assert "最多答" in refused.content.decode()
