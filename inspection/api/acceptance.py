"""The joint acceptance: rounds, a verdict per clause and department, the correction list."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from approvals.api.filings import FILINGS
from approvals.api.shown import Body, File, PaperShown
from core.steps.api import Listing, Step, Things, addresses
from inspection import policies, services
from inspection.api.of_case import LABEL, WithFile, of_case
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.stages import Verdict

GIVEN = (Verdict.PASSED, Verdict.FAILED)


class VerdictShown(serializers.ModelSerializer):
    """What a department finds of a clause, or of an item without clauses; nobody's silence fills it."""

    filing = serializers.CharField(source="acceptance.filing.public_id")
    acceptance = serializers.IntegerField(source="acceptance_id")
    department = Body()
    item = serializers.CharField(source="item.code")
    verdict_label = serializers.CharField(source="get_verdict_display")
    evidence = File(allow_null=True)

    class Meta:
        model = AcceptanceVerdict
        fields = (
            "id", "filing", "acceptance", "number", "department", "item", "verdict", "verdict_label", "problem",
            "demand", "given_at", "mended", "mended_at", "evidence",
        )  # fmt: skip


class AcceptanceShown(serializers.ModelSerializer):
    """One round with its verdicts."""

    filing = serializers.CharField(source="filing.public_id")
    attachment = File(allow_null=True)
    paper = PaperShown(allow_null=True)
    verdicts = VerdictShown(many=True)

    class Meta:
        model = Acceptance
        fields = (
            "id", "filing", "round", "text", "attachment", "applied_at", "visit_at", "visit_place", "result",
            "concluded_at", "paper", "verdicts",
        )  # fmt: skip


class Visit(serializers.Serializer):
    """When and where all meet."""

    visit_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=120)


class VerdictBody(serializers.Serializer):
    """Passed, or failed with the problem and what must be done."""

    outcome = serializers.ChoiceField([(v.value, v.label) for v in GIVEN])
    problem = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    demand = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


def _leads(acceptance: Acceptance, by: Membership) -> bool:
    """The lead of the acceptance."""
    return policies.acceptance_lead(acceptance.filing, by)


def _owns(verdict: AcceptanceVerdict, by: Membership) -> bool:
    """The enterprise of the case."""
    return policies.own_enterprise(verdict.acceptance.filing, by)


ACCEPTANCES = Things(
    "acceptances", "acceptance", LABEL, Acceptance, of_case(Acceptance, "attachment", "paper"), AcceptanceShown
)  # fmt: skip
VERDICTS = Things(
    "verdicts", "verdict", LABEL, AcceptanceVerdict,
    of_case(
        AcceptanceVerdict, "acceptance", "department", "item", "clause", "evidence", by="acceptance__filing"
    ),
    VerdictShown,
)  # fmt: skip
own = policies.own_enterprise
FILING_STEPS = (
    Step("apply-acceptance", services.apply_acceptance, own, _("申请联合验收"), WithFile),
    Step("hand-in-amendment", services.hand_in_amendment, own, _("申请复验"), WithFile),
)
ACCEPTANCE_STEPS = (
    Step("call-visit", services.call_visit, _leads, _("通知现场验收"), Visit),
    Step("pass-all", services.pass_all, policies.own_acceptance, _("本单位事项全部合格")),
    Step("conclude", services.conclude_acceptance, _leads, _("作出联合验收结论")),
)
VERDICT_STEPS = (
    Step("give", services.give_verdict, policies.own_department, _("提出验收意见"), VerdictBody),
    Step("amend", services.report_amendment, _owns, _("写明整改情况"), WithFile),
)


class VerdictFilter(filters.FilterSet):
    """Verdicts by filing, department and outcome."""

    filing = filters.CharFilter("acceptance__filing__public_id", label=_("申报件"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    verdict = filters.MultipleChoiceFilter(choices=Verdict.choices, label=_("意见"))

    class Meta:
        model = AcceptanceVerdict
        fields: list[str] = []


class AcceptanceFilter(filters.FilterSet):
    """Rounds by filing, and those without a conclusion."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    open = filters.BooleanFilter("concluded_at", lookup_expr="isnull", label=_("尚无结果"))

    class Meta:
        model = Acceptance
        fields: list[str] = []


class Acceptances(Listing):
    """联合验收."""

    things = ACCEPTANCES
    title = _("联合验收清单")
    filterset_class = AcceptanceFilter

    def rows(self, seen: Any) -> Any:
        """Add the verdicts."""
        verdicts = AcceptanceVerdict.objects.select_related(
            "acceptance__filing", "department", "item", "clause", "evidence"
        )
        return seen.prefetch_related(Prefetch("verdicts", verdicts))


class Verdicts(Listing):
    """验收意见."""

    things = VERDICTS
    title = _("验收意见清单")
    filterset_class = VerdictFilter


ADDRESSES = [
    path("acceptances/", Acceptances.as_view(), name="acceptance_list"),
    path("verdicts/", Verdicts.as_view(), name="verdict_list"),
    *addresses(FILINGS, *FILING_STEPS),
    *addresses(ACCEPTANCES, *ACCEPTANCE_STEPS),
    *addresses(VERDICTS, *VERDICT_STEPS),
]
