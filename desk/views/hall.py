"""The touch page in the hall: one's own case by number and code, large keys, and nothing kept of whoever was here."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from approvals.services.drafts import SERIES
from core import clock
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import not_now
from desk.forms.hall import FIELDS, KEYS, TouchForm, pressed
from desk.queries.progress import progress as standing_of
from desk.rules.progress import NOT_FOUND
from desk.services.progress import follow

FORGETS = 60  # seconds without a touch, after which the page is empty again


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Show the keys, what was typed so far, or how a case stands; nothing goes into an address or a history."""
    year = f"{timezone.localdate(clock.now()).year:04d}"
    form, status, wait = TouchForm(initial={"year": year}), int(HTTPStatus.OK), 0
    into = request.POST.get("into", "place")
    context: dict[str, Any] = {"into": into if into in FIELDS else "place", "keys": KEYS}
    if request.method == "POST" and (key := request.POST.get("key", "")):
        form = TouchForm(initial=pressed(request.POST.dict(), key, context["into"]))
    elif request.method == "POST" and "look" in request.POST:
        form = TouchForm(request.POST)
        status, wait = _looked_up(request, form, context)
    elif request.method == "POST":
        form = TouchForm(initial={name: request.POST.get(name, "") for name in FIELDS})
    context |= {"form": form, "forgets": FORGETS, "series": SERIES}
    page = render(request, "desk/hall_lookup.html", context, status=status)
    page["X-Robots-Tag"] = "noindex, nofollow"
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _looked_up(request: HttpRequest, form: TouchForm, context: dict[str, Any]) -> tuple[int, int]:
    """Put into the context what number and code open; return the status and the seconds to wait."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY, 0
    typed, at = form.cleaned_data, clock.now()
    number = f"{SERIES}{typed['year']}{typed['place']}"
    try:
        found = follow(number=number, code=typed["code"], origin=origin_of(request), at=at)
    except TooManyTries as refusal:
        not_now(form, [refusal.said])
        return HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
    if found is None:
        form.add_error(None, NOT_FOUND)
        return HTTPStatus.NOT_FOUND, 0
    context["found"] = standing_of(found, at)
    return HTTPStatus.OK, 0
