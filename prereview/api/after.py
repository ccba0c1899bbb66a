"""After a session, for programs: the roll with its copy, what was said or silence came to, the contest."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.api.shown import Body, File, PaperShown
from approvals.models import ChecklistItem
from core import clock
from core.steps.api import One, Step, addresses
from prereview import policies, services
from prereview.api.sessions import SESSIONS, SUMMONS
from prereview.models import RollContest, Session
from prereview.queries.after import after
from prereview.stages import Presence, Spoken


class RollContestShown(serializers.ModelSerializer):
    """What a department has against its row of the roll, and what was decided, by whom else than the convenor."""

    summons = serializers.IntegerField(source="invitation_id")
    proof = File(allow_null=True)

    class Meta:
        model = RollContest
        fields = (
            "summons", "text", "proof", "lodged_at", "due_at", "result", "reason", "decided_at",
        )  # fmt: skip


class SaidShown(serializers.Serializer):
    """What a department said on one item, or what its silence came to; deemed is never agreed."""

    opinion = serializers.IntegerField(source="slot.pk")
    filing = serializers.CharField(source="slot.filing.public_id")
    item = serializers.CharField(source="slot.item.code", default=None, allow_null=True)
    said = serializers.ChoiceField(Spoken.choices)
    held_because = serializers.CharField(source="slot.held_why")


class RollRow(serializers.Serializer):
    """One department: where it was by the roll, and what it said."""

    summons = serializers.IntegerField(source="summons.pk")
    department = Body(source="summons.department")
    presence = serializers.ChoiceField(Presence.choices, allow_null=True)
    checked_in_at = serializers.DateTimeField(source="summons.checked_in_at", allow_null=True)
    left_at = serializers.DateTimeField(source="summons.left_at", allow_null=True)
    items = SaidShown(source="slots", many=True)
    contest = RollContestShown(allow_null=True)


class OwedShown(serializers.ModelSerializer):
    """A statutory approval of the session's cases; what anybody said or did not say changes nothing in it."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    due_at = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistItem
        ref_name = "ApprovalAfterSession"
        fields = (
            "code", "filing", "department", "approval", "approval_number", "approval_on", "due_at",
        )  # fmt: skip

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, item: Any) -> Any:
        """Return when the first of its running limits ends; null where none runs or no date is known."""
        return min((one.due_at for one in item.limits.all() if one.due_at), default=None)


class AfterShown(serializers.ModelSerializer):
    """A session afterwards, as far as a person sees it: a department its own row, those who watch all."""

    id = serializers.CharField(source="public_id")
    copy = serializers.SerializerMethodField()
    contest_until = serializers.SerializerMethodField()
    roll = serializers.SerializerMethodField()
    approvals = serializers.SerializerMethodField()

    class Meta:
        model = Session
        ref_name = "AfterSession"
        fields = ("id", "number", "kind", "closed_at", "copy", "contest_until", "roll", "approvals")

    def _found(self, session: Session) -> dict[str, Any]:
        known = self.context.setdefault("after", {})
        if session.pk not in known:
            known[session.pk] = after(session, self.context["by"], clock.received())
        return known[session.pk]  # type: ignore[no-any-return]

    @extend_schema_field(PaperShown(allow_null=True))
    def get_copy(self, session: Session) -> Any:
        """Return the roll that every department got."""
        found = getattr(session, "roll_copy", None)
        return PaperShown(found.paper, context=self.context).data if found else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_contest_until(self, session: Session) -> Any:
        """Return until when the roll may be contested."""
        return self._found(session)["until"]

    @extend_schema_field(RollRow(many=True))
    def get_roll(self, session: Session) -> Any:
        """Return the rows of the roll."""
        return RollRow(self._found(session)["rows"], many=True, context=self.context).data

    @extend_schema_field(OwedShown(many=True))
    def get_approvals(self, session: Session) -> Any:
        """Return the approvals."""
        return OwedShown(self._found(session)["owed"], many=True, context=self.context).data


class After(One):
    """会后一览."""

    things = SESSIONS
    title = _("一个会次的会后一览")
    operation = "session_after"
    serializer_class = AfterShown


class ContestRollBody(serializers.Serializer):
    """What the department has against its row of the roll, with a proof if there is one."""

    text = serializers.CharField(max_length=2000)
    upload = serializers.FileField(max_length=200, required=False)


class DecideRollBody(serializers.Serializer):
    """Upheld or not, with reasons."""

    upheld = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)


SUMMONS_STEPS = (
    Step(
        "contest-roll", services.contest_roll, policies.head_of_department, _("对到会记录提出异议"), ContestRollBody,
        shown=RollContestShown,
    ),
    Step(
        "decide-roll", services.decide_roll_contest, policies.supervisor, _("决定对到会记录的异议"), DecideRollBody,
        shown=RollContestShown,
    ),
)  # fmt: skip
ADDRESSES = [
    path("sessions/<slug:public_id>/after/", After.as_view(), name="session_after"),
    *addresses(SUMMONS, *SUMMONS_STEPS),
]
