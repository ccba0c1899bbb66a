"""消息设置, and the administrator's list of what could not be delivered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import administrator
from core import clock
from core.documents.sheets import handed_out
from core.notify.models import Sending
from core.notify.services.handing import preference_of
from core.steps.watching import watch_of
from desk.forms.messages import MessageSettingsForm
from desk.queries.outbox import not_handed_over, undelivered, ways_now
from desk.queries.sheets import sheet_of_sendings
from desk.services.inbox import send_again, set_preference

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show by which ways the person hears, and change it."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    chosen = preference_of(acting.user)
    names = MessageSettingsForm.base_fields
    known = {name: getattr(chosen, name) for name in names}
    form = MessageSettingsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        set_preference(by=acting, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("已保存消息设置。"))
        return redirect("desk:message_settings")
    context = {"form": form, "address": acting.user.email, "phone": acting.user.phone}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/message_settings.html", context, status=status)


def _for_administrator(request: HttpRequest) -> Any:
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not administrator(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what is on its way and what could not leave."""
    _for_administrator(request)
    page = Paginator(undelivered(), PAGE).get_page(request.GET.get("page"))
    context = {"ways": ways_now(clock.now()), "inbox": not_handed_over(), "page": page}
    return render(request, "desk/outbox.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out what could not leave as a file, all of it."""
    _for_administrator(request)
    sheet = sheet_of_sendings(undelivered())
    return handed_out(sheet, request.GET.get("form", ""), at=clock.now(), watch=watch_of(request))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a letter anew that was given up."""
    acting = _for_administrator(request)
    sending = get_object_or_404(Sending, pk=pk)
    send_again(sending, by=acting, at=clock.now())
    messages.success(request, _("将再次发送给%(who)s。") % {"who": sending.to.user})
    return redirect("desk:outbox")
