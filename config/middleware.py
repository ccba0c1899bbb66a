"""Whose act a request is, and in which language it is answered."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.queries import ACTING, memberships_of
from config.errors import page
from config.tongues import mark_chinese
from core import clock
from core.documents.storage import StoreDown
from core.ledger.page import ClockBehind
from core.steps.reasons import NotNow
from core.steps.typed import keep_typed, remember_who
from core.steps.views import StepView

API = "/api/"
PULSE = "/pulse/"
# Files for anybody, kept by any cache: no session is looked up for them, so none can get into one.
FOR_ALL = ("/open/v1/", "/sitemap", "/robots.txt")
EARLY = (PULSE, *FOR_ALL)
PAGES_OF_API = ("/api/docs/",)  # read by people
PAGE_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
log = logging.getLogger("chengnuo.files")
Handler = Callable[[HttpRequest], HttpResponse]


def asked_for(request: HttpRequest) -> str:
    """Return the language of an answer: of a page the cookie's, of the API what its caller says first."""
    known = {code for code, _name in settings.LANGUAGES}
    if request.path.startswith(API) and request.path not in PAGES_OF_API:
        said = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
        chosen = "en" if said and said[0][0].partition("-")[0] == "en" else ""
    else:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in known else settings.LANGUAGE_CODE


class ArrivalMiddleware:
    """Stamp each request as it arrives: what it brings was received then, however long it waits for a lock."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the arrival at hand."""
        with clock.arriving():
            return self.get_response(request)


class PulseMiddleware:
    """Answer the pulse of a room before anything else is done: every page of a room asks for it all the time.

    It is felt in nobody's name and in no language, and its answer is empty: no login, no session, no language and no
    message has to be looked up for it. Open data and the map of the site are the same for everybody and go this way,
    too: whatever cookie a request brings, it is not read, and no answer depends on one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Lead the pulse and what is for all to their views, and everything else on."""
        if not request.path_info.startswith(EARLY):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return answer


class ChosenLocaleMiddleware:
    """Chinese whatever the browser says; English once the reader has chosen it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language that was chosen, else in Chinese."""
        language = asked_for(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):  # what the thread does next is not this reader's
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.path.startswith(API):
            patch_vary_headers(response, ("Accept-Language",))
        return response


class TonguesMiddleware:
    """On an English page, mark what stays Chinese as Chinese."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark a page on its way out; files, streams and pages in Chinese pass as they are."""
        response = self.get_response(request)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page and not response.streaming and translation.get_language() == "en":
            marked = mark_chinese(response.content.decode(response.charset))
            response.content = marked.encode(response.charset)
        return response


class PageMethodsMiddleware:
    """Pages are looked at or sent to: a library's form view would take a PUT for a POST, a plain one for a GET."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse other methods (405); the interface for programs declares its own."""
        if request.method in PAGE_METHODS or request.path.startswith(API):
            return self.get_response(request)
        return HttpResponseNotAllowed(PAGE_METHODS)


class LoginMiddleware(LoginRequiredMiddleware):
    """Pages want somebody; what was typed into a step whose login had run out is there again after the login."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Keep what a step was sent, and lead to the login and back."""
        page = getattr(view_func, "view_class", None)
        if request.method == "POST" and isinstance(page, type) and issubclass(page, StepView):
            keep_typed(request, at=clock.now())
        answer: HttpResponseRedirect = super().handle_no_permission(request, view_func)
        return answer

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Remember who was here; programs have tokens and log in nowhere."""
        if hasattr(request, "user") and not request.path.startswith(API):
            remember_who(request, response)
        return response


class ActingMiddleware:
    """Set `request.acting`: the membership under which the person acts, read anew at every request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the memberships valid today; the session remembers which one was chosen."""
        request.acting, request.memberships = None, []  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            found = memberships_of(request.user, timezone.localdate(clock.now()))
            chosen = request.session.get(ACTING)
            request.memberships = found  # type: ignore[attr-defined]
            request.acting = next(  # type: ignore[attr-defined]
                (m for m in found if m.pk == chosen), found[0] if found else None
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that a view let through with its sentences (409), and a store that does not answer (503)."""
        if isinstance(exception, StoreDown):
            log.error("the store of files: %s", exception, exc_info=exception)
            return page(request, 503, _("文件库打不开"), str(exception.said))
        if not isinstance(exception, NotNow | ClockBehind):
            return None
        reasons = exception.reasons if isinstance(exception, NotNow) else [exception.said]
        back = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = "/desk/"
        context = {"reasons": reasons, "back_url": back}
        return render(request, "409.html", context, status=409)
