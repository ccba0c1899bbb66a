"""往年申报件 for programs: the list and its file; a file looked at and then loaded, a batch taken down."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.policies import administrator, staff
from approvals.api.bodies import Reason
from core.documents.sheets import Sheet
from core.documents.watching import CHECKING, TOKEN, WRITING, Watch
from core.steps.api import Export, Listing, Step, StepEndpoint, Things, addresses
from core.steps.watching import over, told_to
from desk.models import PastBatch, PastFiling
from desk.queries import past as queries
from desk.services import past as services
from desk.stages import PastOutcome

LABEL = _("往年申报件")


class PastShown(serializers.ModelSerializer):
    """A filing from before the system, as the old book has it; `row` and `sheet` say where in its file it stands."""

    site = serializers.CharField(source="site.code", default=None, allow_null=True)
    industry = serializers.CharField(source="industry.section", default=None, allow_null=True)
    outcome_label = serializers.CharField(source="get_outcome_display")

    class Meta:
        model = PastFiling
        fields = (
            "id", "batch", "sheet", "row", "year", "number", "project_name", "project_code", "enterprise", "uscc",
            "site", "industry", "investment_wan", "accepted_on", "concluded_on", "started_on", "completed_on",
            "outcome", "outcome_label", "note", "withdrawn",
        )  # fmt: skip


class BatchShown(serializers.ModelSerializer):
    """A file that was loaded, with its digest and what was doubtful in it."""

    name = serializers.CharField(source="file.name")
    doubts = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = PastBatch
        fields = ("id", "name", "digest", "rows", "doubts", "loaded_at", "withdrawn_at", "reason")


class YearShown(serializers.Serializer):
    """How many rows a year has."""

    year = serializers.IntegerField()
    rows = serializers.IntegerField()


class ProposalShown(serializers.Serializer):
    """What a file would load; with one fault, nothing. Each sentence says sheet, row and column."""

    digest = serializers.CharField()
    rows = serializers.IntegerField()
    years = YearShown(many=True)
    faults = serializers.ListField(child=serializers.CharField())
    doubts = serializers.ListField(child=serializers.CharField())
    loaded_before = serializers.BooleanField()


class PastFile(serializers.Serializer):
    """An Excel workbook (.xlsx) or CSV, with the headings of the template."""

    file = serializers.FileField(max_length=100)
    watch = serializers.RegexField(TOKEN, required=False, help_text=_("以它在 /watch/ 查询进展。"))


class PastFilter(filters.FilterSet):
    """Rows by year, batch, outcome, words, and whether they were taken down."""

    year = filters.NumberFilter("year", min_value=1, max_value=9999, label=_("年度"))
    batch = filters.NumberFilter("batch", min_value=1, max_value=10**9, label=_("批次"))
    outcome = filters.MultipleChoiceFilter(choices=PastOutcome.choices, label=_("结果"))
    withdrawn = filters.BooleanFilter("withdrawn", label=_("已撤下"))
    q = filters.CharFilter(method="holds", label=_("项目、企业、编号中的字词"))

    class Meta:
        model = PastFiling
        fields: list[str] = []

    def holds(self, rows: Any, name: str, words: str) -> Any:
        """Keep those that hold the words."""
        return queries.holding(rows, words)


def _rows(by: Any) -> Any:
    return queries.past_filings() if staff(None, by) else PastFiling.objects.none()


def _batches(by: Any) -> Any:
    return queries.batches() if staff(None, by) else PastBatch.objects.none()


def _checked(_thing: Any, data: dict[str, Any], by: Any, at: Any) -> dict[str, Any]:
    """Read and check the file: of one of many thousand rows it takes seconds in which nobody else shall wait."""
    file = data["file"]
    watched = Watch(by.user_id, data["watch"]) if data.get("watch") else None
    try:
        content = file.read()
        made = services.propose_past(
            name=file.name, content=content, at=at, progress=told_to(watched, CHECKING)
        )
    finally:
        file.seek(0)
        over(watched)
    return {"made": made}


def _look(*, made: Any, **_sent: Any) -> dict[str, Any]:
    return {
        "digest": made.digest, "rows": len(made.rows), "faults": made.faults, "doubts": made.doubts,
        "years": [{"year": year, "rows": count} for year, count in made.years.items()],
        "loaded_before": made.loaded_before,
    }  # fmt: skip


def _load(*, by: Any, at: Any, file: Any, made: Any, watch: str = "") -> PastBatch:
    watched = Watch(by.user_id, watch) if watch else None
    try:
        return services.load_past(
            name=file.name, content=file.read(), by=by, at=at, progress=told_to(watched, WRITING), made=made
        )  # fmt: skip
    finally:
        over(watched)


PAST = Things("past-filings", "past_filing", LABEL, PastFiling, _rows, PastShown)
BATCHES = Things("past-batches", "past_batch", LABEL, PastBatch, _batches, BatchShown)
LOAD = Step(
    "load", _load, administrator, _("载入往年申报件"), PastFile,
    _("有一处错误，就一行也不载入；同一个文件不能载入两次。往年件不进入办理，没有期限，也不会默认。"), opens=True,
    ahead=_checked,
)  # fmt: skip
LOOK = Step(
    "preview", _look, administrator, _("检查往年申报件"), PastFile, shown=ProposalShown, ahead=_checked,
)  # fmt: skip
TAKE_DOWN = Step("withdraw", services.withdraw_past, administrator, _("撤下往年批次"), Reason)


class ForStaff:
    """Refuse others than the county's staff: an empty list would say that there is none."""

    by: Any

    def rows(self, seen: Any) -> Any:
        """Return the rows."""
        if not staff(None, self.by):
            raise PermissionDenied
        return seen


class PastFilings(ForStaff, Listing):
    """往年申报件."""

    things = PAST
    title = _("往年申报件清单")
    filterset_class = PastFilter


class PastExport(ForStaff, Export):
    """往年申报件 as a file."""

    things = PAST
    title = _("导出往年申报件")
    filterset_class = PastFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return queries.sheet_of_past(rows)


class PastBatches(ForStaff, Listing):
    """往年批次."""

    things, step = BATCHES, LOAD
    title = _("往年批次清单")


ADDRESSES = [
    path("past-filings/", PastFilings.as_view(), name="past_filing_list"),
    path("past-filings/export/", PastExport.as_view(), name="past_filing_export"),
    path("past-batches/", PastBatches.as_view(), name="past_batch_list"),
    path(
        "past-batches/preview/",
        StepEndpoint.as_view(things=BATCHES, step=LOOK),
        name="past_batch_preview",
    ),
    *addresses(BATCHES, TAKE_DOWN),
]
