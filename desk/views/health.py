"""Whether the house is well: /health/ for machines, without a login; /status/ in words for those who keep it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policies import reads_calendars
from core import clock
from desk.queries.calendars import reach
from desk.queries.health import checks, worst


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the house works (`ok`, `warn`) and 503 where it does not (`bad`); it counts nobody's cases."""
    at = clock.now()
    try:
        found = checks(at)
        known = reach(at)
    except DatabaseError:
        return JsonResponse({"status": "bad", "checks": {"database": "bad"}}, status=503)
    status = worst(found)
    body = {
        "status": status,
        "checks": {"database": "ok", **{check.name: check.state for check in found}},
        "calendar_ends": known.last.isoformat() if known else None,
        "calendar_days_left": known.left if known else None,
    }
    return JsonResponse(body, status=503 if status == "bad" else 200)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show the same in words."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not reads_calendars(None, acting):
        raise PermissionDenied
    found = checks(clock.now())
    return render(request, "desk/status.html", {"checks": found, "worst": worst(found)})
