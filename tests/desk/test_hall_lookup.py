"""The touch page of the hall: large keys, the same answers as the progress page, and nothing kept."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from desk.forms.hall import pressed
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
ADDRESS = "/hall/lookup/"


def _accepted(people):
    return walk(people, instant("2018-03-05 09:00"), to=Stage.ACCEPTED)


walked, w = standing(_accepted)


def post(w, client=None, **said):
    with clock.driven(w.now):
        return (client or Client()).post(ADDRESS, said)


def number(w):
    year, place = w.filing.number.split("〔")[1].rstrip("号").split("〕")
    return {"year": year, "place": place}


def test_keys_write_into_the_chosen_field_and_nowhere_else():
    typed = {"year": "2018", "place": "1", "code": ""}
    assert pressed(typed, "2", "place")["place"] == "12"
    assert pressed(typed, "A", "code")["code"] == "A"
    assert pressed(typed, "back", "year")["year"] == "201"
    assert pressed(typed, "clear", "place")["place"] == ""
    assert pressed(typed, "9", "year")["year"] == "2018", "a year has four figures"
    for key, into in (("<", "code"), ("AB", "code"), ("1", "password")):
        assert pressed(typed, key, into) == typed


def test_wrong_words_open_nothing_and_are_slowed(w):
    for wrong in ({"place": "x"}, {"code": ""}):
        said = {**number(w), "code": w.filing.query_code, **wrong}
        assert post(w, look="1", **said).status_code == 422
    answers = [post(w, look="1", **number(w), code="AAAA2222") for _try in range(11)]
    assert [one.status_code for one in answers] == [404] * 10 + [429]
    assert w.filing.project_name not in answers[0].content.decode()
    assert post(w, look="1", **number(w), code=w.filing.query_code).status_code == 429


def test_number_and_code_open_the_case_without_a_script_and_nothing_stays(w):
    client = Client()
    said = {**number(w), "code": ""}
    for key in w.filing.query_code:
        page = post(w, client, into="code", key=key, **said)
        said["code"] += key
        assert f'value="{said["code"]}"' in page.content.decode()
    page = post(w, client, look="1", **said)
    text = page.content.decode()
    assert w.filing.project_name in text
    assert w.filing.query_code not in text
    assert "no-store" in page["Cache-Control"]
    with clock.driven(w.now):
        empty = client.get(ADDRESS).content.decode()
    assert w.filing.query_code not in empty
    assert 'http-equiv="refresh" content="60' in empty
    assert reverse("desk:hall_lookup") == ADDRESS
