"""再次勘察: every request for a second visit that a person may see, with what was decided and why."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prereview import policies
from prereview.queries.second_visits import second_visits
from prereview.stages import RequestState
from prereview.views.base import DEPARTMENT, person

MOST = (
    200  # requests on the page, the newest; each is counted in public, and they are meant to be few
)


@require_safe
def second_visit_list(request: HttpRequest) -> HttpResponse:
    """List the requests: a department its own, the county's staff all; who decides has the way to it."""
    by = person(request)
    if by.role not in DEPARTMENT and not policies.staff(None, by):
        raise PermissionDenied
    found = list(second_visits(by).order_by("-asked_at", "-pk")[:MOST])
    decides = policies.convenor(None, by)
    rows = [
        {"request": one, "decide": decides and one.state == RequestState.ASKED} for one in found
    ]
    return render(request, "prereview/second_visits.html", {"rows": rows})
