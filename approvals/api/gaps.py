"""容缺台账 for programs: promises with what became of them, counted by enterprise, and as a file."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from approvals.api.parts import GAPS
from approvals.models import Gap
from approvals.policies import reads_gaps
from approvals.queries import gaps as queries
from approvals.stages import GapOutcome
from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Table


class GapFilter(filters.FilterSet):
    """Promises by what became of them, those supplied wrong at least once, by enterprise and by words."""

    outcome = filters.ChoiceFilter(choices=GapOutcome.choices, label=_("结果"))
    wrong = filters.BooleanFilter(method="at_fault", label=_("补交有误的"))
    enterprise = filters.CharFilter("filing__enterprise__code", label=_("建设单位代码"))
    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    q = filters.CharFilter(method="holds", label=_("企业、项目、编号、材料中的字词"))

    class Meta:
        model = Gap
        fields: list[str] = []

    def at_fault(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep what was supplied wrong at least once, or what never was."""
        return queries.narrowed_to_wrong(rows) if yes else rows.filter(times_wrong=0)

    def holds(self, rows: Any, name: str, words: str) -> Any:
        """Keep those that hold the words."""
        return queries.holding(rows, words[: queries.WORDS])


class OfLedger:
    """The rows of the ledger, for whom it is kept: an empty list for others would say that there is no promise."""

    by: Any

    def rows(self, seen: Any) -> Any:
        """Keep what was promised, with what became of it."""
        if not reads_gaps(None, self.by):
            raise PermissionDenied
        return queries.with_outcome(seen.filter(deemed=False), clock.now())


class Gaps(OfLedger, Listing):
    """容缺."""

    things = GAPS
    title = _("容缺台账")
    filterset_class = GapFilter


class GapExport(OfLedger, Export):
    """容缺台账 as a file."""

    things = GAPS
    title = _("导出容缺台账")
    filterset_class = GapFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return queries.sheet_of_gaps(rows, clock.now())


class EnterpriseGaps(serializers.Serializer):
    """The promises of one enterprise, counted; `barred`: a credit record stands, so it may promise none now."""

    code = serializers.CharField(source="filing__enterprise__code")
    name = serializers.CharField(source="filing__enterprise__name")
    all = serializers.IntegerField()
    open = serializers.IntegerField()
    in_time = serializers.IntegerField()
    overdue = serializers.IntegerField()
    late = serializers.IntegerField()
    never = serializers.IntegerField()
    dropped = serializers.IntegerField()
    wrong = serializers.IntegerField()
    barred = serializers.BooleanField()


class GapLedger(Table):
    """容缺台账 by enterprise."""

    tag, title, operation = GAPS.label, _("按企业的容缺台账"), "gap_ledger"
    serializer_class = EnterpriseGaps
    many = True

    def table(self, by: Any) -> Any:
        """Return the enterprises that promised something."""
        if not reads_gaps(None, by):
            raise PermissionDenied
        at = clock.now()
        return queries.by_enterprise(queries.with_outcome(queries.gaps_seen(by), at), at)


ADDRESSES = [
    path("gaps/", Gaps.as_view(), name="gap_list"),
    path("gaps/export/", GapExport.as_view(), name="gap_export"),
    path("gap-ledger/", GapLedger.as_view(), name="gap_ledger"),
]
