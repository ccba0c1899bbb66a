"""访问令牌: a person makes a token for a program, sees its secret once, and revokes it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import tokens_of
from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from desk.forms.tokens import TokenForm
from desk.queries.sheets import sheet_of_tokens
from desk.services.tokens import make_token, revoke_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's tokens and the form; a new token's secret stands on the answer and nowhere else."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            _token, secret = make_token(by=acting, at=clock.now(), **form.cleaned_data)
            form = TokenForm()
        else:
            status = 422
    now = clock.now()
    rows = [{"token": token, "alive": token.valid_at(now)} for token in tokens_of(acting.user)]
    context = {"form": form, "secret": secret, "rows": rows}
    return render(request, "desk/tokens.html", context, status=status)


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand one's own tokens out as a file: what they are for and how they stand, never a secret."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    at, form = clock.now(), request.GET.get("form", "")
    return handed_out(
        sheet_of_tokens(tokens_of(acting.user), at), form, at=at, watch=watch_of(request)
    )


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one's own token."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    token = get_object_or_404(tokens_of(acting.user), pk=pk)
    revoke_token(token, by=acting, at=clock.now())
    messages.success(request, _("已撤销令牌“%(name)s”，它不再有效。") % {"name": token.name})
    return redirect("desk:tokens")
