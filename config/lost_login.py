"""A step that was sent by a browser which has lost its cookies meanwhile, or from before a new login.

Nothing of it is taken, and nothing is kept of whoever is unknown: what was typed goes back to the page from which it
came, with the way to log in beside it. Sent once more from there, after the login, it is found again on the step's own
page, not saved yet (core/steps/typed.py). That the browser names our own page as its origin is what a page of another
site cannot bring about.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from approvals.views.base import what_was_sent
from core import clock
from core.steps.typed import fields_sent, keep_typed_of
from core.steps.unfinished import is_to_be_kept
from core.steps.views import StepView


def is_of_a_lost_login(request: HttpRequest) -> bool:
    """Whether a page of ours has sent a step, with words in it that somebody typed."""
    found = request.resolver_match
    page = getattr(found.func, "view_class", None) if found else None
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    step = isinstance(page, type) and issubclass(page, StepView)
    return ours and step and not is_to_be_kept(request) and bool(fields_sent(request))


def hand_back(request: HttpRequest) -> HttpResponse:
    """Give back what was typed: on the step's page to whoever is logged in by now, else on one that says how (403)."""
    if request.user.is_authenticated:
        keep_typed_of(request, str(request.user.pk), at=clock.now())
        return HttpResponseRedirect(request.path)
    return render(request, "lost_login.html", what_was_sent(request), status=403)
