"""All cookies are lost while somebody fills in a step: what was typed comes back, and is taken by nobody unseen."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from core import clock
from tests.approvals.browse import text
from tests.approvals.test_typed import described, filing, page
from tests.conftest import instant

pytestmark = pytest.mark.django_db
NOW = instant("2018-03-05 09:00")
HERE = "http://testserver"
__all__ = ["filing"]


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def send(client, address, data, origin=HERE):
    with clock.driven(NOW):
        return client.post(address, data, headers={"Origin": origin} if origin else {})


def sent_again(answer):
    """The fields that the page of the answer would send: without a token, so that it is led on and never taken."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    )
    return {name: value for name, value in found if name not in ("csrfmiddlewaretoken", "next")}


def test_what_was_typed_is_on_the_page_and_after_the_login_in_its_form(client, people, filing):
    lost = send(client, page(filing), described())
    assert lost.status_code == 403
    assert "没有提交，也没有丢" in text(lost)
    assert "新打的规模" in text(lost)
    assert not Session.objects.exists()

    early = send(client, page(filing), sent_again(lost))  # before the login: the same page
    assert "新打的规模" in text(early)

    client.force_login(people.enterprise.user)
    led = send(client, page(filing), sent_again(early))
    assert (led.status_code, led.url) == (302, page(filing))
    with clock.driven(NOW):
        back = client.get(led.url)
    assert "还没有保存" in text(back)
    assert "新打的规模" in text(back)
    filing.refresh_from_db()
    assert filing.scale == "原来的规模"


def test_a_page_from_before_a_new_login_is_not_lost_either(client, people, filing):
    client.force_login(people.enterprise.user)
    client.cookies["csrftoken"] = "a" * 32
    led = send(client, page(filing), described(csrfmiddlewaretoken="b" * 32))

    assert (led.status_code, led.url) == (302, page(filing))
    with clock.driven(NOW):
        assert "新打的规模" in text(client.get(led.url))


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://testserver"])
def test_what_another_site_sends_is_put_into_nobodys_form(client, people, filing, origin):
    client.force_login(people.enterprise.user)
    answer = send(client, page(filing), described(), origin)

    assert answer.status_code == 403
    assert "新打的规模" not in text(answer)
    with clock.driven(NOW):
        assert "新打的规模" not in text(client.get(page(filing)))


@pytest.mark.parametrize("address", ["/", "/accounts/login/"])
def test_what_is_no_step_is_refused_as_before(client, address):
    answer = send(
        client, reverse("account_login") if "login" in address else address, {"login": "示例"}
    )

    assert answer.status_code == 403
    assert "页面已经失效" in text(answer)


def test_words_are_words(client, filing):
    lost = send(client, page(filing), described(scale='"><script>alert(1)</script>'))

    assert "<script>alert" not in lost.content.decode()
