"""The pages after the start, as somebody sees them without a screen."""

from django.urls import reverse

from core import clock
from tests.approvals import browse
from tests.approvals.browse import text

__all__ = ["Browser", "text"]


class Browser(browse.Browser):
    """One person at their desk; addresses are those of this app, others by their full name."""

    def address(self, name, *args):
        return reverse(name if ":" in name else f"inspection:{name}", args=args)

    def get(self, name, *args, **query):
        with clock.driven(self.at):
            return self.client.get(self.address(name, *args), query)

    def post(self, name, *args, **data):
        with clock.driven(self.at):
            return self.client.post(self.address(name, *args), data)
