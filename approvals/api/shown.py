"""How filings and what belongs to them are shown to a program."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Organisation
from approvals.models import (
    Change,
    ChecklistItem,
    CorrectionCase,
    Filing,
    Gap,
    LaterRequest,
    Letter,
    Material,
    MaterialFile,
    Standing,
)
from approvals.rules.tolerance import outcome_of
from approvals.stages import GAP_OVER, GapOutcome, ItemClass, OpinionDefault, ToleranceModel
from core import clock
from core.documents.models import Attachment, Paper
from core.steps.api.limits import Explained, Limit


class Body(serializers.ModelSerializer):
    """An organisation by its code, with its name in the language of the answer."""

    name = serializers.CharField(source="label", read_only=True)

    class Meta:
        model = Organisation
        ref_name = "Organisation"
        fields = ("code", "name", "kind")


class File(serializers.ModelSerializer):
    """A file as it was handed in; its content is at `/attachments/{id}/file/`."""

    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "sha256", "uploaded_at", "scan")


class PaperShown(serializers.ModelSerializer):
    """An issued paper; its PDF is at `/papers/{id}/file/` once it is `ready`."""

    id = serializers.CharField(source="code")
    ready = serializers.BooleanField()

    class Meta:
        model = Paper
        fields: tuple[str, ...] = (
            "id", "kind", "number", "title", "issued_at", "public", "ready", "content_sha256", "file_sha256",
            "voided_at",
        )  # fmt: skip

    def to_representation(self, paper: Paper) -> dict[str, Any]:
        """Show it; why its number is void is for those of the case, who else sees a public paper sees that it is."""
        shown: dict[str, Any] = super().to_representation(paper)
        if not getattr(paper, "of_their_case", True):
            shown["void_reason"] = ""
        return shown


class PaperFull(PaperShown):
    """An issued paper with what became of it; asked with the paper that it corrects, and the one that corrects it."""

    corrects = serializers.CharField(source="corrects.number", default="", read_only=True)
    corrected_by = serializers.CharField(source="replaced_by.number", default="", read_only=True)

    class Meta(PaperShown.Meta):
        fields = (*PaperShown.Meta.fields, "void_reason", "corrects", "corrected_by")


class FilingShown(serializers.ModelSerializer):
    """A filing as a list shows it, with the limits that run now."""

    id = serializers.CharField(source="public_id")
    enterprise = Body()
    site = serializers.CharField(source="site.code", default=None, allow_null=True)
    stage_label = serializers.CharField(source="get_stage_display")
    step = serializers.IntegerField()
    gaps_open = serializers.SerializerMethodField()
    limits = serializers.SerializerMethodField()

    class Meta:
        model = Filing
        fields: tuple[str, ...] = (
            "id", "number", "project_name", "project_code", "enterprise", "site", "stage", "stage_label",
            "stage_since", "step", "gaps_open", "suspended_at", "submitted_at", "ended_because", "limits",
        )  # fmt: skip

    def get_gaps_open(self, filing: Filing) -> int:
        """Count the papers that are still to come: a stage reached with some is not one reached without."""
        counted = getattr(filing, "gaps_open", None)
        if counted is None:
            if filing.ended:
                return 0
            return sum(gap.state not in GAP_OVER for gap in filing.gaps.all())
        return int(counted)

    @extend_schema_field(Limit(many=True))
    def get_limits(self, filing: Filing) -> list[dict[str, Any]]:
        """Return what runs now."""
        running = [limit for limit in filing.limits.all() if limit.running]
        return Limit(running, many=True, context=self.context).data


class GapShown(serializers.ModelSerializer):
    """A tolerated gap with its limit; `outcome` by the dates, whether or not a sweep has come."""

    filing = serializers.CharField(source="filing.public_id")
    enterprise = Body(source="filing.enterprise")
    outcome = serializers.SerializerMethodField()
    outcome_label = serializers.SerializerMethodField()
    supplied_at = serializers.DateTimeField(source="material.handed_in_at", allow_null=True)
    material = serializers.CharField(source="material.name")
    material_id = serializers.IntegerField()
    state_label = serializers.CharField(source="get_state_display")
    limit = Explained(source="*")

    class Meta:
        model = Gap
        fields = (
            "id", "filing", "enterprise", "material", "material_id", "reason", "state", "state_label", "promised_at",
            "deemed", "supplied_at", "told_again_at", "times_wrong", "closed_at", "outcome", "outcome_label",
            "limit",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(GapOutcome.choices))
    def get_outcome(self, gap: Gap) -> str:
        """Return what became of it by now."""
        return str(outcome_of(gap, clock.now()))

    def get_outcome_label(self, gap: Gap) -> str:
        """Return it in words."""
        return str(outcome_of(gap, clock.now()).label)


class FromStanding(serializers.ModelSerializer):
    """Which version of what its enterprise keeps a file was taken from, and until when that was valid."""

    class Meta:
        model = Standing
        fields = ("kind", "version", "valid_from", "valid_to")


class KeptShown(serializers.ModelSerializer):
    """A file of a version of a paper; the versions before the present one stay to be looked at."""

    file = File(source="attachment")
    standing = FromStanding(allow_null=True)

    class Meta:
        model = MaterialFile
        fields = ("version", "place", "file", "standing")


class MaterialShown(serializers.ModelSerializer):
    """A paper of the file, with what was handed in for it."""

    filing = serializers.CharField(source="filing.public_id")
    items = serializers.ListField(source="item_codes", child=serializers.CharField())
    state_label = serializers.CharField(source="get_state_display")
    standing = serializers.CharField()
    files = KeptShown(many=True)

    class Meta:
        model = Material
        fields = (
            "id", "filing", "name", "name_en", "items", "form", "copies", "needed_by", "tolerable", "hint",
            "state", "state_label", "reason", "handed_in_at", "checked_at", "version", "standing", "files",
        )  # fmt: skip


class LaterShown(serializers.ModelSerializer):
    """A demand for material outside the list, which nobody owes before a supervisor has signed."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    state_label = serializers.CharField(source="get_state_display")
    material_id = serializers.IntegerField(allow_null=True)

    class Meta:
        model = LaterRequest
        fields = (
            "id", "filing", "department", "name", "basis", "reason", "state", "state_label", "asked_at",
            "decided_at", "note", "material_id",
        )  # fmt: skip


class ItemShown(serializers.ModelSerializer):
    """An item of the list. The opinion and the statutory approval are two facts: see `opinions` for the first."""

    filing = serializers.CharField(source="filing.public_id")
    name = serializers.CharField(source="label")
    item_class = serializers.ChoiceField(ItemClass.choices)
    opinion_default = serializers.ChoiceField(OpinionDefault.choices)
    department = Body()
    approval_label = serializers.CharField()
    tolerance_model = serializers.ChoiceField(ToleranceModel.choices, source="tolerated_as")
    keeps_gate_shut = serializers.CharField(allow_null=True)
    legal_basis = serializers.CharField(source="item.legal_basis")

    class Meta:
        model = ChecklistItem
        fields = (
            "id", "filing", "code", "name", "item_class", "department", "legal_basis", "applies", "struck_reason",
            "opinion_default", "red_line", "start_gate", "tolerance_model", "declined", "approval", "approval_label",
            "conditional",
            "approval_number", "approval_on", "keeps_gate_shut",
        )  # fmt: skip


class ChangeShown(serializers.ModelSerializer):
    """A change that a pre-review asked for; without an item the window checks it."""

    item = serializers.CharField(source="item.code", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Change
        fields = (
            "id", "item", "text", "due_on", "handed_at", "handed_text", "returned_because", "done_at", "note",
        )  # fmt: skip


class CaseShown(serializers.ModelSerializer):
    """A correction case that a late opinion opened."""

    class Meta:
        model = CorrectionCase
        fields = ("id", "opened_at", "subject", "text", "legal_basis", "closed_at", "outcome")


class ClauseShown(serializers.Serializer):
    """A promise with its standard."""

    number = serializers.CharField()
    item = serializers.CharField(source="item.code")
    text = serializers.CharField()
    standard = serializers.CharField()
    checked_when = serializers.CharField()
    checked_by = Body()
    from_opinion = serializers.BooleanField()


class LetterShown(serializers.ModelSerializer):
    """The present letter of commitment with its clauses."""

    paper = PaperShown()
    scan = File(allow_null=True)
    clauses = ClauseShown(many=True)

    class Meta:
        model = Letter
        fields = (
            "version", "paper", "offered_at", "scan", "signed_at", "verified_at", "published_at", "clauses",
        )  # fmt: skip
