"""Reports of the works: start, progress, completion."""

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.api.shown import File
from core.steps.api import Listing, Step, Things, addresses
from inspection import policies, services
from inspection.api.of_case import LABEL, WithFile, of_case
from inspection.models import Report
from inspection.stages import ReportKind

own = policies.own_enterprise


class ReportShown(serializers.ModelSerializer):
    """A report as the enterprise said it."""

    filing = serializers.CharField(source="filing.public_id")
    attachment = File(allow_null=True)

    class Meta:
        model = Report
        fields = (
            "id",
            "filing",
            "kind",
            "happened_on",
            "percent",
            "built_m2",
            "invested_wan",
            "text",
            "attachment",
            "reported_at",
        )


class OnADay(WithFile):
    """What happened on a day."""

    happened_on = serializers.DateField()


class HowFar(OnADay):
    """How far the works are on a day."""

    percent = serializers.IntegerField(min_value=0, max_value=100)


class Done(OnADay):
    """The works are done on a day; what was built and invested, as the enterprise states it."""

    built_m2 = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    invested_wan = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)


REPORTS = Things("reports", "report", LABEL, Report, of_case(Report, "attachment"), ReportShown)
STEPS = (
    Step("report-start", services.report_start, own, _("报告开工"), OnADay, shown=ReportShown),
    Step("report-progress", services.report_progress, own, _("报告进度"), HowFar, shown=ReportShown),
    Step("report-completion", services.report_completion, own, _("报告竣工"), Done, shown=ReportShown),
)  # fmt: skip


class ReportFilter(filters.FilterSet):
    """Reports by filing and kind."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    kind = filters.ChoiceFilter(choices=ReportKind.choices, label=_("类别"))

    class Meta:
        model = Report
        fields: list[str] = []


class Reports(Listing):
    """项目报告."""

    things = REPORTS
    title = _("项目报告清单")
    filterset_class = ReportFilter


ADDRESSES = [
    path("reports/", Reports.as_view(), name="report_list"),
    *addresses(FILINGS, *STEPS),
]
