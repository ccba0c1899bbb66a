"""访问令牌: made by the person, shown once, revoked by nobody else; the county's book says so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessToken, Membership
from core.ledger.services import county_book
from tests.api.programs import Program

pytestmark = pytest.mark.django_db
PAGE = "/account/tokens/"
SAID = {"name": "项目管理系统", "scope": "act", "days": "30"}


@pytest.fixture(autouse=True)
def _june(driven):
    with driven("2018-06-15 09:30"):
        yield


@pytest.fixture
def browser(client, people):
    """The enterprise's browser."""
    client.force_login(people.enterprise.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def acts():
    return list(county_book().entries.order_by("sequence").values_list("act", flat=True))[-2:]


def test_a_token_is_shown_once_and_works(browser):
    answer = browser.post(PAGE, SAID)
    secret = answer.context["secret"]

    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in browser.get(PAGE).content.decode()
    assert acts()[-1] == "make_token"
    browser.logout()
    assert Program(browser, secret=secret).get("me/").json()["token"]["name"] == "项目管理系统"


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"scope": "all"}, {"days": "0"}, {"days": "367"}, {"days": "soon"}]
)
def test_what_is_filled_in_wrongly_makes_no_token(browser, wrong):
    answer = browser.post(PAGE, {**SAID, **wrong})

    assert answer.status_code == 422
    assert not AccessToken.objects.exists()


def test_a_revoked_token_opens_nothing_and_the_first_time_stands(browser):
    secret = browser.post(PAGE, SAID).context["secret"]
    token = AccessToken.objects.get()
    for _time in range(2):
        assert browser.post(f"{PAGE}{token.pk}/revoke/").status_code == 302

    assert acts() == ["make_token", "revoke_token"]
    browser.logout()
    assert Program(browser, secret=secret).get("me/").status_code == 401


def test_somebody_elses_token_does_not_exist(browser, people):
    Program(browser, people.window)
    token = AccessToken.objects.get()

    assert browser.post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert AccessToken.objects.get().revoked_at is None
    assert "测试" not in browser.get(PAGE).content.decode()


def test_looking_revokes_nothing(browser):
    browser.post(PAGE, SAID)

    assert browser.get(f"{PAGE}{AccessToken.objects.get().pk}/revoke/").status_code == 405


def said(*words):
    out = StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue().strip()


def test_the_command_makes_lists_and_revokes(client, people):
    name = people.enterprise.user.username
    number, secret = said("make", name, "--name", "对接", "--scope", "act").split()

    assert Program(client, secret=secret).get("me/").json()["acting"]["role"] == "enterprise"
    assert said("list", name).startswith(f"{number} 对接 act 2018-09-13")
    said("revoke", number)
    assert Program(client, secret=secret).get("me/").status_code == 401


def test_the_command_asks_which_office(people):
    Membership.objects.create(
        user=people.enterprise.user, organisation=people.window.organisation, role="window",
        valid_from="2018-01-01",
    )  # fmt: skip
    name = people.enterprise.user.username

    with pytest.raises(CommandError, match="--role"):
        said("make", name, "--name", "对接")
    assert said("make", name, "--name", "对接", "--role", "window")


@pytest.mark.parametrize(
    "words", [("list", "nobody"), ("revoke", "999"), ("make", "nobody", "--name", "x")]
)
def test_the_command_knows_nobody_unknown(db, words):
    with pytest.raises(CommandError, match="没有"):
        said(*words)


def test_the_command_makes_no_token_for_ever(people):
    with pytest.raises(CommandError, match="366"):
        said("make", people.enterprise.user.username, "--name", "x", "--days", "4000")
