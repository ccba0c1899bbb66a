"""A limit in the API: its date, its light, what silence does, and the day table that explains it."""

from typing import Any

from rest_framework import serializers

from core import clock
from core.deadlines.models import Timed
from core.deadlines.queries import calendar_or_none
from core.steps.limits import card


class Day(serializers.Serializer):
    """One day of a day table; `mark` says why it counts or not, `number` is the count where it does."""

    date = serializers.DateField()
    mark = serializers.ChoiceField(
        ["start", "counted", "weekend", "holiday", "makeup", "closure", "suspended", "rolled"]
    )
    number = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class Limit(serializers.Serializer):
    """A limit as it stands now; `silence` is the sentence that stands beside the button on the page."""

    rule = serializers.CharField()
    label = serializers.CharField()
    running = serializers.BooleanField()
    started_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    light = serializers.ChoiceField(["green", "yellow", "red", "grey"])
    left = serializers.CharField()
    silence = serializers.CharField()
    table = False

    def to_representation(self, limit: Timed) -> dict[str, Any]:
        """Show a limit of any kind."""
        said = self.context
        at = said.setdefault("at", clock.now())
        if "calendar" not in said:
            said["calendar"] = calendar_or_none(at)  # looked up once for all rows
        shown = card(limit, at, said["calendar"], table=self.table)
        return super().to_representation(
            {
                "rule": limit.rule,
                "label": shown["label"],
                "running": limit.running,
                "started_at": limit.started_at,
                "due_at": limit.due_at,
                "ended_at": limit.ended_at,
                "provisional": limit.provisional,
                "light": shown["light"],
                "left": shown["days_left_text"],
                "silence": shown["silence"],
                "days": shown["rows"],
            }
        )


class Explained(Limit):
    """A limit with its day table; the table is empty where the limit has ended or has no date yet."""

    days = Day(many=True)
    table = True
