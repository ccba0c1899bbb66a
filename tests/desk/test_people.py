"""Invented people, only where there is a demonstration, and the login page that offers them."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Membership, User
from approvals.models import CatalogueItem
from core.ledger.services import county_book
from desk.queries import demo_accounts
from desk.rules.people import PASSWORD
from desk.services.people import NoDemonstration, enterprise_account, load_people

pytestmark = pytest.mark.django_db


def test_every_department_of_the_catalogue_has_a_clerk(people):
    items = CatalogueItem.objects.prefetch_related("co_departments").select_related("department")
    codes = {i.department.code for i in items} | {
        d.code for i in items for d in i.co_departments.all()
    }
    assert {people.department(code).organisation.code for code in codes} == codes
    for code in ("ZRJ", "STJ", "ZJJ", "SLJ", "QXJ", "FGJ"):
        assert people.head(code).role == "head"
    assert User.objects.filter(is_staff=True).get() == people.administrator.user


def test_loading_twice_opens_no_second_account(people, settings, at):
    settings.DEMO = True
    before, head = Membership.objects.count(), county_book().head
    load_people(at=at("2018-06-01"))
    again = enterprise_account(number=1, name="x", person="y", at=at("2018-06-01"))
    assert again == people.enterprise
    assert (Membership.objects.count(), county_book().head) == (before, head)


def test_where_real_people_work_there_are_none(people, at, client):
    with pytest.raises(NoDemonstration):
        load_people(at=at("2018-06-01"))
    with pytest.raises(NoDemonstration):
        enterprise_account(number=3, name="x", person="y", at=at("2018-06-01"))
    assert demo_accounts() == []
    with pytest.raises(CommandError):
        call_command("demo_accounts")
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


def test_the_login_page_offers_a_handful_and_they_work(people, settings, client, capsys):
    settings.DEMO = True
    offered = demo_accounts()
    names = [account["username"] for account in offered]
    assert names[:2] == ["enterprise-01", "enterprise-02"]
    assert {"window", "convenor", "supervisor", "admin"} < set(names)
    assert len(names) == 10
    page = client.get(reverse("account_login")).content.decode()
    assert all(f'value="{name}"' in page for name in names)
    assert reverse("desk:register") in page
    assert "左权县承诺通" in page
    done = client.post(
        reverse("account_login"), {"login": "window", "password": PASSWORD, "next": "/language/"}
    )
    assert done.status_code == 302
    assert client.session["_auth_user_id"] == str(people.window.user_id)
    call_command("demo_accounts")
    assert len(capsys.readouterr().out.splitlines()) == 29
