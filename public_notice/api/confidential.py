"""不公开部分 for programs: marking words in a thing, the list, and the review by another person."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.filings import FILINGS
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Step, Things, addresses
from core.steps.api.limits import Explained
from public_notice import services
from public_notice.api.disclosures import DISCLOSURES
from public_notice.api.handling import Decision
from public_notice.api.mailbox import LETTERS
from public_notice.api.notices import OBJECTIONS
from public_notice.models import ConfidentialPart, LiftingView
from public_notice.queries.confidential import as_read, parts_of, sheet_of_parts, views_of
from public_notice.rules import confidential as may
from public_notice.stages import PartState

LABEL = _("不公开部分")


class LiftingViewShown(serializers.ModelSerializer):
    """What the enterprise was asked before words are public again, and what it said; words only of its own case."""

    part = serializers.IntegerField(source="part_id")
    filing = serializers.CharField(source="filing.public_id")
    subject = serializers.CharField(source="__str__")
    words = serializers.CharField()
    result_label = serializers.CharField(source="get_result_display")
    limit = Explained(source="*")

    class Meta:
        model = LiftingView
        fields = (
            "id", "part", "filing", "subject", "words", "result", "result_label", "said", "settled_at", "limit",
        )  # fmt: skip


class ConfidentialPartShown(serializers.ModelSerializer):
    """A part for who works on it: where, which words, under which ground and why, and what was decided."""

    kind = serializers.CharField()
    subject = serializers.CharField()
    ground = serializers.CharField(source="ground.code")
    state_label = serializers.CharField(source="get_state_display")
    views = LiftingViewShown(many=True)

    class Meta:
        model = ConfidentialPart
        fields = (
            "id", "kind", "subject", "words", "ground", "reason", "marked_at", "state", "state_label", "decided_at",
            "note", "lifting_reason", "lifting_asked_at", "lifting_at", "lifting_note", "views",
        )  # fmt: skip

    def to_representation(self, part: ConfidentialPart) -> dict[str, Any]:
        """Keep from the department that answers a letter who wrote it, as of the letter itself."""
        shown: dict[str, Any] = super().to_representation(as_read(part, self.context.get("by")))
        return shown


class ConfidentialPartBody(serializers.Serializer):
    """The words as they stand there, the code of a row of the negative list, and the reason, which is not public."""

    words = serializers.CharField(max_length=500)
    ground = serializers.CharField(max_length=8)
    reason = serializers.CharField(max_length=300)


class LiftingBody(serializers.Serializer):
    """Why the words may be public again; the reason itself is not public."""

    reason = serializers.CharField(max_length=300)


class LiftingViewBody(serializers.Serializer):
    """Whether the enterprise agrees; a no says why."""

    agrees = serializers.BooleanField()
    said = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


VIEWS = Things(
    "lifting-views", "lifting_view", LABEL, LiftingView, views_of, LiftingViewShown
)  # fmt: skip
PARTS = Things(
    "confidential-parts", "confidential_part", LABEL, ConfidentialPart, parts_of, ConfidentialPartShown
)  # fmt: skip


class PartFilter(filters.FilterSet):
    """Withheld words by filing, row of the negative list and how they stand."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    ground = filters.CharFilter("ground__code", label=_("不公开的依据"))
    state = filters.MultipleChoiceFilter(choices=PartState.choices, label=_("状态"))

    class Meta:
        model = ConfidentialPart
        fields: list[str] = []


class Parts(Listing):
    """不公开部分."""

    things = PARTS
    title = _("不公开部分清单")
    filterset_class = PartFilter


class Views(Listing):
    """恢复公开前征求的意见."""

    things = VIEWS
    title = _("恢复公开前征求的意见")


class PartExport(Export):
    """不公开部分 as a file, without the words."""

    things = PARTS
    title = _("导出不公开部分清单")
    filterset_class = PartFilter

    def rows(self, seen: Any) -> Any:
        """Refuse whoever works on none."""
        if not may.works_on_parts(None, self.by):
            raise PermissionDenied
        return seen

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_parts(rows)


MARK = Step(
    "confidential", services.mark_part, may.marks_parts, _("标注不公开部分"), ConfidentialPartBody,
    _("由另一个人审核后生效；其余照常公开。"), opens=True, shown=ConfidentialPartShown,
)  # fmt: skip
REVIEW = Step("review", services.review_part, may.reviews_part, _("审核不公开部分"), Decision)
LIFT = Step(
    "lift", services.ask_lifting, may.asks_lifting, _("提请恢复公开"), LiftingBody,
    _("由另一个人决定；决定以前照旧不公开。"),
)  # fmt: skip
DECIDE_LIFTING = Step(
    "decide-lifting", services.decide_lifting, may.reviews_part, _("决定恢复公开"), Decision
)

WITHDRAW_LIFTING = Step(
    "withdraw-lifting", services.withdraw_lifting, may.asks_lifting, _("撤回恢复公开的提请")
)
GIVE_VIEW = Step(
    "give", services.give_view, may.says_view, _("提交对恢复公开的意见"), LiftingViewBody,
    _("同意不同意都可以；期限内不答复的，不算同意，由行政机关决定。"),
)  # fmt: skip

ADDRESSES = [
    path("lifting-views/", Views.as_view(), name="lifting_view_list"),
    *addresses(VIEWS, GIVE_VIEW),
    path("confidential-parts/", Parts.as_view(), name="confidential_part_list"),
    path("confidential-parts/export/", PartExport.as_view(), name="confidential_part_export"),
    *addresses(PARTS, REVIEW, LIFT, WITHDRAW_LIFTING, DECIDE_LIFTING),
    *addresses(FILINGS, MARK),
    *addresses(OBJECTIONS, MARK),
    *addresses(LETTERS, MARK),
    *addresses(DISCLOSURES, MARK),
]
