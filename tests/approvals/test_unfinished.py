"""What is being typed into a step is kept while it is typed: there from any browser, and nobody else's to read."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from approvals.queries.edits import draft_number
from approvals.services import save_answers
from core import clock
from core.ledger.models import Entry
from core.steps import unfinished
from tests.approvals.browse import text
from tests.approvals.test_typed import described, page
from tests.walk import ANSWERS, Walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
HALF = "填到一半"


@pytest.fixture
def filing(people, at):
    way = Walk(people, at(NOW))
    way.draft()
    filing = way.filing
    filing.scale = "原来的规模"
    filing.save()
    return filing


class Browser:
    """A browser with the script of the page; nothing is shared between two of them."""

    def __init__(self, member, now, **how):
        self.now, self.client = now, Client(**how)
        self.client.force_login(member.user)

    def get(self, address):
        with clock.driven(self.now):
            return self.client.get(address)

    def types(self, address, **data):
        """What the script sends while somebody types."""
        with clock.driven(self.now):
            return self.client.post(
                address, {**data, unfinished.PLACE: address}, headers={unfinished.HEADER: "1"}
            )

    def sends(self, address, **data):
        with clock.driven(self.now):
            return self.client.post(address, {**data, unfinished.PLACE: address})


@pytest.fixture
def browser(people, at):
    return Browser(people.enterprise, at(NOW))


@pytest.fixture
def another(people, at):
    """The same person before another machine."""
    return Browser(people.enterprise, at(NOW) + timedelta(hours=1))


def test_what_was_typed_is_there_from_another_machine_and_not_sent(browser, another, filing):
    entries = Entry.objects.count()
    answer = browser.types(page(filing), **described(investment_wan="", papers_in_english=""))

    assert (answer.status_code, answer.content) == (204, b"")
    assert Entry.objects.count() == entries
    there = another.get(page(filing))
    assert HALF in text(there)
    assert "新打的规模" in text(there)
    assert not there.context["form"].is_bound  # no word yet on what is still missing
    assert 'name="investment_wan" value=' not in there.content.decode()
    filing.refresh_from_db()
    assert filing.scale == "原来的规模"


def test_a_box_that_was_not_ticked_stays_so(browser, another, filing):
    filing.papers_in_english = True
    filing.save()
    browser.types(page(filing), **described())

    assert another.get(page(filing)).context["form"]["papers_in_english"].value() is False


def test_what_is_not_to_be_had_here_keeps_nothing(people, at, filing):
    window = Browser(people.window, at(NOW))
    stranger = Browser(people.other_enterprise, at(NOW))

    assert window.types(page(filing), **described()).status_code == 404
    assert stranger.types(page(filing), **described()).status_code == 404
    assert not Session.objects.filter(session_data__contains="pages").exists()
    assert HALF not in text(Browser(people.enterprise, at(NOW)).get(page(filing)))


def test_nobody_else_reads_it_nor_is_it_on_another_page(browser, people, at, filing):
    colleague = Membership.objects.create(
        user=User.objects.create(username="colleague", name="示例同事"), role=people.enterprise.role,
        organisation=people.enterprise.organisation, valid_from=people.enterprise.valid_from,
    )  # fmt: skip
    browser.types(page(filing), **described())

    assert "新打的规模" not in text(Browser(colleague, at(NOW)).get(page(filing)))
    assert HALF not in text(browser.get(page(filing, "withdraw")))


def test_refused_it_stays_and_taken_it_is_gone(browser, another, filing):
    browser.types(page(filing), **described())
    assert browser.sends(page(filing), **described(investment_wan="-3")).status_code == 422
    assert HALF in text(another.get(page(filing)))

    assert browser.sends(page(filing), **described()).status_code == 302
    assert HALF not in text(another.get(page(filing)))
    assert not Session.objects.exclude(
        pk__in=[b.client.session.session_key for b in (browser, another)]
    ).exists()


def test_given_up_it_is_gone_and_nothing_is_saved(browser, another, filing):
    browser.types(page(filing), **described())
    answer = another.sends(page(filing), **described(), **{unfinished.DROP: "1"})

    assert (answer.status_code, answer.url) == (302, page(filing))
    assert HALF not in text(another.get(page(filing)))
    filing.refresh_from_db()
    assert filing.scale == "原来的规模"


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(
    browser, another, people, at, filing
):
    before = draft_number(filing)
    browser.types(page(filing), **described(base=before))
    save_answers(
        filing,
        answers={**ANSWERS, "takes_water": "yes"},
        by=people.enterprise,
        at=at(NOW),
        base=None,
    )

    there = another.get(page(filing))
    assert there.context["base"] == before < there.context["newest"]


def test_after_a_week_it_is_gone(browser, another, filing, at):
    browser.types(page(filing), **described())
    another.now = at(NOW) + unfinished.KEPT
    assert HALF in text(another.get(page(filing)))
    another.now += timedelta(seconds=1)
    assert HALF not in text(another.get(page(filing)))


def test_too_much_and_too_many_are_not_kept(browser, filing, people, at, monkeypatch):
    assert browser.types(page(filing), **described(scale="长" * 64_000)).status_code == 413
    assert browser.types(page(filing)).status_code == 413
    monkeypatch.setattr(unfinished, "MOST_PAGES", 1)
    browser.types(page(filing), **described())
    second = Walk(people, at(NOW))
    second.draft()
    browser.types(page(second.filing), **described())

    assert HALF not in text(browser.get(page(filing)))
    assert HALF in text(browser.get(page(second.filing)))


def test_a_page_of_another_site_keeps_nothing(people, at, filing):
    browser = Browser(people.enterprise, at(NOW), enforce_csrf_checks=True)

    assert browser.types(page(filing), **described()).status_code == 403
    assert HALF not in text(browser.get(page(filing)))


def test_the_person_who_is_not_logged_in_any_more_is_told_so_by_the_answer(filing):
    answer = Client().post(page(filing), described(), headers={unfinished.HEADER: "1"})

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
