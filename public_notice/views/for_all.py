"""Files for anybody and any cache: validated by a mark, readable from any site, dependent on no cookie."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from core.steps.api.problems import MEDIA_TYPE, problem

METHODS = ("GET", "HEAD", "OPTIONS")
PREFLIGHT_SECONDS = 86_400
# Kept by anybody, and asked about before each use: what is withdrawn leaves every cache at the same instant.
KEPT = "public, max-age=0, must-revalidate"
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition",
}
PREFLIGHT = {
    **OPEN,
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept",
    "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
}
View = Callable[..., HttpResponseBase]


def for_all(view: View) -> View:
    """Let any site's script read a file, and answer the question that its browser asks before (fetch standard, CORS).

    Nothing else than looking is let through (405). The origin is answered with a star and never repeated, so the answer
    is the same for all and needs no `Vary`; a browser sends no cookie along to a star.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT | {"Content-Type": "text/plain"})
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        response = view(request, *args, **kwargs)
        for name, value in OPEN.items():
            response.headers[name] = value
        return response

    return login_not_required(shown)


def kept(
    request: HttpRequest, etag: str, made: Callable[[], bytes | Iterable[bytes]], kind: str
) -> HttpResponseBase:
    """Return a file under its mark; who holds that very one gets 304, and nothing is made."""
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        known.headers["ETag"], known.headers["Cache-Control"] = etag, KEPT
        return known
    said = made()
    answer = HttpResponse(said) if isinstance(said, bytes) else StreamingHttpResponse(said)
    answer.headers["Content-Type"] = kind
    answer.headers["ETag"], answer.headers["Cache-Control"] = etag, KEPT
    return answer


def refused(status: int, said: str) -> JsonResponse:
    """Return a refusal as the interface for programs does (RFC 9457); nobody keeps it."""
    shape = {"ensure_ascii": False}
    said_so = problem(status, [said])
    return JsonResponse(said_so, status=status, content_type=MEDIA_TYPE, json_dumps_params=shape)
