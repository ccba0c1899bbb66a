"""现场检查 for programs: photographs and the enterprise's word on a check, and what was entered shown."""

from typing import Any

from rest_framework import serializers

from accounts.models import Membership
from approvals.api.device import EntryBody, PlacedBody, marked
from approvals.api.shown import File
from inspection import services
from inspection.models import CheckPhoto, CheckStatement
from inspection.stages import Signing

SAID = ("signing", "name", "role", "text", "reason", "witnesses")


class Officer(serializers.Serializer):
    """Who looked, or bears witness: name and card."""

    name = serializers.CharField(max_length=60)
    card = serializers.CharField(max_length=60)


class CheckPhotoBody(PlacedBody):
    """A photograph as the camera made it, beside a clause by its number or the check as a whole."""

    upload = serializers.FileField(max_length=200)
    clause = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$", required=False, allow_blank=True, default=""
    )


class StatementBody(EntryBody):
    """What the enterprise's person says: signed (name, role and a picture of the signature), or refused with a reason.

    `drawn` says that the signature was drawn on the screen: evidence of presence, no electronic signature.
    """

    signing = serializers.ChoiceField(Signing.choices)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    role = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    witnesses = Officer(many=True, required=False, default=list)
    upload = serializers.FileField(max_length=200, required=False)
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$", required=False, allow_blank=True, default=""
    )
    drawn = serializers.BooleanField(required=False, default=False)


def statement(check: Any, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Return what was said as the service takes it."""
    rest = marked(check, data, by)
    words = {name: rest.pop(name) for name in SAID}
    return {**rest, "said": services.Said(**words)}


class CheckPhotoShown(serializers.ModelSerializer):
    """A photograph by its digest; the picture itself is at `/attachments/{file}/file/`."""

    clause = serializers.CharField(source="clause.number", default=None, allow_null=True)
    file = serializers.IntegerField(source="file_id")

    class Meta:
        model = CheckPhoto
        fields = (
            "uid", "clause", "file", "sha256", "digested_on_device", "position", "happened_at", "received_at",
            "late", "counted",
        )  # fmt: skip


class StatementShown(serializers.ModelSerializer):
    """What the enterprise's person said, with the signature or the refusal."""

    witnesses = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    signature = File(allow_null=True)

    class Meta:
        model = CheckStatement
        fields = (
            "uid", "signing", "name", "role", "text", "reason", "witnesses", "signature", "drawn", "happened_at",
            "received_at", "late", "counted",
        )  # fmt: skip
