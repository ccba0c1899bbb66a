"""时限 for programs: a limit with its days, its basis and what stopped or lengthened it, and the acts on it."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals import policies, services
from approvals.api import bodies
from approvals.models import Filing, StageLimit
from approvals.queries import basis_of
from approvals.rules.limits import LimitSort
from core import clock
from core.steps.api import Listing, One, Step, Things, addresses
from core.steps.api.limits import Explained, Limit


class LimitOf(serializers.ModelSerializer):
    """A limit of a filing or of one item's paper."""

    filing = serializers.CharField(source="filing.public_id")
    item = serializers.CharField(source="item.code", default=None, allow_null=True)
    sort = serializers.ChoiceField(LimitSort.choices, read_only=True)
    basis = serializers.SerializerMethodField()
    limit = Limit(source="*")

    class Meta:
        model = StageLimit
        fields = ("id", "filing", "item", "sort", "basis", "escalated_at", "limit")

    def get_basis(self, limit: StageLimit) -> str:
        """Return what the days rest on."""
        return basis_of(limit, limit.filing, clock.now())


class LimitExplained(LimitOf):
    """A limit with the table of its days."""

    limit = Explained(source="*")

    class Meta(LimitOf.Meta):
        pass


def _limits(by: Any) -> Any:
    filings = Filing.objects.visible_to(by).order_by().values("pk")
    return StageLimit.objects.filter(filing__in=filings).select_related(
        "filing__rulebook", "item__item", "calendar"
    )


LIMITS = Things("limits", "limit", _("时限"), StageLimit, _limits, LimitOf)
# The acts on a limit of whatever kind: of the filing, of a tolerated gap, of an opinion.
SUSPEND = Step(
    "suspend", services.suspend_limit, policies.stops_limit, _("中止一个期限"), bodies.Stop
)
RESUME = Step("resume", services.resume_limit, policies.stops_limit, _("恢复一个期限"), bodies.GoOn)
EXTEND = Step(
    "extend", services.extend_limit, policies.lengthens_limit, _("延长一个期限"), bodies.Longer
)


class LimitFilter(filters.FilterSet):
    """Limits by filing and rule, running ones, late ones."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    rule = filters.CharFilter("rule", label=_("规则编号"))
    running = filters.BooleanFilter("ended_at", lookup_expr="isnull", label=_("正在计算"))
    late = filters.BooleanFilter(method="passed", label=_("已逾期"))

    class Meta:
        model = StageLimit
        fields: list[str] = []

    def passed(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep those that have passed and are still open, or the others."""
        late = {"due_at__lt": clock.now(), "ended_at": None}
        return rows.filter(**late) if yes else rows.exclude(**late)


class Limits(Listing):
    """时限."""

    things = LIMITS
    title = _("时限清单")
    filterset_class = LimitFilter


class OneLimit(One):
    """One limit explained, day by day."""

    things = LIMITS
    title = _("一个时限和它的逐日计算")
    serializer_class = LimitExplained


ADDRESSES = [
    path("limits/", Limits.as_view(), name="limit_list"),
    path("limits/<int:pk>/", OneLimit.as_view(), name="limit_read"),
    *addresses(LIMITS, SUSPEND, RESUME, EXTEND),
]
