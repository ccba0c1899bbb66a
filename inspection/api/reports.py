"""Reports of the works: start, progress, completion."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.api.shown import File
from core.steps.api import Listing, Step, Things, addresses
from core.steps.api.limits import Limit
from inspection import policies, services
from inspection.api.of_case import LABEL, WithFile, of_case
from inspection.models import NodeChange, NodeStrike, Report, SiteNode
from inspection.stages import ReportKind

own = policies.own_enterprise


class ReportShown(serializers.ModelSerializer):
    """A report as the enterprise said it."""

    filing = serializers.CharField(source="filing.public_id")
    node = serializers.CharField(source="node.node.code", default=None, allow_null=True)
    attachment = File(allow_null=True)

    class Meta:
        model = Report
        fields = (
            "id",
            "filing",
            "kind",
            "node",
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


class Promised(serializers.Serializer):
    """A node of the works by its code, and the day promised for it; null: the works have no such node."""

    code = serializers.CharField(max_length=8)
    promised_on = serializers.DateField(allow_null=True)


class Begun(OnADay):
    """The works have begun; the promised day of every node between start and completion."""

    nodes = Promised(many=True, required=False)

    def validate_nodes(self, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the plan as the service takes it; a node that is named twice is answered for in two ways."""
        if len({one["code"] for one in nodes}) < len(nodes):
            raise serializers.ValidationError(_("每个建设节点只写一次。"))
        return {one["code"]: one["promised_on"] for one in nodes}


class HowFar(OnADay):
    """How far the works are on a day; with the node of the plan that is reached."""

    node = serializers.CharField(max_length=8, required=False, allow_blank=True)

    percent = serializers.IntegerField(min_value=0, max_value=100)


class Done(OnADay):
    """The works are done on a day; what was built and invested, as the enterprise states it."""

    built_m2 = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    invested_wan = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)


class ChangeOfNode(serializers.Serializer):
    """Another promised day for a node by its code, and why."""

    node = serializers.CharField(max_length=8)
    promised_on = serializers.DateField()
    reason = serializers.CharField(max_length=400)
    upload = serializers.FileField(max_length=200, required=False)


class NodeChangeShown(serializers.ModelSerializer):
    """One change of a promised day; `promised_before` is null where the works were said to have no such node."""

    attachment = File(allow_null=True)

    class Meta:
        model = NodeChange
        fields = ("turn", "promised_before", "promised_on", "reason", "attachment", "changed_at")


class StruckNode(serializers.Serializer):
    """A promised node by its code that the works have no more, why, and the paper that shows it."""

    node = serializers.CharField(max_length=8)
    reason = serializers.CharField(max_length=400)
    upload = serializers.FileField(max_length=200)


class NodeStrikeShown(serializers.ModelSerializer):
    """A promise that was taken back, because the works have no such node any more."""

    attachment = File()

    class Meta:
        model = NodeStrike
        fields = ("promised_before", "reason", "attachment", "struck_at")


class SiteNodeShown(serializers.ModelSerializer):
    """A node of a case's plan: what is promised and was before, when it was reached, until when its report is due."""

    filing = serializers.CharField(source="filing.public_id")
    code = serializers.CharField(source="node.code")
    name = serializers.CharField(source="__str__")
    report = serializers.IntegerField(source="report.pk", default=None, allow_null=True)
    reached_on = serializers.DateField(allow_null=True)
    limit = Limit(source="*")
    changes = NodeChangeShown(many=True)
    strikes = NodeStrikeShown(many=True)

    class Meta:
        model = SiteNode
        fields = (
            "id", "filing", "code", "name", "promised_on", "promised_at", "changes", "strikes", "report",
            "reached_on", "escalated_at", "limit",
        )  # fmt: skip


_of_case = of_case(SiteNode, "node", "report", "calendar")


def _nodes(by: Any) -> Any:
    return _of_case(by).prefetch_related("changes__attachment", "strikes__attachment")


NODES = Things(
    "site-nodes", "site_node", LABEL, SiteNode, _nodes, SiteNodeShown
)  # fmt: skip
REPORTS = Things(
    "reports", "report", LABEL, Report, of_case(Report, "attachment", "node__node"), ReportShown
)
STEPS = (
    Step("report-start", services.report_start, own, _("报告开工"), Begun, shown=ReportShown),
    Step("report-progress", services.report_progress, own, _("报告进度"), HowFar, shown=ReportShown),
    Step("change-node", services.change_node, own, _("变更节点日期"), ChangeOfNode, shown=SiteNodeShown),
    Step("strike-node", services.strike_node, policies.convenor, _("核减建设节点"), StruckNode, shown=SiteNodeShown),
    Step("report-completion", services.report_completion, own, _("报告竣工"), Done, shown=ReportShown),
)  # fmt: skip


class ReportFilter(filters.FilterSet):
    """Reports by filing and kind."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    kind = filters.ChoiceFilter(choices=ReportKind.choices, label=_("类别"))

    class Meta:
        model = Report
        fields: list[str] = []


class NodeFilter(filters.FilterSet):
    """Nodes by filing, and those that are not in."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    open = filters.BooleanFilter("report", lookup_expr="isnull", label=_("未报告"))

    class Meta:
        model = SiteNode
        fields: list[str] = []


class SiteNodes(Listing):
    """计划节点."""

    things = NODES
    title = _("计划节点清单")
    filterset_class = NodeFilter


class Reports(Listing):
    """项目报告."""

    things = REPORTS
    title = _("项目报告清单")
    filterset_class = ReportFilter


ADDRESSES = [
    path("reports/", Reports.as_view(), name="report_list"),
    path("site-nodes/", SiteNodes.as_view(), name="site_node_list"),
    *addresses(FILINGS, *STEPS),
]
