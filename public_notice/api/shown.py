"""How notices and objections are shown to a program."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.policies import window
from core import clock
from core.steps.api.limits import Explained
from public_notice.models import Bulletin, Notice, Objection
from public_notice.queries import in_public, standing
from public_notice.queries.bulletins import withdrawn_by_now
from public_notice.queries.history import anchor_of_objection, in_short
from public_notice.rules.gate import mask


class NoticeShown(serializers.ModelSerializer):
    """A notice as the public list shows it; `open` says whether one may still object."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="filing.site.code", default=None, allow_null=True)
    project_code = serializers.CharField(source="filing.project_code")
    standing = serializers.SerializerMethodField()
    open = serializers.SerializerMethodField()
    end_reason = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields: tuple[str, ...] = (
            "id", "title", "project_code", "site", "stage", "standing", "open", "published_at", "starts_on",
            "ends_on", "closed_at", "end_reason",
        )  # fmt: skip

    def get_end_reason(self, notice: Notice) -> str:
        """Say why it ended, masked as on its page."""
        return mask(notice.end_reason)

    def get_standing(self, notice: Notice) -> str:
        """Say how it stands now, by its dates."""
        return standing(notice, clock.now()).word

    def get_open(self, notice: Notice) -> bool:
        """Return whether one may still object."""
        return standing(notice, clock.now()).open


class Said(serializers.Serializer):
    """An objection as it stands beside the notice: the person by the family name, never the contact."""

    number = serializers.CharField()
    name = serializers.CharField()
    received_at = serializers.DateTimeField()
    text = serializers.CharField()
    open = serializers.BooleanField()
    finding = serializers.CharField()
    reply = serializers.CharField()
    replied_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    held = serializers.BooleanField()
    hidden_at = serializers.DateTimeField(allow_null=True)
    hidden_reason = serializers.CharField()
    hearing = serializers.BooleanField()
    heard_on = serializers.DateField(allow_null=True)


class CorrectionShown(serializers.Serializer):
    """A version of a public paper that corrects another: which, why, and the words that changed."""

    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    corrects = serializers.CharField()
    reason = serializers.CharField()
    changes = serializers.ListField(child=serializers.DictField())


class History(serializers.Serializer):
    """What happened to a notice beside its words; `versions` are all notices of the case, oldest first."""

    checks = serializers.IntegerField()
    good_checks = serializers.IntegerField()
    lost_days = serializers.ListField(child=serializers.DictField())
    postings = serializers.ListField(child=serializers.DictField())
    versions = serializers.ListField(child=serializers.DictField())
    decided = serializers.ListField(child=serializers.DictField())
    checkpoint = serializers.IntegerField(allow_null=True)
    digest = serializers.CharField()
    corrections = CorrectionShown(many=True)


class NoticeFull(NoticeShown):
    """A notice as it was published, with its period and what was said against it."""

    content = serializers.DictField()
    limit = Explained(source="*")
    objections = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    class Meta(NoticeShown.Meta):
        fields = (*NoticeShown.Meta.fields, "content", "limit", "objections", "history")

    @extend_schema_field(History)
    def get_history(self, notice: Notice) -> Any:
        """Return versions, checks, days that do not count, posting, decisions, digest and checkpoint."""
        return History(in_short(notice)).data

    @extend_schema_field(Said(many=True))
    def get_objections(self, notice: Notice) -> Any:
        """Return what may be public of the objections."""
        return Said([in_public(said) for said in notice.objections.all()], many=True).data


class ReceiptShown(serializers.ModelSerializer):
    """The receipt of an objection: number and code follow it; the code is shown to nobody else."""

    notice = serializers.CharField(source="notice.public_id")
    checkpoint = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = ("number", "code", "notice", "received_at", "due_at", "held", "checkpoint")

    def get_checkpoint(self, objection: Objection) -> int | None:
        """Return the number of the checkpoint that covers it; none yet where it was received just now."""
        found = anchor_of_objection(objection)
        return found.number if found else None


class ObjectionShown(serializers.ModelSerializer):
    """An objection for the county's staff; who it was and how to reach them is for the window alone."""

    notice = serializers.CharField(source="notice.public_id")
    filing = serializers.CharField(source="notice.filing.public_id")
    finding_label = serializers.CharField(source="get_finding_display")
    limit = Explained(source="*")

    class Meta:
        model = Objection
        fields = (
            "id", "number", "notice", "filing", "name", "contact", "interest", "text", "received_at",
            "finding", "finding_label", "reply", "replied_at", "limit", "anonymous", "held", "hearing_asked",
            "heard_on", "hearing_settled_at", "hidden_at", "hidden_reason",
        )  # fmt: skip

    def to_representation(self, objection: Objection) -> dict[str, Any]:
        """Show others than the window what the public sees."""
        shown: dict[str, Any] = super().to_representation(objection)
        if window(None, self.context.get("by")):
            return shown
        public = in_public(objection)
        return shown | {
            "name": public["name"],
            "contact": "",
            "interest": "",
            "text": public["text"],
            "reply": public["reply"],
            "hidden_reason": public["hidden_reason"],
        }


class BulletinShown(serializers.ModelSerializer):
    """A month's bulletin as it was published; `withdrawn_since` are the places of its defaults withdrawn later."""

    content = serializers.DictField()
    withdrawn_since = serializers.SerializerMethodField()
    number = serializers.CharField(source="paper.number", default=None, allow_null=True)
    corrects = serializers.CharField(
        source="paper.content.corrects.number", default=None, allow_null=True
    )
    correction_reason = serializers.CharField(
        source="paper.content.corrects.reason", default=None, allow_null=True
    )

    class Meta:
        model = Bulletin
        fields: tuple[str, ...] = (
            "period", "number", "content", "withdrawn_since", "reviewed_at", "corrects", "correction_reason",
        )  # fmt: skip

    def get_withdrawn_since(self, bulletin: Bulletin) -> list[int]:
        """Return the places, counted from 0."""
        if "gone" not in self.context:
            self.context["gone"] = withdrawn_by_now()
        gone = self.context["gone"]
        return [place for place, pk in enumerate(bulletin.listed) if pk in gone]


class BulletinDraftShown(BulletinShown):
    """A bulletin as those who draft and review it see it."""

    state_label = serializers.CharField(source="get_state_display")

    class Meta(BulletinShown.Meta):
        fields = ("id", *BulletinShown.Meta.fields, "state", "state_label", "drafted_at", "note")
