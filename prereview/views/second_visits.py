"""再次勘察: every request for a second visit that a person may see, with what was decided and why."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Membership
from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from prereview import policies
from prereview.queries.second_visits import second_visits
from prereview.queries.sheets import sheet_of_second_visits
from prereview.stages import RequestState
from prereview.views.base import DEPARTMENT, person

PAGE = 50
DIGITS = 18  # what a key of the database can hold


def _reader(request: HttpRequest) -> Membership:
    by = person(request)
    if by.role not in DEPARTMENT and not policies.staff(None, by):
        raise PermissionDenied
    return by


@require_safe
def second_visit_list(request: HttpRequest) -> HttpResponse:
    """List the requests, the newest first: a department its own, the county's staff all.

    A page begins after a row (`before`), so nothing is skipped while new ones come in; who decides has the way to it.
    """
    by, before = _reader(request), request.GET.get("before", "")
    found = second_visits(by).order_by("-pk")
    if before.isascii() and before.isdecimal() and len(before) <= DIGITS:
        found = found.filter(pk__lt=int(before))
    else:
        before = ""
    shown = list(found[: PAGE + 1])
    decides = policies.convenor(None, by)
    rows = [
        {"request": one, "decide": decides and one.state == RequestState.ASKED}
        for one in shown[:PAGE]
    ]
    older = shown[PAGE - 1].pk if len(shown) > PAGE else 0
    context = {"rows": rows, "older": older, "newest": bool(before)}
    return render(request, "prereview/second_visits.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the requests out as a file, all that the person may see."""
    sheet = sheet_of_second_visits(second_visits(_reader(request)).order_by("-pk"))
    form = request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))
