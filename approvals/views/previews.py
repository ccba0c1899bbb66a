"""预览: a page of a file drawn anew, behind the same door as the file itself."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.views.documents import file_seen
from core.documents.models import Attachment
from core.documents.previews import Busy, NotShown, carried, draw, draw_any, had, words

DIGITS = 4  # of a page, at most
AGAIN = 5  # seconds after which a page that could not be drawn for the moment asks again, without a script, too
# What was drawn is a picture and stays one, whatever a browser would take it for.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one page with the way to the others; where there is no preview, say why and offer the file."""
    kept = file_seen(request, pk)
    if kept.read_as:
        return _inside(request, kept)
    typed = request.GET.get("page", "1")
    page = int(typed) if typed.isdecimal() and len(typed) <= DIGITS else 0
    try:
        drawn = draw(kept, page)
    except NotShown as fault:
        return _none(request, kept, fault)
    said = {"file": kept, "page": page, "pages": drawn.pages}
    near = {
        "previous": page - 1 if page > 1 else 0,
        "following": page + 1 if page < drawn.pages else 0,
    }
    return render(request, "approvals/preview.html", {**said, **near})


@require_safe
def preview_page(request: HttpRequest, pk: int, page: int) -> HttpResponse | FileResponse:
    """Hand out a drawn page, to be kept by no browser: it is asked for anew, and so is who asks.

    Page 0 is the picture that a file carries of itself.
    """
    kept = file_seen(request, pk)
    try:
        file = draw_any(kept, page)
    except NotShown as fault:
        return _none(request, kept, fault)
    answer = FileResponse(file.open(), content_type=file.content_type)
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "private, no-store"
    return answer


def _inside(request: HttpRequest, kept: Attachment) -> HttpResponse:
    """Say why a file is not drawn and what to do, with the picture and the words it carries, where it has them."""
    try:
        shown = {"carried": had(carried, kept), "words": had(words, kept) or []}
    except NotShown as fault:
        return _none(request, kept, fault)
    said = {"file": kept, "why": kept.not_previewed, "inside": True}
    return render(request, "approvals/preview.html", {**said, **shown})


def _none(request: HttpRequest, kept: Attachment, fault: NotShown) -> HttpResponse:
    """Say why there is no preview: 409 while the file is withheld, 503 for a moment, 422 otherwise."""
    busy = isinstance(fault, Busy)
    status = 409 if kept.withheld else 503 if busy else 422
    said = {"file": kept, "why": str(fault), "again": AGAIN if busy else 0}
    answer = render(request, "approvals/preview.html", said, status=status)
    if busy:
        answer["Retry-After"] = str(AGAIN)
        answer["Refresh"] = str(AGAIN)
    return answer
