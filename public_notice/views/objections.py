"""Objecting to a notice without an account: write, see what will be public, send, keep the receipt, follow it."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import not_now
from public_notice.forms import LookupForm, ObjectionForm
from public_notice.models import Notice, Objection
from public_notice.queries import in_public, standing
from public_notice.queries.history import anchor_of_objection
from public_notice.services import lodge_objection
from public_notice.services.flood import is_worked, new_challenge
from public_notice.services.lookup import look_up
from public_notice.services.watching import may_be_anonymous

RECEIPT = "objection_receipt"  # where the session of whoever objected remembers it


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lodge(request: HttpRequest, public_id: str) -> HttpResponse:
    """提出异议: the form, then a preview of what will be public, then the act; no step needs a script."""
    chosen = Notice.objects.select_related("filing__rulebook", "calendar")
    found = get_object_or_404(chosen, public_id=public_id)
    now = clock.now()
    context: dict[str, Any] = {"notice": found, "stand": standing(found, now)}
    named = {"may_be_anonymous": may_be_anonymous(found, now)}
    if request.method != "POST":
        return _page(request, {**context, "form": ObjectionForm(**named)})
    if request.POST.get("step") == "edit":
        again = ObjectionForm(initial=request.POST.dict(), **named)
        return _page(request, {**context, "form": again})
    form = ObjectionForm(request.POST, **named)
    context["form"] = form
    if not form.is_valid():
        return _page(request, context, status=422)
    if request.POST.get("step") != "send":
        said = dict(form.cleaned_data)
        preview = in_public(Objection(hearing_asked=said.pop("hearing"), **said))
        return _page(request, {**context, "preview": preview, "challenge": new_challenge(found)})
    return _send(request, found, context)


def _send(request: HttpRequest, found: Notice, context: dict[str, Any]) -> HttpResponse:
    """Lodge it and go to the receipt; a refusal says why and keeps what was written."""
    form: ObjectionForm = context["form"]
    if _sent_before(request, found, form.cleaned_data):
        return redirect("public_notice:receipt", public_id=found.public_id)
    try:
        objection = lodge_objection(
            found, at=clock.now(), origin=origin_of(request), worked=_worked(request, found),
            **form.cleaned_data,
        )  # fmt: skip
    except NotNow as refusal:
        return _page(request, {**context, "reasons": refusal.reasons}, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, context, status=422)
    request.session[RECEIPT] = objection.pk
    return redirect("public_notice:receipt", public_id=found.public_id)


def _sent_before(request: HttpRequest, found: Notice, said: dict[str, Any]) -> bool:
    """Whether this browser has just sent the same without a name: pressed twice, it stands once."""
    last = found.objections.filter(
        pk=request.session.get(RECEIPT, 0), anonymous=True, text=said["text"].strip()
    )
    return bool(said.get("anonymous")) and last.exists()


def _worked(request: HttpRequest, found: Notice) -> bool:
    """Whether the sender's machine has done the work; where it has not, nothing is lost by it."""
    return is_worked(found, request.POST.get("challenge", ""), request.POST.get("nonce", ""))


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "public_notice/object.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """回执: number and code, until when it is answered, and how to follow it; for whoever sent it."""
    mine = Objection.objects.select_related("notice", "book").filter(
        pk=request.session.get(RECEIPT, 0)
    )
    objection = mine.filter(notice__public_id=public_id).first()
    if objection is None:
        return redirect("public_notice:objection_lookup")
    context = {
        "objection": objection,
        "notice": objection.notice,
        "anchor": anchor_of_objection(objection),
    }
    return render(request, "public_notice/receipt.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """查询异议: by number and code, sent in the body so that no address and no log keeps the code."""
    typed = request.POST if request.method == "POST" else None
    form = LookupForm(typed, initial={"number": request.GET.get("number", "")})
    context: dict[str, Any] = {"form": form}
    status, wait = 200, 0
    try:
        if request.method == "POST" and form.is_valid():
            _looked_up(request, form, context)
    except TooManyTries as refusal:
        not_now(form, [refusal.said])
        status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
    if status == HTTPStatus.OK and form.is_bound and form.errors:
        status = 422
    page = render(request, "public_notice/lookup.html", context, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _looked_up(request: HttpRequest, form: LookupForm, context: dict[str, Any]) -> None:
    """Put the objection into the context, or say that there is none."""
    found = look_up(**form.cleaned_data, origin=origin_of(request), at=clock.now())
    if found is None:
        form.add_error(None, LookupForm.NOT_FOUND)
        return
    context["objection"], context["anchor"] = found, anchor_of_objection(found)
    context["notice_url"] = reverse("public_notice:notice", args=[found.notice.public_id])
