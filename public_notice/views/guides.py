"""办事指南 and 权责清单: what everybody reads of the catalogue in force."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.queries import county
from approvals.queries.items import VALUES
from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from public_notice.queries import guides as queries
from public_notice.views.public import public_page


@public_page
def guides(request: HttpRequest) -> HttpResponse:
    """List the items of the edition in force by class."""
    at = clock.now()
    context = {"groups": queries.guides(at), "edition": queries.edition_or_none(at)}
    return render(request, "public_notice/guides.html", context)


@public_page
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Show one item: everything it wants, how long it takes, what silence means, its flow chart, how to complain."""
    item = queries.guide(code, clock.now())
    if item is None:
        raise Http404
    context = {"item": item, "values": VALUES, "contact": county().profile.get("contact", {})}
    return render(request, "public_notice/guide.html", context)


@public_page
def export_guides(request: HttpRequest) -> HttpResponseBase:
    """Hand the materials of all guides out as a file."""
    at, form = clock.now(), request.GET.get("form", "")
    sheet = queries.sheet_of_guides(queries.guides(at))
    return handed_out(sheet, form, at=at, watch=watch_of(request))


@public_page
def powers(request: HttpRequest) -> HttpResponse:
    """List what each department is charged with."""
    at = clock.now()
    context = {
        "groups": queries.powers(at),
        "edition": queries.edition_or_none(at),
        "values": VALUES,
        "contact": county().profile.get("contact", {}),
    }
    return render(request, "public_notice/powers.html", context)


@public_page
def export_powers(request: HttpRequest) -> HttpResponseBase:
    """Hand the powers out as a file."""
    at, form = clock.now(), request.GET.get("form", "")
    sheet = queries.sheet_of_powers(queries.powers(at))
    return handed_out(sheet, form, at=at, watch=watch_of(request))
