"""What the pages of things inside a case share: the case behind them, the way back, their own limit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Membership
from approvals.models import Filing
from approvals.views.base import CaseStep, case_url
from core import clock
from core.deadlines.models import Timed
from core.steps.limits import card


def person(request: HttpRequest) -> Membership:
    """Return the membership the person acts under; without one there is nothing to do here (403)."""
    acting: Membership | None = getattr(request, "acting", None)
    if acting is None:
        raise PermissionDenied
    return acting


class OfCase(CaseStep):
    """A step of something inside a case: a check, a finding. The page names the case, `thing` the thing."""

    template_name = "approvals/step.html"

    def filing(self) -> Filing:
        """Return the case."""
        filing: Filing = self.subject.filing
        return filing

    def back_url(self) -> str:
        """Go back to the case."""
        return case_url(self.filing())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the case on the way back, and show the thing's own limit where one runs."""
        thing = self.subject
        limits = [card(thing, clock.now())] if isinstance(thing, Timed) and thing.running else []
        context = super(CaseStep, self).get_context_data(**{"limits": limits, **kwargs})
        return {**context, "subject": self.filing(), "thing": thing}
