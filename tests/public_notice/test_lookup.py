"""查询异议: who guesses waits, whether or not the next word is right."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.steps.tries import TooManyTries
from public_notice.services import lodge_objection
from public_notice.services.lookup import GUESSING, look_up

pytestmark = pytest.mark.django_db
HERE, THERE = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def objection(noticed, words):
    return lodge_objection(noticed.notice, at=noticed.now, **words)


def ask(objection, at, code=None, origin=HERE):
    return look_up(number=objection.number, code=code or objection.code, origin=origin, at=at)


def test_ten_wrong_codes_and_the_address_waits_even_with_the_right_one(objection, noticed):
    now = noticed.now
    for _try in range(GUESSING.from_one):
        assert ask(objection, now, code="AAAAAAAAAA") is None
    with pytest.raises(TooManyTries):
        ask(objection, now)
    assert (
        ask(objection, now, origin=THERE) == objection
    )  # nobody shuts the holder of the receipt out
    assert ask(objection, now + timedelta(minutes=16)) == objection


def test_the_page_says_until_when_and_answers_429(objection, noticed):
    address = reverse("public_notice:objection_lookup")
    wrong = {"number": objection.number, "code": "AAAAAAAAAA"}
    right = {"number": objection.number, "code": objection.code}
    client = Client(REMOTE_ADDR=HERE)
    with clock.driven(noticed.now):
        answers = [client.post(address, wrong).status_code for _try in range(GUESSING.from_one)]
        assert set(answers) == {422}
        shut = client.post(address, right)
        assert client.get(address).status_code == 200
    assert shut.status_code == 429
    assert int(shut["Retry-After"]) > 0
    assert "以后再查" in shut.content.decode()
    assert objection.text not in shut.content.decode()
