"""没有传完的文件: one's files in coming, how much of each is there, until when, and the way to give one up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core import clock
from core.documents.models import Incoming
from core.documents.receiving import AT_ONCE, KEPT, abandon, most_together


class Incomings(TemplateView):
    """A full quota is no dead end: what is not wanted any more is given up here."""

    template_name = "approvals/incoming.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse whoever acts for nobody."""
        if request.user.is_authenticated and request.acting is None:  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give one up; another's is not found."""
        by = request.acting  # type: ignore[attr-defined]
        coming = get_object_or_404(Incoming, token=request.POST.get("file", "")[:32], by=by)
        abandon(coming, by=by, at=clock.received())
        messages.success(request, _("已放弃：%(name)s。") % {"name": coming.name})
        return HttpResponseRedirect(reverse("approvals:incoming"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the files, and what may come together."""
        mine = Incoming.objects.filter(by=self.request.acting).order_by("-last_at", "-pk")  # type: ignore[attr-defined]
        rows = [
            {"file": one, "until": one.last_at + KEPT, "whole": one.received == one.size}
            for one in mine
        ]
        total = sum(one.size for one in mine)
        return super().get_context_data(
            rows=rows, total=total, most=AT_ONCE, together=most_together(), **kwargs
        )
