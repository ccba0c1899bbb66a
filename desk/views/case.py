"""The case page: one page for everyone concerned, each with the steps that are theirs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from approvals.models import Change, ChecklistItem, Filing, Gap, StageLimit
from approvals.queries.people import with_people
from core import clock
from desk.queries.case import case as page_of


@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one case to a person it concerns; unknown and not theirs are both 404."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    filing = get_object_or_404(
        with_people(Filing.objects.visible_to(acting))
        .select_related("enterprise", "site", "industry", "book", "rulebook", "catalogue")
        .prefetch_related(
            Prefetch("limits", StageLimit.objects.select_related("calendar")),
            Prefetch("gaps", Gap.objects.select_related("material", "calendar")),
            Prefetch("items", ChecklistItem.objects.select_related("item", "department")),
            Prefetch("changes", Change.objects.select_related("item__department")),
            "measures",
        ),
        public_id=public_id,
    )
    return render(request, "desk/case.html", page_of(filing, acting, clock.now()))
