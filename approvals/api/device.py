"""An entry from a telephone on a site, for programs: its name, its times, and that it has arrived."""

from typing import Any

from rest_framework import serializers

from accounts.models import Membership
from approvals.services.device import Mark
from core.steps.api.named import Key

MARKED = ("uid", "made_at", "person", "latitude", "longitude", "accuracy")


class EntryBody(serializers.Serializer):
    """An entry by the name its sender gave it, a UUID: sent again under it, it is there once.

    `made_at` is the time on the device; `person` the membership that made it, refused where another one sends it.
    """

    uid = serializers.UUIDField()
    made_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    person = Key(required=False, allow_null=True, default=None)


class PlacedBody(EntryBody):
    """The same with a position in degrees of WGS 84 and its radius in metres, where it was expressly added."""

    latitude = serializers.DecimalField(
        9, 6, required=False, allow_null=True, min_value=-90, max_value=90
    )
    longitude = serializers.DecimalField(
        9, 6, required=False, allow_null=True, min_value=-180, max_value=180
    )
    accuracy = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=1_000_000
    )


def marked(_thing: Any, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Gather what the device says of an entry."""
    said = dict(data)
    mark = Mark(**{name: said.pop(name) for name in MARKED if name in said})
    return {"mark": mark, **said}


class EntryShown(serializers.Serializer):
    """That an entry has arrived: `late` long after it was made; not `counted` after the recorded close."""

    uid = serializers.UUIDField()
    made_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    counted = serializers.BooleanField()
