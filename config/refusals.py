"""What is answered where no view answers: programs get a problem, people a page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from approvals.models import Filing
from config import errors
from config.lost_login import hand_back, is_of_a_lost_login
from config.middleware import API
from core.steps.api.problems import plain_problem
from core.steps.reasons import why_no_longer


def malformed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400, or 413 for more than anything the site takes."""
    if not request.path.startswith(API):
        return errors.bad_request(request, exception)
    errors.drain(request)
    return plain_problem(request, 413 if isinstance(exception, errors.TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if request.path.startswith(API):
        return plain_problem(request, 403)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path.startswith(API):
        return plain_problem(request, 404)
    if said := _no_longer(request):
        return defaults.permission_denied(request, PermissionDenied(said))
    return defaults.page_not_found(request, exception)


def _no_longer(request: HttpRequest) -> str:
    """Return why a page of a case is closed to somebody who could open it once, as an agent (代办)."""
    name = request.resolver_match.kwargs.get("public_id") if request.resolver_match else None
    acting = getattr(request, "acting", None)
    if not name or acting is None:
        return ""
    return why_no_longer(Filing.objects.filter(public_id=name).first(), acting)


def fault(request: HttpRequest) -> HttpResponse:
    """500."""
    return (
        plain_problem(request, 500)
        if request.path.startswith(API)
        else errors.server_error(request)
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from a page of ours, or from one whose login is over; then no word of it is lost."""
    if request.path.startswith(API):
        return plain_problem(request, 403)
    if is_of_a_lost_login(request):
        return hand_back(request)
    return errors.csrf_failure(request, reason)
