"""From a case to what waits in it for this person: the check to hold, the finding to mend or to look at again."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from approvals.models import Filing
from inspection import policies
from inspection.queries.checks import next_to_hold, next_to_mend, next_to_recheck
from inspection.views.base import person


class Ahead(View):
    """Go to the first thing that waits; 404 where nothing does."""

    page = ""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Go there."""
        by = person(request)
        filing = get_object_or_404(Filing.objects.visible_to(by), public_id=public_id)
        found = self.first(filing, by)
        if found is None:
            raise Http404
        return redirect(f"inspection:{self.page}", found.pk)

    def first(self, filing: Filing, by: Any) -> Any:
        """Return what waits first, or None."""
        raise NotImplementedError


class ToMend(Ahead):
    """The enterprise's next finding."""

    page = "report_rectified"

    def first(self, filing: Filing, by: Any) -> Any:
        """Return it."""
        return next_to_mend(filing) if policies.own_enterprise(filing, by) else None


class ToRecheck(Ahead):
    """The department's next recheck."""

    page = "recheck"

    def first(self, filing: Filing, by: Any) -> Any:
        """Return it."""
        return next_to_recheck(filing, by)


class ToHold(Ahead):
    """The department's next check."""

    page = "hold_check"

    def first(self, filing: Filing, by: Any) -> Any:
        """Return it."""
        return next_to_hold(filing, by)
