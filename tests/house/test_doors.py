"""The doors of the site: who gets in, what looking changes (nothing), and what strangers see (nothing)."""

from contextlib import contextmanager

import pytest
from django.db import connection

from approvals.stages import Stage
from core import clock
from tests.house.doors import DOORS, address, dummy, of_cases
from tests.walk import Walk, walk

pytestmark = pytest.mark.django_db

# Open without a login: what the public reads, how an objection comes in, and the way to an account.
PUBLIC = {
    "public_notice:front",
    "public_notice:list",
    "public_notice:notice",
    "public_notice:object",
    "public_notice:receipt",
    "public_notice:objection_lookup",
    "approvals:check_paper",  # the code on a paper proves it to whoever holds it
    "approvals:paper",  # published papers; others are found only by those they concern
    "desk:register",
    "api_schema",  # the description of the API holds no data
    "api_docs",
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that enterprises register elsewhere
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}
# The administration sends to its own address first, and that one to the login.
LOGIN = ("/accounts/login/", "/admin/login/?next=")
# A login keeps its session and its count of failures; looking writes nothing else.
KEPT = ('"django_session"', '"axes_')
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")
# Whose pages of a case differ; the others see one of these.
CONCERNED = ("enterprise", "window", "convenor", "supervisor", "clerk")
STAGES = (Stage.DRAFT, Stage.RECEIVED, Stage.NOTICED)


@contextmanager
def nothing_is_written():
    """Collect every statement that changes a table, and fail on the first."""
    written = []

    def watch(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in KEPT):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert written == []


@pytest.fixture
def everyone(people):
    """One person of each role, by a word for messages."""
    return {
        "enterprise": people.enterprise,
        "other enterprise": people.other_enterprise,
        "window": people.window,
        "convenor": people.convenor,
        "supervisor": people.supervisor,
        "administrator": people.administrator,
        "clerk": people.department("ZJJ"),
        "head": people.head("ZJJ"),
    }


@pytest.fixture
def browser(client):
    """`browser(membership)` is a client logged in as that person."""

    def of(membership):
        client.logout()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return of


def test_nothing_is_open_but_what_is_listed():
    assert {door.name for door in DOORS if door.open} == PUBLIC


@pytest.mark.parametrize("door", [d for d in DOORS if not d.open], ids=lambda door: door.route)
def test_a_stranger_is_sent_to_the_login(client, door):
    answer = client.get(dummy(door))

    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


@pytest.mark.parametrize("door", [d for d in DOORS if not d.open], ids=lambda door: door.route)
def test_a_stranger_can_post_nowhere(client, door):
    answer = client.post(dummy(door))

    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


PLAIN = [door for door in DOORS if door.plain]


@pytest.mark.parametrize("door", PLAIN, ids=lambda door: door.route or "front")
def test_looking_at_a_page_writes_nothing(door, client, browser, everyone, driven):
    with driven("2018-06-15 09:30"):
        with nothing_is_written():
            assert client.get(f"/{door.route}").status_code < 500
        for who in everyone.values():
            logged_in = browser(who)
            with nothing_is_written():
                assert logged_in.get(f"/{door.route}").status_code < 500


def at_stage(people, at, stage):
    if stage == Stage.DRAFT:
        way = Walk(people, at("2018-03-05 09:00"))
        way.draft()
        return way
    return walk(people, at("2018-03-05 09:00"), to=stage)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_looking_at_a_case_writes_nothing(stage, people, at, browser, everyone):
    way = at_stage(people, at, stage)
    pages = {door.name: address(door, way.filing) for door in of_cases()}
    with clock.driven(way.now):
        for who in CONCERNED:
            membership = everyone[who]
            logged_in = browser(membership)
            for name, page in pages.items():
                if page is not None:
                    with nothing_is_written():
                        status = logged_in.get(page).status_code
                    assert status in (200, 302, 403, 404, 405, 409), f"{name} for {who}: {status}"


def told_apart(look, way):
    """The doors at which a case answers a stranger otherwise than one that does not exist, or lets them in.

    403: refused for the role, whatever case it is. 405: takes a step and has nothing to look at.
    """
    found = {}
    with clock.driven(way.now):
        for door in of_cases():
            page = address(door, way.filing)
            if page is not None:
                status, unknown = look(page).status_code, look(dummy(door)).status_code
                if status != unknown or status not in (403, 404, 405):
                    found[door.name] = (status, unknown)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_the_case_of_another_enterprise_does_not_exist(stage, people, at, browser):
    way = at_stage(people, at, stage)

    assert told_apart(browser(people.other_enterprise).get, way) == {}


@pytest.mark.slow
def test_steps_on_the_case_of_another_enterprise_do_not_exist(people, at, browser):
    way = at_stage(people, at, Stage.NOTICED)
    before = way.filing.book.sequence

    assert told_apart(browser(people.other_enterprise).post, way) == {}
    assert way.filing.book.sequence == before


def test_the_administration_is_entered_by_the_same_login(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer["Location"].startswith("/accounts/login/")
