"""One person before the pages of sessions and opinions, at the instant of a walk."""

from django.test import Client
from django.urls import reverse

from core import clock
from tests.approvals.browse import text


class Page:
    """One person before these pages."""

    def __init__(self, membership, w):
        self.w = w
        self.client = Client()
        if membership is not None:
            self.client.force_login(
                membership.user, backend="django.contrib.auth.backends.ModelBackend"
            )

    def get(self, name, *args, **query):
        with clock.driven(self.w.now):
            return self.client.get(reverse(f"prereview:{name}", args=args), query)

    def post(self, name, *args, query="", **data):
        with clock.driven(self.w.now):
            return self.client.post(reverse(f"prereview:{name}", args=args) + query, data)

    def says(self, name, *args, **query):
        page = self.get(name, *args, **query)
        assert page.status_code == 200, (name, page.status_code)
        return text(page)
