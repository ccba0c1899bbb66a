"""A token opens what its person may do, as long as it and the person's office are valid, and no further."""

from datetime import timedelta

import pytest

from accounts.models import AccessToken
from accounts.services import make_token, revoke_token
from accounts.stages import Scope
from core import clock
from tests.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june(driven):
    with driven("2018-06-15 09:30"):
        yield


def test_without_a_token_one_is_told_how_to_get_in(client):
    answer = Program(client).get("me/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:chengnuo:problem:no-token"


def test_a_token_is_its_person_in_one_office(client, people):
    me = Program(client, people.window).get("me/").json()

    assert me["acting"]["role"] == "window"
    assert me["token"]["scope"] == "act"


def test_the_secret_is_not_kept(people):
    _token, secret = make_token(by=people.window, name="x", scope=Scope.ACT, days=1, at=clock.now())

    assert secret not in str(AccessToken.objects.values())


def test_an_unknown_an_expired_and_a_revoked_token_open_nothing(client, people, at):
    program = Program(client, people.window, days=1)
    token = AccessToken.objects.get()

    assert Program(client, secret="cnt_nothing").get("me/").status_code == 401
    with clock.driven(token.expires_at - timedelta(microseconds=1)):
        assert program.get("me/").status_code == 200
    with clock.driven(token.expires_at):
        assert program.get("me/").status_code == 401
    revoke_token(token, at=clock.now())
    assert program.get("me/").status_code == 401


def test_a_token_ends_with_its_persons_office(client, people):
    program = Program(client, people.window)
    assert program.get("me/").status_code == 200

    people.window.valid_to = "2018-06-14"
    people.window.save()

    assert program.get("me/").status_code == 401


def test_a_token_ends_with_its_persons_account(client, people):
    program = Program(client, people.window)
    people.window.user.is_active = False
    people.window.user.save()

    assert program.get("me/").status_code == 401


def test_a_token_that_may_only_read_takes_no_step(client, people):
    program = Program(client, people.enterprise, scope=Scope.READ)

    assert program.get("filings/").status_code == 200
    answer = program.post("filings/")

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:chengnuo:problem:scope"


def test_when_a_token_was_used_is_kept_to_the_hour(client, people, at):
    program = Program(client, people.window)
    program.get("me/")
    first = AccessToken.objects.get().last_used_at
    with clock.driven(first + timedelta(minutes=59)):
        program.get("me/")
    assert AccessToken.objects.get().last_used_at == first
    with clock.driven(first + timedelta(minutes=61)):
        program.get("me/")
    assert AccessToken.objects.get().last_used_at > first


def test_a_session_acts_only_with_its_csrf_token(people):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.enterprise.user, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/api/v1/me/").status_code == 200
    answer = browser.post("/api/v1/filings/", headers={"Idempotency-Key": "k" * 16})
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
