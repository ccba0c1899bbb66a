"""证据包 for programs: asked for, looked at while it is made, and fetched."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from approvals.models import Filing
from core.steps.api import Listing, One, Step, Things
from core.steps.api.files import Download
from core.steps.reasons import NotNow
from desk import policies
from desk.models import EvidencePack
from desk.queries.evidence import provable, shown_packs
from desk.services.evidence import ask_evidence
from desk.stages import PackState


class PackShown(serializers.ModelSerializer):
    """A pack: of which case, of which opinion (null: the whole case), for whom, how far it is, and its digest."""

    filing = serializers.CharField(source="filing.public_id")
    opinion = serializers.IntegerField(source="opinion.slot_id", default=None, allow_null=True)
    default = serializers.IntegerField(source="opinion_id", allow_null=True)
    copy_label = serializers.CharField(source="get_copy_display")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = EvidencePack
        fields = (
            "id", "filing", "opinion", "default", "copy", "copy_label", "purpose", "asked_at", "state", "state_label",
            "done", "total", "said", "sha256", "size", "made_at",
        )  # fmt: skip


class Asked(serializers.Serializer):
    """The case; `default` is the record of one outcome of silence, without it the pack is of the whole case."""

    filing = serializers.CharField(max_length=40)
    default = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**53
    )
    purpose = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text=gettext_lazy("提交给哪个法院、复议机关，案号")
    )  # fmt: skip


class PackFilter(filters.FilterSet):
    """Packs of a case, and by where they stand."""

    filing = filters.CharFilter("filing__public_id", label=gettext_lazy("申报件"))
    state = filters.MultipleChoiceFilter(choices=PackState.choices, label=gettext_lazy("状态"))

    class Meta:
        model = EvidencePack
        fields: list[str] = []


def _ask(
    *, filing: str, by: Any, at: Any, default: int | None = None, purpose: str = ""
) -> EvidencePack:
    case = Filing.objects.visible_to(by).filter(public_id=filing).first()
    if case is None:
        raise Http404
    opinion = provable(case, by).filter(pk=default).first() if default else None
    if default and opinion is None:
        raise ValidationError({"default": [_("这件默认不属于本件。")]})
    return ask_evidence(case, default=opinion, purpose=purpose, by=by, at=at)


PACKS = Things(
    "evidence-packs", "evidence_pack", gettext_lazy("证据包"), EvidencePack, shown_packs, PackShown
)
ASK = Step(
    "ask", _ask, policies.takes_evidence, gettext_lazy("申请证据包"), Asked,
    gettext_lazy("后台制作；内容没有变化的，返回已经制成的那一个。"), opens=True,
)  # fmt: skip


class Packs(Listing):
    """证据包."""

    things, step = PACKS, ASK
    title = gettext_lazy("证据包清单")
    filterset_class = PackFilter


class OnePack(One):
    """证据包."""

    things = PACKS
    title = gettext_lazy("一个证据包")


class PackFile(Download):
    """证据包: the ZIP file."""

    things = PACKS
    title, operation = gettext_lazy("下载证据包"), "evidence_pack_file"
    types = ("application/zip",)
    also = (409,)

    def kept(self, thing: Any) -> tuple[Any, str, str]:
        """Return the file; not before it is made."""
        if thing.state != PackState.DONE:
            raise NotNow([_("证据包还没有制成。")])
        return thing.file, thing.handed_as, "application/zip"


ADDRESSES = [
    path("evidence-packs/", Packs.as_view(), name="evidence_pack_list"),
    path("evidence-packs/<int:pk>/", OnePack.as_view(), name="evidence_pack_read"),
    path("evidence-packs/<int:pk>/file/", PackFile.as_view(), name="evidence_pack_file"),
]
