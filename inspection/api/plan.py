"""监管计划, clauses and early starts for programs: what is owed, what became of each promise, what began too soon."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.api.shown import Body, File
from approvals.models import Clause, Filing
from core import clock
from core.steps.api import Listing, One, Step, Things, addresses
from core.steps.api.limits import Limit
from inspection import policies, services
from inspection.api.of_case import LABEL, of_case
from inspection.models import EarlyStart, PlannedVisit
from inspection.queries.chain import Chain, chain_of, clauses_seen
from inspection.queries.plan import visits_with_all
from inspection.stages import (
    Broken,
    FindingState,
    Kept,
    MeasureKind,
    MeasureState,
    Severity,
    Verdict,
    VisitPurpose,
)


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


class FollowedClause(serializers.ModelSerializer):
    """A clause of a letter with how it is looked at."""

    filing = serializers.CharField(source="letter.filing.public_id")
    letter_version = serializers.IntegerField(source="letter.version")
    item = serializers.CharField(source="item.code")
    checked_by = Body()

    class Meta:
        model = Clause
        fields = (
            "id", "filing", "letter_version", "number", "item", "text", "standard", "checked_when", "checked_by",
            "how", "evidence", "severity", "safety", "from_opinion",
        )  # fmt: skip


class LookedAt(serializers.Serializer):
    """What one check found, and what became of a breach."""

    check = serializers.IntegerField(source="visit.pk")
    held_at = serializers.DateTimeField(source="visit.held_at")
    kept = serializers.ChoiceField(Kept.choices, source="result.kept")
    finding = serializers.IntegerField(source="finding.pk", default=None, allow_null=True)
    severity = serializers.ChoiceField(
        Severity.choices, source="finding.severity", default=None, allow_null=True
    )
    broken = serializers.ChoiceField(
        Broken.choices, source="finding.broken", default=None, allow_null=True
    )
    state = serializers.ChoiceField(
        FindingState.choices, source="finding.state", default=None, allow_null=True
    )


class MeasureOf(serializers.Serializer):
    """A measure that rests on the clause."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(MeasureKind.choices)
    state = serializers.ChoiceField(MeasureState.choices)


class VerdictOf(serializers.Serializer):
    """What a round of the joint acceptance said of it."""

    id = serializers.IntegerField(source="pk")
    round = serializers.IntegerField(source="acceptance.round")
    verdict = serializers.ChoiceField(Verdict.choices)


class VisitOf(serializers.Serializer):
    """A visit of the plan that looks at it."""

    id = serializers.IntegerField(source="pk")
    purpose = serializers.ChoiceField(VisitPurpose.choices)
    ended_at = serializers.DateTimeField(allow_null=True)


class ChainShown(serializers.Serializer):
    """A clause followed: back to the catalogue and its versions, forward to visits, checks, measures and acceptance."""

    clause = FollowedClause()
    catalogue_edition = serializers.IntegerField(
        source="origin.item.edition.number", default=None, allow_null=True
    )
    versions = serializers.SerializerMethodField()
    unchecked = serializers.BooleanField()
    visits = VisitOf(many=True)
    results = LookedAt(many=True)
    measures = MeasureOf(many=True)
    verdicts = VerdictOf(many=True)

    def get_versions(self, chain: Chain) -> list[int]:
        """Return the versions of the letter in which it stands."""
        return [one.letter.version for one in chain.versions]


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
CLAUSES = Things("clauses", "clause", LABEL, Clause, clauses_seen, FollowedClause)
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


class ClauseFilter(filters.FilterSet):
    """Clauses by filing, of the present letters, and those that nobody has looked at."""

    filing = filters.CharFilter("letter__filing__public_id", label=_("申报件"))
    present = filters.BooleanFilter(
        "letter__withdrawn_at", lookup_expr="isnull", label=_("现行承诺书的")
    )
    unchecked = filters.BooleanFilter(method="nobody_looked", label=_("尚无部门核查的"))

    class Meta:
        model = Clause
        fields: list[str] = []

    def nobody_looked(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep those that no held check has looked at, or those that one has."""
        held = Clause.objects.filter(results__visit__held_at__isnull=False).values("pk")
        return rows.exclude(pk__in=held) if yes else rows.filter(pk__in=held)


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


class Clauses(Listing):
    """承诺条款."""

    things = CLAUSES
    title = _("承诺条款清单")
    filterset_class = ClauseFilter


class OneClause(One):
    """一条承诺条款，前后贯通."""

    things = CLAUSES
    title = _("一条承诺条款的来源和后来")
    serializer_class = ChainShown

    def shown_by(self) -> Any:
        """Show the chain of what was found."""

        def shown(clause: Clause, context: Any) -> Any:
            assert self.by is not None  # nobody gets here without an office
            return ChainShown(chain_of(clause, self.by, clock.now()), context=context)

        return ChainShown if getattr(self, "swagger_fake_view", False) else shown

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the chain."""
        return {200: ChainShown}


ADDRESSES = [
    path("planned-visits/", Visits.as_view(), name="planned_visit_list"),
    path("early-starts/", EarlyStarts.as_view(), name="early_start_list"),
    path("clauses/", Clauses.as_view(), name="clause_list"),
    path("clauses/<int:pk>/", OneClause.as_view(), name="clause_read"),
    *addresses(FILINGS, *FILING_STEPS),
]
