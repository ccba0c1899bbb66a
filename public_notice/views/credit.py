"""失信认定公示: page, file and feed ask the same question at their own instant, and nobody keeps the answer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from public_notice.queries.credit import feed_of, found, in_public, marks_shown, sheet_of_shown

PAGE = 20


def shown_now(view: Callable[..., HttpResponseBase]) -> Any:
    """Let anyone read it and nobody keep it: a browser's minute would outlast the last second of a mark."""
    return login_not_required(require_safe(never_cache(view)))


@shown_now
def marks(request: HttpRequest) -> HttpResponse:
    """List the marks on show, newest first; searched like the notices."""
    at, words = clock.now(), request.GET.get("q", "").strip()
    page = Paginator(found(marks_shown(at), words), PAGE).get_page(request.GET.get("page"))
    query = f"{urlencode({'q': words})}&" if words else ""
    rows = [in_public(mark) for mark in page]
    context = {"page": page, "rows": rows, "words": words, "query": query}
    return render(request, "public_notice/credit.html", context)


@shown_now
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the marks on show out as a file."""
    at, form = clock.now(), request.GET.get("form", "")
    rows = found(marks_shown(at), request.GET.get("q", ""))
    return handed_out(sheet_of_shown(rows), form, at=at, watch=watch_of(request))


@shown_now
def feed(_request: HttpRequest) -> HttpResponse:
    """Give the marks on show to a feed reader (Atom)."""
    written = feed_of(marks_shown(clock.now())[:100])
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")
