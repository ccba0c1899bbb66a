"""规则推演 for programs: the same answer as on the page and in the command; a question, which changes nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import administrator, supervisor
from core import clock
from core.steps.api import Table
from desk.queries.what_if import asked_by, what_if
from desk.queries.what_if.words import ASSUMPTIONS, Words
from desk.rules.pack import PackError

MOST_CHANGES = 500  # written by hand into one address


class WhatIfAsked(serializers.Serializer):
    """`set` once or more: P5b=5 for a number, C05.opinion_default=escalate for a cell, C05=- for an item out."""

    set = serializers.ListField(
        child=serializers.CharField(max_length=400), min_length=1, max_length=MOST_CHANGES
    )


class FigureShown(serializers.Serializer):
    """A number before and after."""

    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class MovedShown(serializers.Serializer):
    """How many cases have an instant earlier or later, and by how many working days."""

    what = serializers.ChoiceField(["complete", "notice", "start"])
    earlier = serializers.IntegerField()
    later = serializers.IntegerField()
    median = serializers.IntegerField()
    most = serializers.IntegerField()
    lost = serializers.IntegerField()
    won = serializers.IntegerField()


class LoadShown(serializers.Serializer):
    """What a department had to do."""

    asked = serializers.IntegerField()
    given = serializers.IntegerField()
    defaults = serializers.IntegerField()
    no_opinion = serializers.IntegerField()
    open = serializers.IntegerField()
    days = serializers.IntegerField()
    promised = serializers.IntegerField()


class LoadsShown(serializers.Serializer):
    """The load of a department before and after."""

    department = serializers.CharField()
    before = LoadShown()
    after = LoadShown()


class LineShown(serializers.Serializer):
    """One difference in words, with the rules that make it so."""

    case = serializers.CharField()
    project = serializers.CharField()
    about = serializers.ChoiceField(["slot", "limit", "case"])
    what = serializers.CharField()
    department = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    moved = serializers.IntegerField(allow_null=True)
    rules = serializers.ListField(child=serializers.CharField())


class WhatIfShown(serializers.Serializer):
    """What the past cases would have come to; `mismatches`: where the same reckoning does not give the records."""

    at = serializers.DateTimeField()
    assumptions = serializers.ListField(child=serializers.CharField())
    cases = serializers.IntegerField()
    slots = serializers.IntegerField()
    touched = serializers.IntegerField()
    mismatches = serializers.IntegerField()
    figures = FigureShown(many=True)
    moves = MovedShown(many=True)
    departments = LoadsShown(many=True)
    changes = LineShown(many=True)


class WhatIf(Table):
    """规则推演."""

    asks = WhatIfAsked
    also: tuple[int, ...] = (409, 422)
    serializer_class = WhatIfShown
    tag, title, operation = _("效能监督"), _("规则推演"), "what_if"
    explain = _("过去的申报件按另一套规则会怎样；只读不写。")

    def get(self, request: Request) -> Response:
        """Answer; 422 names each change that cannot be, and why."""
        by: Any = self.by
        if not any(may(None, by) for may in (supervisor, administrator)):
            raise PermissionDenied
        asked = WhatIfAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        now = clock.now()
        try:
            wanted = asked_by(asked.validated_data["set"], now)
        except PackError as error:
            told = [f"{fault.column}：{fault.message}" for fault in error.faults]
            raise ValidationError({"set": told}) from None
        report = what_if(wanted, now)
        shown = {
            "at": report.at, "assumptions": [str(line) for line in ASSUMPTIONS], "cases": report.cases,
            "slots": report.slots, "touched": report.touched, "mismatches": len(report.mismatches),
            "figures": report.figures, "moves": report.moves, "departments": report.loads,
            "changes": Words(report).lines(),
        }  # fmt: skip
        return Response(WhatIfShown(shown).data)


ADDRESSES = [path("what-if/", WhatIf.as_view(), name="what_if")]
