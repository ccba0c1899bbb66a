"""Choosing under which membership one acts."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.queries import ACTING


def onward(request: HttpRequest, wanted: str) -> str:
    """Return where somebody goes on to: the address of this site that they came with, else the desk."""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return str(settings.LOGIN_REDIRECT_URL)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own memberships; only those valid today can be chosen."""
    chosen = request.POST.get("membership", "")
    mine = {str(membership.pk): membership for membership in getattr(request, "memberships", [])}
    if chosen not in mine:
        raise PermissionDenied
    request.session[ACTING] = mine[chosen].pk
    return redirect(onward(request, request.POST.get("next", "")))
