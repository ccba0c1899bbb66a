"""How sessions, summons and opinions are shown to a program."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.stages import Role
from approvals.api.shown import Body, File, PaperShown
from core.steps.api.limits import Explained
from prereview.models import (
    AgendaItem,
    Contest,
    Invitation,
    LateOpinion,
    Opinion,
    OpinionDraft,
    Session,
    Slot,
    SummonsAttempt,
    Withdrawal,
)
from prereview.queries import tries
from prereview.queries.words import absent, lamp, mark, silence
from prereview.stages import FollowUpKind


class AgendaShown(serializers.ModelSerializer):
    """One filing in one session, with its recorded opening and close, and its conclusion."""

    filing = serializers.CharField(source="filing.public_id")
    session = serializers.CharField(source="session.public_id")
    project_name = serializers.CharField(source="filing.project_name")
    minutes = PaperShown(allow_null=True)
    conclusion_label = serializers.CharField()

    class Meta:
        model = AgendaItem
        fields = (
            "id", "session", "filing", "project_name", "order", "round", "planned_at", "opened_at", "closed_at",
            "conclusion", "conclusion_label", "with_gaps", "reasons", "concluded_at", "minutes",
        )  # fmt: skip


class AttemptShown(serializers.ModelSerializer):
    """One attempt to serve, or its receipt: by which channel, when, by whom, who took it, and the proof."""

    channel_label = serializers.CharField(source="get_channel_display")
    served_by = serializers.CharField(source="served_by.user.name")
    acknowledged_by = serializers.CharField(
        source="acknowledged_by.user.name", default=None, allow_null=True
    )
    proof = File(allow_null=True)

    class Meta:
        model: Any = SummonsAttempt
        fields: tuple[str, ...] = (
            "channel", "channel_label", "received", "moment", "served_by", "witness", "acknowledged_by",
            "receiver", "note", "proof",
        )  # fmt: skip


class SummonsShown(serializers.ModelSerializer):
    """A summons: how it was served, what was answered, who came."""

    session = serializers.CharField(source="session.public_id")
    department = Body()
    answer_label = serializers.CharField(source="get_answer_display")
    proof = File(allow_null=True)
    attempts = AttemptShown(many=True)
    authority_file = File(allow_null=True)
    excuse_file = File(allow_null=True)
    limit = Explained(source="*")

    class Meta:
        model = Invitation
        fields = (
            "id", "session", "department", "channel", "served_at", "acknowledged_at", "received_by", "proof",
            "attempts", "dossier_sha256", "added_because", "answer", "answer_label", "answered_at",
            "excuse_ground", "excuse_text", "excuse_substitute", "excuse_file", "decided_at",
            "decision_reason", "opinion_by", "representative", "authority", "authority_file",
            "came_by", "online_at", "online_reason", "checked_in_at", "left_at", "limit",
        )  # fmt: skip


class SessionShown(serializers.ModelSerializer):
    """A session with its agenda."""

    id = serializers.CharField(source="public_id")
    stage_label = serializers.CharField(source="get_stage_display")
    convenor = serializers.CharField(source="convenor.user.name")
    moves = serializers.CharField(source="moves.public_id", default=None, allow_null=True)
    moved_to = serializers.CharField(source="successor.public_id", default=None, allow_null=True)
    notice = PaperShown(allow_null=True)
    recorder = serializers.CharField(source="recorder.user.name", default=None, allow_null=True)
    agenda = AgendaShown(many=True)

    class Meta:
        model = Session
        fields: tuple[str, ...] = (
            "id", "kind", "number", "stage", "stage_label", "called_at", "opens_at", "place", "room", "minutes",
            "convenor", "recorder", "opened_at", "closed_at", "roll_confirmed_at", "notice_kept", "reason", "moves",
            "moved_to", "notice", "agenda",
        )  # fmt: skip


class SessionFull(SessionShown):
    """A session with its summons: for a department its own."""

    summons = serializers.SerializerMethodField()

    class Meta(SessionShown.Meta):
        fields = (*SessionShown.Meta.fields, "summons")

    @extend_schema_field(SummonsShown(many=True))
    def get_summons(self, session: Session) -> list[dict[str, Any]]:
        """Return the summons a person may see."""
        found = session.invitations.select_related(
            "department", "proof", "authority_file", "excuse_file", "session", "calendar"
        )
        found = found.prefetch_related(tries())
        by = self.context["by"]
        if by.role in (Role.CLERK, Role.HEAD):
            found = found.filter(department_id=by.organisation_id)
        return SummonsShown(found, many=True, context=self.context).data


class OpinionGiven(serializers.ModelSerializer):
    """What stands in a slot. Deemed is never agreed: `deemed` says that it was drawn from silence."""

    label = serializers.CharField(source="get_position_display")
    deemed = serializers.BooleanField()
    conditions = serializers.ListField(child=serializers.CharField())
    paper = PaperShown(allow_null=True)

    class Meta:
        model = Opinion
        fields = (
            "position", "label", "deemed", "red_line", "reason", "clause", "conditions", "effective_at",
            "recorded_at", "paper",
        )  # fmt: skip


class SlotLimit(Explained):
    """The limit of an opinion; while the agenda item is open it has not begun."""

    def to_representation(self, slot: Any) -> dict[str, Any]:
        """Show the light and the sentence that the matrix shows."""
        shown = super().to_representation(slot)
        summons = _summons(slot)
        light, left = lamp(slot, summons, self.context["at"], self.context["calendar"])
        has_days = slot.due_at is not None or slot.suspended
        runs = slot.running and has_days and not absent(slot, summons)
        shown |= {"light": light, "left": left, "silence": silence(slot, summons)}
        return shown if runs else {**shown, "days": []}


def _summons(slot: Slot) -> Invitation | None:
    invited = slot.agenda.session.invitations.all()
    return next((i for i in invited if i.department_id == slot.department_id), None)


class SlotShown(serializers.ModelSerializer):
    """What one department is asked on one item (or on the survey record), and what came of it."""

    filing = serializers.CharField(source="filing.public_id")
    session = serializers.CharField(source="agenda.session.public_id")
    agenda = serializers.IntegerField(source="agenda_id")
    department = Body()
    item = serializers.CharField(source="item.code", default=None, allow_null=True)
    label = serializers.SerializerMethodField()
    not_ours_reason = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    limit = SlotLimit(source="*")

    class Meta:
        model = Slot
        fields = (
            "id", "filing", "session", "agenda", "kind", "round", "department", "item", "default", "state",
            "label", "held_because", "not_ours_reason", "opinion", "limit",
        )  # fmt: skip

    def get_label(self, slot: Slot) -> str:
        """Return the mark in words."""
        return str(mark(slot)[1])

    def get_not_ours_reason(self, slot: Slot) -> str:
        """Return what departments say among themselves; the enterprise does not read it."""
        by = self.context.get("by")
        return "" if by is None or by.role == Role.ENTERPRISE else slot.not_ours_reason

    @extend_schema_field(OpinionGiven(allow_null=True))
    def get_opinion(self, slot: Slot) -> dict[str, Any] | None:
        """Return the outcome, if there is one."""
        found = getattr(slot, "opinion", None)
        return OpinionGiven(found, context=self.context).data if found else None


class DraftShown(serializers.ModelSerializer):
    """An opinion that was begun and not sent: it has no effect; marked late once an outcome was drawn from silence."""

    opinion = serializers.IntegerField(source="slot_id")
    conditions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = OpinionDraft
        fields = (
            "opinion",
            "position",
            "reason",
            "clause",
            "conditions",
            "saved_at",
            "sent_at",
            "late_at",
        )


class LateShown(serializers.ModelSerializer):
    """A late opinion, kept as such; a disagreement opened a correction case."""

    opinion = serializers.IntegerField(source="slot_id")
    correction_case = serializers.IntegerField(source="case_id", allow_null=True)

    class Meta:
        model = LateOpinion
        fields = ("id", "opinion", "position", "reason", "clause", "received_at", "correction_case")


class ContestShown(serializers.ModelSerializer):
    """What a department had against a default, and what was decided."""

    paper = PaperShown(allow_null=True)

    class Meta:
        model = Contest
        fields = ("text", "lodged_at", "due_at", "result", "reason", "decided_at", "paper")


class WithdrawalShown(serializers.ModelSerializer):
    """A withdrawal: the reasons of the one who proposed it and of the other who decided."""

    paper = PaperShown(allow_null=True)
    correction_case = serializers.IntegerField(source="case_id", allow_null=True)

    class Meta:
        model = Withdrawal
        fields = (
            "state", "reason", "legal_basis", "proposed_at", "decision", "decided_at", "paper", "correction_case",
        )  # fmt: skip


class DefaultShown(serializers.ModelSerializer):
    """A default with its proof: what was served and when, each day counted or skipped, the editions.

    One that two persons have withdrawn stays in the list and says so: `withdrawn_at`.
    """

    opinion = serializers.IntegerField(source="slot_id")
    filing = serializers.CharField(source="slot.filing.public_id")
    department = Body(source="slot.department")
    item = serializers.CharField(source="slot.item.code", default=None, allow_null=True)
    label = serializers.CharField(source="get_position_display")
    proof = serializers.DictField()
    paper = PaperShown(allow_null=True)
    make_up_due_at = serializers.DateTimeField(source="make_up.due_at", allow_null=True)
    made_up_at = serializers.DateTimeField(source="make_up.done_at", allow_null=True)
    contest = serializers.SerializerMethodField()
    withdrawals = WithdrawalShown(many=True)

    class Meta:
        model = Opinion
        fields = (
            "id", "opinion", "filing", "department", "item", "position", "label", "effective_at",
            "recorded_at", "proof", "paper", "make_up_due_at", "made_up_at", "contest", "withdrawals",
            "withdrawn_at",
        )  # fmt: skip

    @extend_schema_field(ContestShown(allow_null=True))
    def get_contest(self, default: Opinion) -> dict[str, Any] | None:
        """Return what the department had against it, if it said so."""
        found = getattr(default, "contest", None)
        return ContestShown(found, context=self.context).data if found else None


class FollowUpShown(serializers.Serializer):
    """What a department's defaults at one item of an agenda lead to: `nth` in the period, and the note once done."""

    department = Body()
    kind = serializers.ChoiceField(FollowUpKind.choices)
    nth = serializers.IntegerField()
    filing = serializers.CharField(source="agenda.filing.public_id")
    session = serializers.CharField(source="agenda.session.public_id")
    effective_at = serializers.DateTimeField()
    opinion = serializers.IntegerField(source="slot_id")
    note = serializers.CharField(source="done.note", default=None, allow_null=True)
    done_at = serializers.DateTimeField(source="done.done_at", default=None, allow_null=True)
