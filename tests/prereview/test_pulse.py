"""The pulse of a room is answered before all else, and yet as every answer is: with its headers, whatever is asked."""

import pytest
from django.core import signing
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from core.ledger.services import county_book
from prereview.views import live
from prereview.views.live import SALT

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    token = signing.dumps([[county_book().pk], 0], salt=SALT)
    return reverse("prereview:pulse", args=[token])


def test_a_pulse_bears_every_header(address):
    answer = Client().get(address, {"seen": "0.0"})
    assert answer.status_code == 204
    assert "default-src" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Permissions-Policy"]


@pytest.mark.parametrize("seen", ["", "x", "x.0", "-1.0", "9" * 5000 + ".0", "9" * 19 + ".0"])
def test_what_is_no_number_of_acts_has_moved(address, seen):
    answer = Client().get(address, {"seen": seen})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "room-moved")


def test_who_looks_while_another_asks_waits_for_nobody(settings, django_assert_num_queries):
    settings.PULSE_KEPT = 60
    books = [county_book().pk]
    key = f"pulse:{books[0]}"
    caches["rooms"].set(key, (7, 0.0))  # known, and no longer of this moment
    asking = live.ASKING[hash(key) % len(live.ASKING)]
    with asking, django_assert_num_queries(0):
        assert live._acts(books) == 7
    with django_assert_num_queries(1):  # nobody asks: whoever comes next does, for all
        assert len({live._acts(books), live._acts(books)}) == 1
