"""检查点: what anyone may keep, so that nobody can rewrite the ledger without being found."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from public_notice.queries.checkpoints import (
    VERIFIER,
    all_checkpoints,
    feed_of_checkpoints,
    keys_held,
    sheet_of_checkpoints,
    verifier_digest,
)
from public_notice.views.public import public_page

PAGE = 30
TEXT = "text/plain; charset=utf-8"


@public_page
def checkpoints(request: HttpRequest) -> HttpResponse:
    """List the checkpoints, newest first, with the keys that sign them and the program that checks them."""
    page = Paginator(all_checkpoints(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "keys": keys_held(), "digest": verifier_digest()}
    return render(request, "public_notice/checkpoints.html", context)


@public_page
def checkpoint(_request: HttpRequest, number: int) -> HttpResponse:
    """Give one in its text form, word for word as it was signed; the address is kept for ever."""
    return HttpResponse(get_object_or_404(all_checkpoints(), number=number).text, content_type=TEXT)


@public_page
def keys(_request: HttpRequest) -> HttpResponse:
    """Give the public keys, one a line, the newest first."""
    lines = "".join(f"{held.key.text}\n" for held in keys_held())
    return HttpResponse(lines, content_type=TEXT)


@public_page
def feed(_request: HttpRequest) -> HttpResponse:
    """Give the newest to a feed reader (Atom)."""
    written = feed_of_checkpoints(all_checkpoints()[:100])
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


@public_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand them out as a file."""
    sheet, form = sheet_of_checkpoints(all_checkpoints().iterator()), request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


@public_page
def verifier(_request: HttpRequest) -> FileResponse:
    """Hand out the program that checks an exported ledger without this system."""
    return FileResponse(VERIFIER.open("rb"), as_attachment=True, content_type="text/x-python")
