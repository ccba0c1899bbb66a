"""The random draw of a quarter, with everything that is needed to repeat it."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.policies import staff
from approvals.api.bodies import Reason
from core.steps.api import Listing, Step, Things, addresses
from inspection import policies, services
from inspection.api.of_case import LABEL
from inspection.models import Draw
from inspection.stages import Group


class DrawnGroup(serializers.Serializer):
    """Candidates by the record of their enterprises, the share in percent, and who was drawn of them."""

    group = serializers.ChoiceField(Group.choices)
    share = serializers.IntegerField()
    candidates = serializers.ListField(child=serializers.CharField())
    drawn = serializers.ListField(child=serializers.CharField())


class DrawnPair(serializers.Serializer):
    """The departments and officers that could be drawn for a project, and who was; officers by their references."""

    filing = serializers.CharField()
    departments = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField()
    people = serializers.ListField(child=serializers.CharField())
    officers = serializers.ListField(child=serializers.CharField())


class DrawShown(serializers.ModelSerializer):
    """A draw with everything that is needed to repeat it."""

    candidates = serializers.ListField(child=serializers.CharField())
    groups = DrawnGroup(many=True)
    pairs = DrawnPair(many=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)

    class Meta:
        model = Draw
        fields = (
            "id", "quarter", "turn", "replaces", "reason", "algorithm", "seed", "opening", "digest", "share",
            "candidates", "groups", "pairs", "drawn_at",
        )  # fmt: skip


def _draws(by: Any) -> Any:
    return Draw.objects.all() if staff(None, by) else Draw.objects.none()


DRAWS = Things("draws", "draw", LABEL, Draw, _draws, DrawShown)
DRAW = Step(
    "make", services.draw_random_checks, policies.draws, gettext_lazy("抽取本季度的双随机检查"), opens=True
)  # fmt: skip
DRAW_STEPS = (
    Step(
        "again", services.draw_again, policies.convenor_of, gettext_lazy("重新抽取本季度的双随机检查"), Reason,
        shown=DrawShown,
    ),
)  # fmt: skip


class Draws(Listing):
    """双随机抽取."""

    things = DRAWS
    step = DRAW
    title = gettext_lazy("双随机抽取清单")


ADDRESSES = [
    path("draws/", Draws.as_view(), name="draw_list"),
    *addresses(DRAWS, *DRAW_STEPS),
]
