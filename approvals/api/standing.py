"""企业常备材料 for programs: what one's enterprise keeps, a new version, and its use for a paper."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from approvals import services
from approvals.api import bodies, shown
from approvals.api.books import LABEL as BOOKS
from approvals.api.filters import StandingFilter
from approvals.models import Material, Standing, StandingFile
from approvals.queries.standing import standing_kinds
from approvals.services.drafts import is_enterprise
from core import clock
from core.documents.receiving import whole
from core.steps.api import Listing, Step, Table, Things
from core.steps.api.named import Key


class StandingFileShown(serializers.ModelSerializer):
    """A file of a kept paper."""

    file = shown.File(source="attachment")

    class Meta:
        model = StandingFile
        fields = ("place", "file")


class StandingShown(serializers.ModelSerializer):
    """A version of a kept paper; `valid_to` null: without an end. The highest version of a kind is the one in use.

    Of an enterprise for which one fills in a filing (代办) the versions in use are listed, each with whose it is.
    """

    enterprise = serializers.CharField(source="enterprise.uscc")
    files = StandingFileShown(many=True)

    class Meta:
        model = Standing
        fields = (
            "id",
            "enterprise",
            "kind",
            "version",
            "number",
            "valid_from",
            "valid_to",
            "kept_at",
            "files",
        )


class StandingBody(bodies.MaterialUpload):
    """A paper to be kept: its kind, the days it is valid, and its file, sent along or before in pieces."""

    kind = serializers.CharField(max_length=40)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)
    number = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    adding = None


class StandingUse(serializers.Serializer):
    """Which of the enterprise's kept papers is used."""

    standing = Key()


def _seen(by: Any) -> Any:
    found = Standing.objects.seen_by(by, timezone.localdate(clock.now()))
    return found.select_related("enterprise").prefetch_related("files__attachment")


def _file_of(_nothing: None, given: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Return what the service takes: a list with the one file that came."""
    token = given.pop("incoming", None)
    upload = given.pop("upload") if token is None else whole(token, by=by)
    return {**given, "uploads": [upload]}


def own_standing(material: Material, given: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return the kept paper that is named, of the enterprise whose filing it is; another's is as unknown as none."""
    kept = Standing.objects.filter(enterprise_id=material.filing.enterprise_id)
    found = kept.filter(pk=given["standing"]).first()
    if found is None:
        raise serializers.ValidationError({"standing": [_("没有这件常备材料。")]})
    return {"standing": found}


STANDING = Things("standing", "standing", _("企业常备材料"), Standing, _seen, StandingShown)
KEEP = Step(
    "keep", services.keep_standing, is_enterprise, _("存入常备材料"), StandingBody, take=_file_of,
    opens=True, shown=StandingShown,
)  # fmt: skip


class StandingList(Listing):
    """企业常备材料."""

    things = STANDING
    step = KEEP
    title = _("本企业的常备材料，各版；代办的企业现用的一版")
    filterset_class = StandingFilter


class StandingKindShown(serializers.Serializer):
    """A kind; it serves materials whose name has one of `words`."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    remind_days = serializers.IntegerField()
    certainty = serializers.CharField()


class StandingKinds(Table):
    """常备材料的种类."""

    tag, title, operation, many = BOOKS, _("常备材料的种类"), "standing_kinds", True
    serializer_class = StandingKindShown

    def table(self, by: Any) -> Any:
        """Return the kinds the county names."""
        return [*standing_kinds().values()]


ADDRESSES = [
    path("standing/", StandingList.as_view(), name="standing_list"),
    path("standing-kinds/", StandingKinds.as_view(), name="standing_kinds"),
]
