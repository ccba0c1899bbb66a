"""A draft typed into a page whose login has run out is not lost: after the login it is there, and not saved yet."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from approvals.models import Region
from approvals.queries.edits import draft_number
from approvals.services import save_answers, submit
from core import clock
from core.steps import typed
from tests.approvals.browse import text
from tests.walk import ANSWERS, PROJECT, Walk, pdf

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
PASSWORD = "示例-Right-2018"


@pytest.fixture
def filing(people, at):
    way = Walk(people, at(NOW))
    way.draft()
    filing = way.filing
    filing.scale = "原来的规模"
    filing.save()
    return filing


@pytest.fixture
def person(people, at):
    """A browser in which the person of the enterprise was logged in, and nobody is any more."""
    found = Person(at(NOW))
    found.was_here(people.enterprise)
    return found


class Person:
    """Sends pages, and logs in where it is led to."""

    def __init__(self, now):
        self.now, self.client = now, Client()

    def was_here(self, member):
        """Look at the desk, until the login runs out."""
        self.client.force_login(member.user)
        self.get(reverse("desk:home"))
        self.client.session.flush()

    def get(self, address):
        with clock.driven(self.now):
            return self.client.get(address)

    def post(self, address, **data):
        with clock.driven(self.now):
            return self.client.post(address, data)

    def login(self, answer, member):
        """Log in by the page that the answer leads to; return what one is led to then."""
        member.user.set_password(PASSWORD)
        member.user.save()
        there = urlsplit(answer.url)
        [back] = parse_qs(there.query)["next"]
        sent = {"login": member.user.username, "password": PASSWORD, "next": back}
        answer = self.post(there.path, **sent)
        assert answer.status_code == 302
        assert answer.url == back
        return self.get(answer.url)


def page(filing, name="project"):
    return reverse(f"approvals:{name}", args=[filing.public_id])


def described(**changed):
    town = Region.objects.get(code="140722101").pk
    return {
        **PROJECT,
        "site": town,
        "planned_start": "2018-06-01",
        "scale": "新打的规模",
        **changed,
    }


def test_it_is_there_after_the_login_and_not_saved_before_the_button(person, people, filing):
    led = person.post(page(filing), **described())
    assert led.status_code == 302
    assert led.url.startswith(reverse("account_login"))

    back = person.login(led, people.enterprise)

    assert "还没有保存" in text(back)
    assert "新打的规模" in text(back)
    assert back.context["form"].errors == {}
    filing.refresh_from_db()
    assert filing.scale == "原来的规模"
    assert "新打的规模" in text(person.get(page(filing)))  # also after a look elsewhere

    assert person.post(page(filing), **described()).status_code == 302
    filing.refresh_from_db()
    assert filing.scale == "新打的规模"
    assert "还没有保存" not in text(person.get(page(filing)))


def test_what_is_wrong_in_it_is_said_at_once(person, people, filing):
    back = person.login(
        person.post(page(filing), **described(investment_wan="-3")), people.enterprise
    )

    assert "总投资应大于0" in text(back)
    assert 'value="-3"' in text(back)
    assert "还没有提交，请核对" in text(back)  # nobody has refused anything yet
    assert "还有内容需要改" in text(person.post(page(filing), **described(investment_wan="-3")))


def test_answers_of_the_questionnaire_are_there_with_what_they_come_to(person, people, filing):
    sent = {**ANSWERS, "site_features": ["river"], "shown": [*ANSWERS]}
    back = person.login(person.post(page(filing, "questionnaire"), **sent), people.enterprise)

    assert "还没有保存" in text(back)
    assert "洪水影响评价审批" in [
        row.label for group in back.context["result"]["groups"] for row in group["rows"]
    ]
    filing.refresh_from_db()
    assert filing.answers == ANSWERS


@pytest.mark.parametrize("name", ["project", "questionnaire"])
def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(
    person, people, filing, at, name
):
    sent = {
        "project": described(base=draft_number(filing)),
        "questionnaire": {**ANSWERS, "shown": [*ANSWERS], "base": draft_number(filing)},
    }[name]
    led = person.post(page(filing, name), **sent)
    save_answers(
        filing,
        answers={**ANSWERS, "takes_water": "yes"},
        by=people.enterprise,
        at=at(NOW),
        base=None,
    )
    back = person.login(led, people.enterprise)

    assert "还没有保存" in text(back)
    assert back.context["base"] == sent["base"] < back.context["newest"]


def test_on_another_page_it_is_not_shown(person, people, filing):
    person.login(person.post(page(filing), **described()), people.enterprise)

    assert "还没有保存" not in text(person.get(page(filing, "submit")))


def test_another_enterprise_that_logs_in_there_finds_nothing(person, people, filing):
    back = person.login(person.post(page(filing), **described()), people.other_enterprise)

    assert back.status_code == 404
    assert "新打的规模" not in text(back)


def test_a_colleague_who_logs_in_there_does_not_read_it_and_it_is_gone(person, people, filing):
    colleague = Membership.objects.create(
        user=User.objects.create(username="colleague", name="示例同事"), role=people.enterprise.role,
        organisation=people.enterprise.organisation, valid_from=people.enterprise.valid_from,
    )  # fmt: skip
    back = person.login(person.post(page(filing), **described()), colleague)

    assert back.status_code == 200
    assert "新打的规模" not in text(back)
    assert typed.TYPED not in person.client.session


@pytest.mark.parametrize("shown", ["", "1", "1:AAAA:forged"])
def test_of_a_stranger_nothing_is_kept(filing, at, shown):
    stranger = Person(at(NOW))
    if shown:
        stranger.client.cookies[typed.WHO] = shown
    stranger.post(page(filing), **described())

    assert not Session.objects.exists()


def test_the_cookie_is_no_script_s_and_goes_to_no_other_site(person):
    cookie = person.client.cookies[typed.WHO]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_sessions_that_are_over_are_cleared_once_a_day():
    now = timezone.now()
    for name, hours in (("old", 25), ("just over", 1), ("running", -1)):
        Session.objects.create(session_key=name, expire_date=now - timedelta(hours=hours))

    assert typed.forget_sessions(now) == 1
    assert [one.session_key for one in Session.objects.all()] == ["running"]
    assert typed.forget_sessions(now) == 0


def test_where_the_step_is_over_the_reason_stands_and_not_the_form(person, people, filing, at):
    led = person.post(page(filing), **described())
    submit(filing, by=people.enterprise, at=at(NOW))
    back = person.login(led, people.enterprise)

    assert "还没有保存" not in text(back)
    assert "申报以后项目信息不再修改" in text(back)


def test_after_a_day_it_is_gone(person, people, filing, at):
    led = person.post(page(filing), **described())
    person.now = at("2018-03-06 09:01")

    assert "新打的规模" not in text(person.login(led, people.enterprise))


def test_too_much_is_not_kept(person, people, filing):
    led = person.post(page(filing), **described(scale="长" * typed.MOST))

    assert typed.TYPED not in person.client.session
    assert person.login(led, people.enterprise).status_code == 200


def test_files_tokens_and_other_pages_are_not_kept(person, filing):
    person.post(page(filing), **described(csrfmiddlewaretoken="x", file=pdf()))
    kept = person.client.session[typed.TYPED]["fields"]
    person.client.session.flush()
    other = Person(person.now)
    other.client.cookies = person.client.cookies
    other.post(reverse("desk:tokens"), name="x")
    other.get(page(filing))

    assert not {"csrfmiddlewaretoken", "file"} & set(kept)
    assert typed.TYPED not in other.client.session
