"""Choosing under which membership one acts."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.queries import ACTING


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own memberships; only those valid today can be chosen."""
    chosen = request.POST.get("membership", "")
    mine = {str(membership.pk): membership for membership in getattr(request, "memberships", [])}
    if chosen not in mine:
        raise PermissionDenied
    request.session[ACTING] = mine[chosen].pk
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = settings.LOGIN_REDIRECT_URL
    return redirect(back)
