"""承诺条款 for programs: where each promise came from, who looks at it, and what became of it."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.shown import Body
from approvals.models import Clause
from core import clock
from core.steps.api import Listing, One, Things
from inspection.api.of_case import LABEL
from inspection.queries.chain import Chain, chain_of, clauses_seen
from inspection.queries.works import examined
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


CLAUSES = Things("clauses", "clause", LABEL, Clause, clauses_seen, FollowedClause)


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
        """Keep those that no held check has examined, or those that one has."""
        seen = examined().values("clause")
        return rows.exclude(pk__in=seen) if yes else rows.filter(pk__in=seen)


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
    path("clauses/", Clauses.as_view(), name="clause_list"),
    path("clauses/<int:pk>/", OneClause.as_view(), name="clause_read"),
]
