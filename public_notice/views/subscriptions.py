"""订阅公示: ask, confirm from the mailbox, leave. Links only show; what changes anything is a button."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import clock
from core.notify.services.ways import Mail
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries, origin_of
from public_notice.forms.subscriptions import SubscriptionForm
from public_notice.queries.register import facets
from public_notice.services.subscriptions import (
    ask_subscription,
    confirm_subscription,
    end_subscription,
    waiting,
)

METHODS = ["GET", "HEAD", "POST"]


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "public_notice/subscription.html", context, status=status)


def _wait(request: HttpRequest, refusal: TooManyTries, **context: Any) -> HttpResponse:
    minutes = -(-refusal.wait // 60)
    said = _("次数太多，请%(minutes)s分钟以后再试。") % {"minutes": minutes}
    page = _page(request, HTTPStatus.TOO_MANY_REQUESTS, reasons=[said], **context)
    page["Retry-After"] = str(refusal.wait)
    return page


@login_not_required
@never_cache
@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """Take an address and choices; the answer is the same whether the address is known or not."""
    posted = request.method == "POST"
    form = SubscriptionForm(request.POST if posted else None, found=facets())
    if not posted or not form.is_valid():
        return _page(request, 422 if posted else 200, form=form, on=Mail.on())
    language = get_language() or "zh-hans"
    try:
        ask_subscription(
            **form.cleaned_data, at=clock.now(), origin=origin_of(request), language=language
        )
    except NotNow as refusal:
        return _page(request, 409, form=form, reasons=refusal.reasons, on=True)
    except TooManyTries as refusal:
        return _wait(request, refusal, form=form, on=True)
    return _page(request, asked=True)


@login_not_required
@never_cache
@require_http_methods(METHODS)
def confirm(request: HttpRequest, word: str) -> HttpResponse:
    """Confirm by a button: programs that look at every link of a mail confirm nothing."""
    at, pressed = clock.now(), request.method == "POST"
    found = confirm_subscription(word, at=at) if pressed else waiting(word, at)
    if found is None:
        return _page(request, 404, gone=True)
    return _page(request, word=word, confirmed=pressed)


@csrf_exempt  # the mail program posts without having been here (RFC 8058); the key of the address is the proof
@login_not_required
@never_cache
@require_http_methods(METHODS)
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Leave by one press; a key of nobody's is answered as one that was pressed before."""
    if request.method == "POST":
        end_subscription(key, at=clock.now())
        return _page(request, left=True)
    return _page(request, leaving=True)
