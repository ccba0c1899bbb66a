"""Dispatches: the file sent to each department, its signature, and the second channel."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.shown import Body, File
from approvals.models import Filing
from core.steps.api import Listing, Step, Things, addresses
from core.steps.api.limits import Explained
from prereview import policies, services
from prereview.api import bodies
from prereview.api.filters import DispatchFilter
from prereview.api.shown import AttemptShown
from prereview.models import Dispatch, DispatchAttempt
from prereview.queries.dispatches import dispatch_tries


class DispatchAttemptShown(AttemptShown):
    """The same of the file that was sent to a department."""

    class Meta(AttemptShown.Meta):
        model: Any = DispatchAttempt


class DispatchShown(serializers.ModelSerializer):
    """The file of an accepted case, sent to a department: when, whether it was signed for, by which channel."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    acknowledged_by = serializers.CharField(
        source="acknowledged_by.user.name", default=None, allow_null=True
    )
    proof = File(allow_null=True)
    attempts = DispatchAttemptShown(many=True)
    limit = Explained(source="*")

    class Meta:
        model = Dispatch
        fields = (
            "id", "filing", "department", "sent_at", "channel", "acknowledged_at", "acknowledged_by", "received_by",
            "proof", "second_channel_at", "attempts", "limit",
        )  # fmt: skip


def dispatches(by: Any) -> Any:
    """Return the dispatches a person may see: a department its own, the county's staff all."""
    seen = Filing.objects.visible_to(by).order_by().values("pk")
    found = Dispatch.objects.visible_to(by).filter(filing__in=seen)
    return found.select_related(
        "filing", "department", "acknowledged_by__user", "proof", "calendar"
    ).prefetch_related(dispatch_tries())


DISPATCHES = Things("dispatches", "dispatch", _("分送"), Dispatch, dispatches, DispatchShown)
STEPS = (
    Step(
        "acknowledge", services.acknowledge_dispatch, policies.own_department, _("签收分送件")
    ),
    Step(
        "serve", services.serve_dispatch_by_second_channel, policies.window,
        _("第二种方式送达分送件"), bodies.SecondChannel,
    ),
)  # fmt: skip


class Dispatches(Listing):
    """分送."""

    things = DISPATCHES
    title = _("分送清单")
    filterset_class = DispatchFilter


ADDRESSES = [
    path("dispatches/", Dispatches.as_view(), name="dispatch_list"),
    *addresses(DISPATCHES, *STEPS),
]
