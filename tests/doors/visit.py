"""Somebody before the site: any address, at an instant of the county's clock; a page that breaks is an error here."""

from html import unescape

from django.test import Client
from django.utils.http import urlencode

from core import clock


class Visit:
    """One person (None: the public) at a walk's `now`; addresses are plain paths."""

    def __init__(self, membership, way=None, *, now=None):
        self.way, self.fixed = way, now
        self.client = Client()
        if membership is not None:
            self.client.force_login(
                membership.user, backend="django.contrib.auth.backends.ModelBackend"
            )

    @property
    def now(self):
        """The instant of the next request."""
        return self.fixed or self.way.now

    def get(self, path, **query):
        """Look at an address."""
        with clock.driven(self.now):
            return self.client.get(path, query)

    def post(self, path, data=None, **more):
        """Send a form to an address, in parts where a file is in it, as a browser does."""
        if "content_type" not in more and not _with_a_file(data or {}):
            more["content_type"] = "application/x-www-form-urlencoded"
            data = urlencode(data or {}, doseq=True)
        with clock.driven(self.now):
            return self.client.post(path, data or {}, **more)

    def case(self, step, data=None):
        """Send a form to a step of the walk's case."""
        return self.post(f"/cases/{self.way.filing.public_id}/{step}", data)


def _with_a_file(data):
    sent = [one for said in data.values() for one in (said if isinstance(said, list) else [said])]
    return any(hasattr(one, "read") for one in sent)


def text(response):
    """What the page says, entities resolved."""
    return unescape(response.content.decode())
