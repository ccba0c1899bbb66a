"""A browser without a screen: somebody logged in, at an instant of the county's clock."""

from html import unescape

from django.test import Client
from django.urls import reverse

from core import clock


class Browser:
    """One person at their desk; `at` is the instant their next request happens."""

    def __init__(self, membership, at):
        self.at = at
        self.client = Client()
        if membership is not None:
            self.client.force_login(
                membership.user, backend="django.contrib.auth.backends.ModelBackend"
            )

    def get(self, name, /, *args, **query):
        with clock.driven(self.at):
            return self.client.get(reverse(f"approvals:{name}", args=args), query)

    def post(self, name, /, *args, **data):
        with clock.driven(self.at):
            return self.client.post(reverse(f"approvals:{name}", args=args), data)


def text(response):
    """What the page says, entities resolved."""
    return unescape(response.content.decode())
