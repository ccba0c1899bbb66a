"""节省的时间 for programs: each case whose start was notified, what it took and what the law allows."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import administrator, supervisor
from approvals.models import Filing
from core import clock
from core.deadlines.queries import end_of, start_of
from core.steps.api import Listing, Things
from desk.api.supervision import LABEL
from desk.queries.days_saved import rows_of, started


class Saved(serializers.Serializer):
    """A case, in working days; null: not known. `saved_…`: the limit less what it took, below zero if more."""

    id = serializers.CharField(source="filing.public_id")
    number = serializers.CharField(source="filing.number")
    project_name = serializers.CharField(source="filing.project_name")
    start_notified_at = serializers.DateTimeField(source="filing.start_notified_at")
    took = serializers.IntegerField(allow_null=True)
    joint_limit = serializers.IntegerField(source="joint", allow_null=True)
    serial_limit = serializers.IntegerField(source="serial", allow_null=True)
    items = serializers.IntegerField()
    items_without_limit = serializers.IntegerField(source="unknown")
    saved_joint = serializers.IntegerField(allow_null=True)
    saved_serial = serializers.IntegerField(allow_null=True)


class SavedFilter(filters.FilterSet):
    """Cases by the day on which their start was notified."""

    notified_from = filters.DateFilter(method="not_before", label=_("开工告知日不早于"))
    notified_to = filters.DateFilter(method="not_after", label=_("开工告知日不晚于"))

    class Meta:
        model = Filing
        fields: list[str] = []

    def not_before(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those notified on a day or later."""
        return rows.filter(start_notified_at__gte=start_of(day))

    def not_after(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those notified on a day or earlier."""
        return rows.filter(start_notified_at__lt=end_of(day))


def _seen(_by: Any) -> Any:
    return started()


SAVED = Things("days-saved", "days_saved", LABEL, Filing, _seen, Saved, "public_id")


class DaysSaved(Listing):
    """节省的时间."""

    things = SAVED
    title = _("每件用时与法定时限")
    explain = _("自受理至开工告知，净工作日；与联合办理时限、各事项法定时限之和相比。")
    filterset_class = SavedFilter

    def rows(self, seen: Any) -> Any:
        """Refuse whoever does not lead."""
        if not (supervisor(None, self.by) or administrator(None, self.by)):
            raise PermissionDenied
        return seen

    def get(self, request: Request) -> Response:
        """Return one page of cases with their days."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert self.paginator is not None
        rows = self.get_serializer(rows_of(page or (), clock.now()), many=True)
        return self.paginator.get_paginated_response(rows.data)


ADDRESSES = [path("days-saved/", DaysSaved.as_view(), name="days_saved_list")]
