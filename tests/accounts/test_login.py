"""Guessing a password ends after five tries, also for who then guesses right; another account is not concerned."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

pytestmark = pytest.mark.django_db
RIGHT = "示例-Right-2018"


@pytest.fixture
def guarded(settings):
    """The guard as where real people work; the library's own limits would hide whether ours holds."""
    settings.AXES_ENABLED = True
    settings.ACCOUNT_RATE_LIMITS = False
    for name in ("guessed", "other"):
        get_user_model().objects.create_user(username=name, password=RIGHT)


def login(client, name, password):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def test_guessing_ends_after_five_tries(client, guarded):
    answers = [login(client, "guessed", f"wrong-{n}").status_code for n in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert login(client, "guessed", RIGHT).status_code != 302
    assert "_auth_user_id" not in client.session
    assert login(client, "other", RIGHT).status_code == 302
