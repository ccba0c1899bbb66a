"""Authority has a first and a last day, and is chosen by whoever has several."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Membership, User
from accounts.queries import ACTING, holders, memberships_of, people_of
from core.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def passing(people):
    """A second membership of the window's clerk, for the second quarter of 2018 only."""
    return Membership.objects.create(
        user=people.window.user,
        organisation=people.department("SLJ").organisation,
        role="clerk",
        valid_from=date(2018, 4, 1),
        valid_to=date(2018, 6, 30),
    )


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2018, 3, 31), False),
        (date(2018, 4, 1), True),
        (date(2018, 6, 30), True),
        (date(2018, 7, 1), False),
    ],
)
def test_both_days_are_included_everywhere(passing, day, holds):
    assert passing.valid_on(day) is holds
    assert (passing in memberships_of(passing.user, day)) is holds
    assert (passing in holders("clerk", day)) is holds
    assert (passing in people_of([passing.organisation_id], day)) is holds
    assert passing not in people_of([passing.organisation_id], day, ("head",))


def test_an_end_before_the_beginning_is_refused_by_the_database(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=people.window.user,
            organisation=people.window.organisation,
            role="clerk",
            valid_from=date(2018, 2, 1),
            valid_to=date(2018, 1, 31),
        )


def act_as(client, membership, **more):
    return client.post(reverse("accounts:acting"), {"membership": membership, **more})


def test_one_switches_between_ones_own_and_back(passing, people, client, driven):
    client.force_login(passing.user)
    with driven("2018-06-15 09:00"):
        answer = act_as(client, passing.pk, next="/register/")
        assert (answer.status_code, answer.url) == (302, "/register/")
        assert client.session[ACTING] == passing.pk
        assert act_as(client, people.window.pk, next="/register/").status_code == 302
        assert client.session[ACTING] == people.window.pk


def test_nobody_takes_what_is_not_theirs_or_over(passing, people, client, driven):
    client.force_login(passing.user)
    with driven("2018-06-15 09:00"):
        for foreign in (people.supervisor.pk, "0", "", "x"):
            assert act_as(client, foreign).status_code == 403
    with driven("2018-07-01 00:00"):
        assert act_as(client, passing.pk).status_code == 403
    assert ACTING not in client.session


def test_the_way_back_stays_on_the_site_and_get_changes_nothing(people, client):
    client.force_login(people.window.user)
    answer = act_as(client, people.window.pk, next="https://elsewhere.example/")
    assert "elsewhere" not in answer.url
    assert client.get(reverse("accounts:acting")).status_code == 405
    client.logout()
    assert act_as(client, people.window.pk).url.startswith(reverse("account_login"))


def test_only_the_administrator_enters_the_reference_data(people, client):
    index = reverse("admin:index")
    client.force_login(people.window.user)
    assert client.get(index).status_code != 200
    client.force_login(people.administrator.user)
    assert client.get(index).status_code == 200
    asked = RequestFactory().get("/")
    asked.user, asked.acting = people.administrator.user, people.administrator
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        allowed = page.has_view_permission(asked)
        assert client.get(reverse(name)).status_code == (200 if allowed else 403), name


def test_an_appointment_in_the_reference_data_stands_in_the_ledger(people, client):
    client.force_login(people.administrator.user)
    new = User.objects.create(username="new", name="新示例")
    answer = client.post(
        reverse("admin:accounts_membership_add"),
        {
            "user": new.pk,
            "organisation": people.window.organisation_id,
            "role": "window",
            "valid_from": "2018-06-01",
            "valid_to": "",
        },
    )
    assert answer.status_code == 302
    made = Membership.objects.get(user=new)
    entry = Entry.objects.filter(act="appoint").latest("pk")
    assert (entry.actor, made.reference in entry.payload) == (people.administrator, True)


def test_what_has_been_is_not_deleted(people, client):
    client.force_login(people.administrator.user)
    url = reverse("admin:accounts_membership_delete", args=[people.window.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
