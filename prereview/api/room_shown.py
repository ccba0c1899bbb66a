"""How a meeting room, its minutes and what it resolved are shown to a program."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.api.shown import Body
from prereview import policies
from prereview.models import ActionPoint, Invitation, MinutesDraft, Settlement
from prereview.queries.board import Room
from prereview.queries.room import books_of, code_of, pulse
from prereview.rules.room import until_of
from prereview.stages import SlotState


class MinutesDraftShown(serializers.ModelSerializer):
    """Minutes that were proposed: read in the room, and confirmed or given back by the recorder."""

    agenda = serializers.IntegerField(source="agenda_id")
    state_label = serializers.CharField(source="get_state_display")
    changes = serializers.ListField(child=serializers.CharField())
    proposed_by = serializers.CharField(source="proposed_by.user.name")
    decided_by = serializers.CharField(source="decided_by.user.name", default=None, allow_null=True)

    class Meta:
        model = MinutesDraft
        fields = (
            "id", "agenda", "state", "state_label", "conclusion", "reasons", "changes", "changes_due",
            "content_sha256", "proposed_by", "proposed_at", "decided_by", "decided_at", "remark",
        )  # fmt: skip


class SettlementShown(serializers.ModelSerializer):
    """How a contradiction was settled."""

    agenda = serializers.IntegerField(source="agenda_id")
    item = serializers.CharField(source="item.code")

    class Meta:
        model = Settlement
        fields = ("id", "agenda", "item", "reasons", "settled_at")


class ActionShown(serializers.ModelSerializer):
    """Something that a meeting resolved to have done."""

    session = serializers.CharField(source="agenda.session.public_id")
    filing = serializers.CharField(source="agenda.filing.public_id")
    owner = Body()

    class Meta:
        model = ActionPoint
        fields = (
            "id", "session", "filing", "text", "owner", "due_on", "added_at", "done_at", "note", "dropped_at",
        )  # fmt: skip


class PlaceShown(serializers.ModelSerializer):
    """Who is in the room: how and when a department came, and whether it left."""

    department = Body()

    class Meta:
        model = Invitation
        fields = (
            "department",
            "representative",
            "came_by",
            "checked_in_at",
            "left_at",
            "online_at",
        )


class MarkShown(serializers.Serializer):
    """One cell of the matrix as the room sees it."""

    id = serializers.IntegerField(source="pk")
    agenda = serializers.IntegerField(source="agenda_id")
    department = serializers.CharField(source="department.code")
    item = serializers.CharField(source="item.code", default=None, allow_null=True)
    state = serializers.CharField()
    position = serializers.SerializerMethodField()

    def get_position(self, slot: Any) -> str:
        """Return what stands there; empty while nothing does."""
        return str(slot.opinion.position) if slot.state == SlotState.SETTLED else ""


class QuorumShown(serializers.Serializer):
    """How many are there of those that were served, and how many the county wants; it blocks nothing."""

    present = serializers.IntegerField()
    served = serializers.IntegerField()
    needed = serializers.IntegerField()
    met = serializers.BooleanField()


class RoomShown(serializers.Serializer):
    """A room at one moment. `version` grows with every act: a program that has seen it asks with If-None-Match."""

    session = serializers.CharField(source="session.public_id")
    stage = serializers.CharField(source="session.stage")
    version = serializers.SerializerMethodField()
    recorder = serializers.CharField(
        source="session.recorder.user.name", default=None, allow_null=True
    )
    roll_confirmed_at = serializers.DateTimeField(
        source="session.roll_confirmed_at", allow_null=True
    )
    agenda_item = serializers.IntegerField(source="at.pk", default=None, allow_null=True)
    code = serializers.SerializerMethodField()
    code_until = serializers.SerializerMethodField()
    quorum = QuorumShown()
    roll = PlaceShown(source="summons", many=True)
    opinions = MarkShown(source="slots", many=True)
    reading = serializers.SerializerMethodField()

    def get_version(self, room: Room) -> int:
        """Return the number of acts in the books of the room."""
        return pulse(books_of(room.session, room.agenda))

    def _keeps(self) -> bool:
        by = self.context.get("by")
        return by is not None and policies.window(None, by)

    def get_code(self, room: Room) -> str:
        """Return the code on the wall, to those who run the room; empty to everybody else."""
        return code_of(room.session, self.context["at"]) if self._keeps() else ""

    @extend_schema_field(serializers.IntegerField())
    def get_code_until(self, _room: Room) -> int:
        """Return when the code changes, in milliseconds since 1970."""
        return until_of(self.context["at"])

    @extend_schema_field(MinutesDraftShown(many=True))
    def get_reading(self, room: Room) -> Any:
        """Return the minutes that are being read."""
        return MinutesDraftShown(list(room.reading.values()), many=True, context=self.context).data
