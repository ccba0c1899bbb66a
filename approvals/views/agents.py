"""全部申报件的代办: one document lets a person of another organisation act in every filing of the enterprise."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.forms.people import EndForm, GrantForm, at_its_field
from approvals.models import Authority
from approvals.policies import ends_authority
from approvals.queries.people import agent_named, reads_attorney
from approvals.services import end_authority, grant_for_all
from approvals.services.authority import wants_attorney
from approvals.services.drafts import is_enterprise
from core import clock
from core.steps.reasons import NotNow
from core.steps.templatetags.look import date_long
from core.steps.views import not_now


def _acting(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if acting is None or not is_enterprise(None, acting):
        raise PermissionDenied
    return acting


def authorities_for_all(by: Any) -> Any:
    """Return the authorities for all filings that concern a person, with whom their rows name, the newest first."""
    found = Authority.objects.seen_by(by).filter(enterprise__isnull=False)
    return found.select_related(
        "enterprise", "agent__user", "agent__organisation", "scan", "granted_by__user",
        "ended_by__user",
    ).order_by("-pk")  # fmt: skip


def _may_end(one: Authority, by: Any, at: Any) -> bool:
    over = one.ended_at is not None or timezone.localdate(at) > one.valid_to
    return not over and ends_authority(one, by)


@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    """Show what was given and received, and give another one."""
    acting, at = _acting(request), clock.received()
    sent = request.method == "POST"
    form = GrantForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        wants_attorney=wants_attorney(None, at),
        initial={"valid_from": timezone.localdate(at)},
    )
    if sent and form.is_valid() and (made := _granted(form, acting, at)):
        said = _("已授权%(agent)s代办全部申报件，到%(until)s为止。已通知代办人；到期前会提醒双方。")
        messages.success(request, said % {"agent": made, "until": date_long(made.valid_to)})
        return HttpResponseRedirect(reverse("approvals:agents"))
    rows = [
        {
            "one": one,
            "holds": one.holds(at),
            "may_end": _may_end(one, acting, at),
            "reads_scan": reads_attorney(one, acting),
            "given": one.enterprise_id == acting.organisation_id,
        }
        for one in authorities_for_all(acting)
    ]
    context = {"form": form, "rows": rows}
    return render(request, "approvals/agents.html", context, status=422 if form.errors else 200)


def _granted(form: GrantForm, acting: Any, at: Any) -> Authority | None:
    """Give it; what stands against it goes to its fields."""
    data = form.cleaned_data
    try:
        agent = agent_named(data["username"], data["uscc"], timezone.localdate(at))
        return grant_for_all(
            agent=agent, valid_from=data["valid_from"], valid_to=data["valid_to"],
            powers=tuple(data["powers"]), upload=data["upload"], by=acting, at=at,
        )  # fmt: skip
    except ValidationError as wrong:
        form.add_error(None, at_its_field(wrong))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one early, with a reason: the enterprise that gave it, or the agent who lays it down."""
    acting, at = _acting(request), clock.received()
    one = authorities_for_all(acting).filter(pk=pk).first()
    if one is None:
        raise Http404
    if not ends_authority(one, acting):
        raise PermissionDenied
    reasons = [] if _may_end(one, acting, at) else [_("这项授权已经终止或者届满。")]
    form, status = EndForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            end_authority(one, reason=form.cleaned_data["reason"], by=acting, at=at)
        except NotNow as refusal:
            not_now(form, refusal.reasons)
            status = 409
        else:
            messages.success(request, _("代办授权已终止，已通知双方。"))
            return HttpResponseRedirect(reverse("approvals:agents"))
    elif form.errors:
        status = 422
    context = {"form": form, "one": one, "reasons": reasons}
    return render(request, "approvals/end_agent.html", context, status=status)
