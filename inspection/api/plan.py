"""监管计划 and early starts for programs: what is owed, and what began too soon."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.api.shown import Body, File
from approvals.models import Filing
from core.steps.api import Listing, Step, Things, addresses
from core.steps.api.limits import Limit
from inspection import policies, services
from inspection.api.of_case import LABEL, of_case
from inspection.models import EarlyStart, PlannedVisit
from inspection.queries.plan import visits_with_all
from inspection.stages import VisitPurpose


class PlannedVisitShown(serializers.ModelSerializer):
    """A planned visit: its purpose, its clauses, its limit, and the check that was held."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    clauses = serializers.SerializerMethodField()
    check_held = serializers.IntegerField(source="check_held_id", allow_null=True)
    limit = Limit(source="*")

    class Meta:
        model = PlannedVisit
        fields = (
            "id",
            "filing",
            "department",
            "purpose",
            "clauses",
            "made_at",
            "check_held",
            "ended_at",
            "limit",
        )

    def get_clauses(self, visit: PlannedVisit) -> list[str]:
        """Return the numbers of the clauses."""
        return [clause.number for clause in visit.clauses.all()]


class MissingShown(serializers.Serializer):
    """One condition of the start that was missing: what, whose move it was, why."""

    subject = serializers.CharField()
    whose = serializers.CharField()
    reason = serializers.CharField()


class EarlyStartShown(serializers.ModelSerializer):
    """Works that began before the gate was open, with what kept it shut at that moment."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    missing = MissingShown(many=True)
    attachment = File(allow_null=True)

    class Meta:
        model = EarlyStart
        fields = (
            "id",
            "filing",
            "department",
            "began_on",
            "text",
            "missing",
            "attachment",
            "recorded_at",
        )


class JointBody(serializers.Serializer):
    """On which day."""

    planned_on = serializers.DateField()


class EarlyBody(serializers.Serializer):
    """Since when, and what was seen."""

    began_on = serializers.DateField()
    text = serializers.CharField(max_length=2000)
    upload = serializers.FileField(max_length=200, required=False)


def _visits(by: Any) -> Any:
    return visits_with_all(
        PlannedVisit.objects.filter(
            filing__in=Filing.objects.visible_to(by).order_by().values("pk")
        )
    )


VISITS = Things("planned-visits", "planned_visit", LABEL, PlannedVisit, _visits, PlannedVisitShown)
EARLY = Things(
    "early-starts", "early_start", LABEL, EarlyStart, of_case(EarlyStart, "department", "attachment"),
    EarlyStartShown,
)  # fmt: skip
FILING_STEPS = (
    Step(
        "plan-joint-check", services.plan_joint_check, policies.window, _("安排几个部门合并检查"), JointBody
    ),
    Step(
        "record-early-start", services.record_early_start, policies.records_early_start,
        _("记录先行施工"), EarlyBody, shown=EarlyStartShown,
    ),
)  # fmt: skip


class OfFiling(filters.FilterSet):
    """By filing."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))


class VisitFilter(OfFiling):
    """Visits by filing, department and purpose, and those still owed."""

    department = filters.CharFilter("department__code", label=_("部门代码"))
    purpose = filters.MultipleChoiceFilter(choices=VisitPurpose.choices, label=_("目的"))
    open = filters.BooleanFilter("ended_at", lookup_expr="isnull", label=_("待检查"))

    class Meta:
        model = PlannedVisit
        fields: list[str] = []


class EarlyFilter(OfFiling):
    """Early starts by filing."""

    class Meta:
        model = EarlyStart
        fields: list[str] = []


class Visits(Listing):
    """计划检查."""

    things = VISITS
    title = _("监管计划清单")
    filterset_class = VisitFilter


class EarlyStarts(Listing):
    """先行施工记录."""

    things = EARLY
    title = _("先行施工记录清单")
    filterset_class = EarlyFilter


ADDRESSES = [
    path("planned-visits/", Visits.as_view(), name="planned_visit_list"),
    path("early-starts/", EarlyStarts.as_view(), name="early_start_list"),
    *addresses(FILINGS, *FILING_STEPS),
]
