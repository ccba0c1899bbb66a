"""企业常备材料: what one's enterprise keeps, until when, who replaced what; and a form for a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.forms.standing import StandingForm
from approvals.models import Standing
from approvals.queries.standing import Kept, kept_by, standing_kinds
from approvals.rules.standing import Validity
from approvals.services import keep_standing
from approvals.services.drafts import is_enterprise
from core import clock

MARKS = {
    Validity.VALID: "issued",
    Validity.ENDING: "held",
    Validity.EXPIRED: "disagree",
    Validity.COMING: "awaited",
}


def state_words(one: Kept) -> str:
    """Say how a kept paper stands today."""
    if one.standing.infected:
        return _("查毒发现恶意代码，请换一份")
    return {
        Validity.VALID: _("有效"),
        Validity.ENDING: _("即将到期，请准备换新"),
        Validity.EXPIRED: _("已到期，不再提供"),
        Validity.COMING: _("还没有生效"),
    }[one.validity]


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """Show what is kept with its history, and keep a new version."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None or not is_enterprise(None, acting):
        raise PermissionDenied
    at = clock.received()
    kinds, today, sent = standing_kinds(), timezone.localdate(at), request.method == "POST"
    form = StandingForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        kinds=kinds,
        today=today,
        initial={"kind": request.GET.get("kind", "")},
    )
    if sent and form.is_valid():
        try:
            kept = keep_standing(**form.cleaned_data, by=acting, at=at)
        except ValidationError as error:
            named = getattr(error, "message_dict", {})
            fits = named and all(name in form.fields for name in named)
            form.add_error(None if fits else "uploads", error if fits else [*error.messages])
        else:
            messages.success(request, _said(kept))
            return HttpResponseRedirect(reverse("approvals:standing"))
    context = {"form": form, "rows": _rows(acting, today), "kinds": kinds}
    return render(request, "approvals/standing.html", context, status=422 if form.errors else 200)


def _said(kept: Standing) -> str:
    if kept.version == 1:
        return _("已存入。以后申报用得着的地方，会给您一个“用常备材料交”的按钮。")
    said = {"n": kept.version, "before": kept.version - 1}
    return _("已存为第%(n)d版，以后提供这一版；已经用第%(before)d版交过的申报件不变。") % said


def _rows(acting: Any, today: Any) -> list[dict[str, Any]]:
    """Return the present version of each kind that is kept, with the ones before and who kept them."""
    history: dict[str, list[Standing]] = {}
    every = Standing.objects.of(acting).select_related("kept_by__user")
    for row in every.prefetch_related("files__attachment"):
        history.setdefault(row.kind, []).append(row)
    return [
        {
            "kept": one,
            "state": state_words(one),
            "mark": MARKS[one.validity] if not one.standing.infected else "disagree",
            "versions": history[one.kind.code],
        }
        for one in kept_by(acting, today)
    ]
