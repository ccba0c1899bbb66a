"""An enterprise registers by itself: a wrong check digit is asked about, never a wall."""

from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as configured
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.rules import check_uscc, with_check_characters
from core.ledger.models import Entry
from desk.services.people import synthetic_uscc
from desk.services.register import register_enterprise

pytestmark = pytest.mark.django_db

GOOD = synthetic_uscc(900)
WRONG = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")


def form(**changed):
    return {
        "name": "示例建材有限公司",
        "uscc": GOOD,
        "legal_representative": "孙示例",
        "person": "李示例",
        "phone": "0354-0000000",
        "username": "shili",
        "password1": "long-enough-4-all",
        "password2": "long-enough-4-all",
        **changed,
    }


@pytest.fixture
def send(county, client):
    return lambda **changed: client.post(reverse("desk:register"), form(**changed))


def test_synthetic_codes_pass_their_checks():
    assert {check_uscc(synthetic_uscc(n)).verdict for n in range(200)} == {"valid"}
    assert with_check_characters(GOOD[:16]) == GOOD


def test_registers_logs_in_and_writes_the_ledger(send, client):
    answer = send(uscc=f" {GOOD.lower()} ", email="a@example.org")
    assert answer.status_code == 302
    assert answer.url == resolve_url(configured.LOGIN_REDIRECT_URL)
    membership = Membership.objects.select_related("user", "organisation").get(
        user__username="shili"
    )
    assert client.session["_auth_user_id"] == str(membership.user_id)
    assert membership.user.check_password("long-enough-4-all")
    assert membership.user.email == "a@example.org"
    enterprise = membership.organisation
    assert (enterprise.uscc, enterprise.uscc_note, enterprise.licence_confirmed_at) == (
        GOOD,
        "",
        None,
    )
    entry = Entry.objects.get(act="register_enterprise", actor=membership)
    assert GOOD in entry.payload
    assert "李示例" not in entry.payload


def test_a_wrong_check_digit_is_asked_about_once_more(send):
    answer = send(uscc=WRONG)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "校验码不符" in page
    assert f'value="{WRONG}"' in page
    assert 'type="checkbox"' in page
    assert send(uscc=WRONG, uscc_confirmed=WRONG).status_code == 302
    assert "校验码不符" in Organisation.objects.get(uscc=WRONG).uscc_note


def test_a_confirmation_holds_for_its_own_code_only(send):
    other = WRONG[:8] + "DEM00901" + WRONG[16:]
    assert check_uscc(other).verdict == "warn"
    answer = send(uscc=other, uscc_confirmed=WRONG)
    assert answer.status_code == 422
    assert "勾选后再提交" in answer.content.decode()
    assert not User.objects.filter(username="shili").exists()


def test_a_good_code_is_not_asked_about(county, client):
    page = client.get(reverse("desk:register")).content.decode()
    assert 'type="checkbox"' not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"uscc": GOOD[:17]}, "应为18位，现为17位"),
        ({"uscc": "I" + GOOD[1:]}, "不使用字符"),
        ({"uscc": synthetic_uscc(1)}, "该统一社会信用代码已注册"),
        ({"username": "WINDOW"}, "这个账号已有人使用"),
        ({"username": "a b"}, "error"),
        ({"password2": "another-password-1"}, "两次输入的密码不一致"),
        ({"password1": "12345678", "password2": "12345678"}, "error"),
        ({"phone": "电话"}, "联系电话只含数字"),
        ({"name": ""}, "error"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(send, changed, sentence):
    before = Organisation.objects.count()
    answer = send(**changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Organisation.objects.count() == before
    assert not User.objects.filter(username="shili").exists()


def test_the_second_of_two_at_once_gets_a_sentence(county, at):
    person = {"username": "first", "name": "甲"}
    given = {"uscc": GOOD, "name": "示例", "password": "x", "at": at("2018-06-01 09:00")}
    register_enterprise(person=person, **given)
    with pytest.raises(ValidationError):
        register_enterprise(person={**person, "username": "second"}, **given)
    assert not User.objects.filter(username="second").exists()


def test_whoever_is_logged_in_does_not_register(people, client):
    client.force_login(people.window.user)
    assert client.get(reverse("desk:register")).status_code == 302


def test_who_registers_from_a_trial_goes_on_with_its_answers(county, client):
    tried = client.get(reverse("approvals:trial"), {"procedure_type": "filing"})
    here = "/try/?procedure_type=filing"
    there = f"{reverse('desk:register')}?next={quote(here, safe='')}"
    assert there in tried.content.decode()
    asked = client.get(there)
    assert f'name="next" value="{here}"' in asked.content.decode()
    login = f"{reverse('account_login')}?{urlencode({'next': here})}"
    assert login in asked.content.decode()
    assert there in client.get(login).content.decode(), "who has no account yet finds the way back"

    wrong = client.post(reverse("desk:register"), form(uscc="1", next=here))
    assert wrong.status_code == 422
    assert f'name="next" value="{here}"' in wrong.content.decode()
    done = client.post(reverse("desk:register"), form(next=here))
    assert (done.status_code, done.url) == (302, here)
    assert "用这些回答申报" in client.get(here).content.decode()


@pytest.mark.parametrize(
    "there", ["https://example.org/", "//example.org/", "javascript:1", "\\\\x"]
)
def test_nobody_is_sent_elsewhere_by_registering(send, there):
    assert send(next=there).url == resolve_url(configured.LOGIN_REDIRECT_URL)
