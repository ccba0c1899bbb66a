"""A limit in the API: its date, its light, what silence does, and the day table that explains it."""

from typing import Any

from rest_framework import serializers

from core import clock
from core.deadlines.counting import budget, interruptions
from core.deadlines.models import Timed
from core.deadlines.queries import calendar_or_none
from core.deadlines.rules import StopKind
from core.steps.limits import card


class Day(serializers.Serializer):
    """One day of a day table; `mark` says why it counts or not, `number` is the count where it does."""

    date = serializers.DateField()
    mark = serializers.ChoiceField(
        [
            "start",
            "counted",
            "weekend",
            "holiday",
            "makeup",
            "closure",
            "suspended",
            "rolled",
            "shut",
        ]
    )
    number = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class Stopped(serializers.Serializer):
    """One suspension of a limit: why, on which law and paper, from when to when, decided by whom."""

    kind = serializers.ChoiceField(StopKind.choices)
    label = serializers.CharField(source="get_kind_display")
    reason = serializers.CharField()
    basis = serializers.CharField()
    certainty = serializers.CharField()
    paper_number = serializers.CharField()
    expected_days = serializers.IntegerField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(source="by.organisation.name")


class Lengthened(serializers.Serializer):
    """One extension of a limit; `turn` counts them from 1."""

    turn = serializers.IntegerField()
    days = serializers.IntegerField()
    reason = serializers.CharField()
    basis = serializers.CharField()
    certainty = serializers.CharField()
    paper_number = serializers.CharField()
    granted_at = serializers.DateTimeField()
    due_before = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(source="signed_by.organisation.name")


class Limit(serializers.Serializer):
    """A limit as it stands now; `silence` is the sentence that stands beside the button on the page."""

    rule = serializers.CharField()
    label = serializers.CharField()
    running = serializers.BooleanField()
    started_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    suspended = serializers.BooleanField()
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
        added = interruptions(limit).extensions if self.table else ()
        return super().to_representation(
            {
                "rule": limit.rule,
                "label": shown["label"],
                "running": limit.running,
                "started_at": limit.started_at,
                "due_at": limit.due_at,
                "ended_at": limit.ended_at,
                "provisional": limit.provisional,
                "suspended": limit.suspended,
                "light": shown["light"],
                "left": shown["days_left_text"],
                "silence": shown["silence"],
                "days": shown["rows"],
                "length": budget(limit) if self.table else None,
                "suspensions": interruptions(limit).suspensions if self.table else (),
                "extension": added[-1] if added else None,
                "extensions": added,
            }
        )


class Explained(Limit):
    """A limit with its day table; the table is empty where the limit has ended or has no date yet.

    `length` are its days in all, with those that were added; a suspended limit shows its days through today.
    `extensions` are all that were granted, `extension` is the last of them.
    """

    days = Day(many=True)
    length = serializers.IntegerField(allow_null=True)
    suspensions = Stopped(many=True)
    extension = Lengthened(allow_null=True)
    extensions = Lengthened(many=True)
    table = True
