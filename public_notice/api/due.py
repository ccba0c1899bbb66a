"""When a period ends, for programs: the same answer as on the public page and in the command."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.deadlines.calendar import LONGEST, UNITS, reckon
from core.deadlines.queries import calendar_of, counter_end, edition_at
from core.steps.api import Table
from core.steps.api.limits import Day
from public_notice.api.notices import LABEL


class Period(serializers.Serializer):
    """A period: from when, how long, in what unit, and whether it begins with a receipt."""

    start = serializers.DateField()
    length = serializers.IntegerField(min_value=0, max_value=LONGEST)
    unit = serializers.ChoiceField(UNITS, default="working_day")
    received = serializers.BooleanField(default=False)


class Due(serializers.Serializer):
    """`due` is the last day, and null where `missing` names a day that no published calendar covers.

    Online an act is in time until 24:00 of it, at the counter until `counter_closes_at`.
    """

    due = serializers.DateField(allow_null=True)
    missing = serializers.DateField(allow_null=True)
    first = serializers.DateField(allow_null=True)
    edition = serializers.IntegerField()
    counter_closes_at = serializers.DateTimeField(allow_null=True)
    days = Day(many=True)


class Calculator(Table):
    """什么时候到期."""

    public = True
    asks = Period
    also: tuple[int, ...] = (409, 422)
    serializer_class = Due
    operation = "due_read"
    tag = LABEL
    title = _("什么时候到期")
    explain = _("按现行日历计算；没有公布放假安排的年度不给日期。")

    def get(self, request: Request) -> Response:
        """Count the period by the calendar as it is known now."""
        asked = Period(data=request.query_params)
        asked.is_valid(raise_exception=True)
        at = clock.now()
        edition = edition_at(at)
        found = reckon(calendar_of(edition), **asked.validated_data)
        shown: dict[str, Any] = {
            "due": found.due,
            "missing": found.missing,
            "first": found.first,
            "edition": edition.number,
            "counter_closes_at": found.due and counter_end(found.due, at),
            "days": found.rows,
        }
        return Response(Due(shown).data)


ADDRESSES = [path("due/", Calculator.as_view(), name="due_read")]
