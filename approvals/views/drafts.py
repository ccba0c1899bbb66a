"""What the two pages of a draft share: nobody writes over what somebody else has changed without having seen it."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse

from approvals.queries.edits import draft_number
from approvals.services.edits import Stale
from approvals.views.base import CaseStep

MOST_DIGITS = 9


class DraftStep(CaseStep):
    """A page of a draft. It carries the number of the last change it has seen; an older one is refused (409).

    The refusal names what was changed, keeps what was typed, and offers one button more: to save although.
    """

    stale = False

    def base(self) -> int | None:
        """Return the change on which what was typed builds: the one the page shows, or the one seen in a refusal.

        What was typed before the login ran out, or never sent, builds on what was shown then, however much has changed
        since.
        """
        typed = self.request.POST if self.typed_before is None else self.typed_before
        if self.unfinished is not None:
            typed = self.unfinished.fields
        for name in ("seen", "base"):
            sent = str(typed.get(name, ""))
            if sent.isdecimal() and len(sent) <= MOST_DIGITS:
                return int(sent)
        return None

    def taken(self, form: Form) -> HttpResponse:
        """Save, or remember that somebody else was faster."""
        try:
            return super().taken(form)
        except Stale:
            self.stale = True
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the number that the page carries; one that was sent stays until it was saved or the change was seen."""
        now = draft_number(self.subject)
        sent = self.base()
        return super().get_context_data(
            base=now if sent is None else sent, stale=self.stale, newest=now, **kwargs
        )
