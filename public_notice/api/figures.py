"""办理统计 for programs, open to everybody: the figures of a year or a month, and where their rows are."""

from typing import Any

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.steps.api import Table
from public_notice.api.notices import LABEL
from public_notice.queries.figures import span_of
from public_notice.queries.kept_figures import figures_now


class GroupOfOpinions(serializers.Serializer):
    """Opinions of one kind, of one department or (empty) of all; null is not told: too few stand behind it."""

    kind = serializers.CharField()
    department = serializers.CharField(allow_blank=True)
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    deemed = serializers.IntegerField()
    none = serializers.IntegerField()
    held = serializers.IntegerField()
    waiting = serializers.IntegerField()
    median = serializers.IntegerField(allow_null=True)
    ninetieth = serializers.IntegerField(allow_null=True)
    deemed_percent = serializers.IntegerField(allow_null=True)


class PublicFigures(serializers.Serializer):
    """The figures of a period; `fewest` is under how many nothing is told, `events` counts by subject and outcome."""

    period = serializers.CharField()
    fewest = serializers.IntegerField(allow_null=True)
    decisions = GroupOfOpinions(many=True)
    events = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    decision_rows = serializers.CharField()
    event_rows = serializers.CharField()


class StatisticsOf(Table):
    """办理统计."""

    public = True
    also: tuple[int, ...] = (404,)
    serializer_class = PublicFigures
    operation = "statistics_read"
    tag = LABEL
    title = _("办理统计")
    explain = _(
        "一年（2018）或者一个月（2018-06）的统计，与公开页面相同；数据文件里每项意见、每件事一行。"
    )

    def get(self, request: Any, **named: Any) -> Response:
        """Reckon the figures as they stand now."""
        try:
            span = span_of(named["period"])
        except ValueError:
            raise Http404 from None
        at = clock.now()
        if span.begins > at:
            raise Http404
        shown: dict[str, Any] = {
            **figures_now(span, at),
            "decision_rows": reverse(
                "public_notice:statistics_rows", args=[span.period, "decisions"]
            ),
            "event_rows": reverse("public_notice:statistics_rows", args=[span.period, "events"]),
        }
        return Response(PublicFigures(shown).data)


ADDRESSES = [
    path("public-statistics/<slug:period>/", StatisticsOf.as_view(), name="statistics_read"),
]
