"""事项清单的版次: editions with their tables, drafts with their difference, and the steps from draft to edition."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.models import CatalogueEdition
from core.steps.api import Listing, One, Step, Things, addresses
from desk import policies
from desk.api import catalogue_carried as carried
from desk.models import CatalogueDraft
from desk.queries.catalogue import drafts, reach_of
from desk.queries.catalogue_tables import against, tables_of, tables_of_draft
from desk.rules.editions import difference
from desk.rules.pack.catalogue import FILES, Tables, faults_in, name_of
from desk.services import adoption, catalogue

LABEL = _("事项清单")
FILE_NAMES = tuple(file.removesuffix(".csv") for file in FILES)
Cells = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=1000))


class CatalogueEditionShown(serializers.ModelSerializer):
    """An edition of the catalogue, named by the digest of its content; cases and the ledger say its `number`."""

    id = serializers.CharField(source="digest")
    origin = serializers.CharField(source="tables.origin", default="pack")
    revokes = serializers.IntegerField(source="tables.revokes.number", default=None, allow_null=True)  # fmt: skip

    class Meta:
        model = CatalogueEdition
        fields = ("id", "number", "in_force_from", "source", "origin", "revokes")


class TableRowShown(serializers.Serializer):
    """A row of a table: `row` names it in the steps of a draft, `cells` are its columns as in the county's pack."""

    table = serializers.ChoiceField(FILE_NAMES)
    row = serializers.CharField()
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))


class CatalogueEditionFull(CatalogueEditionShown):
    """An edition with the rows of its tables."""

    rows = serializers.SerializerMethodField()

    class Meta:
        model = CatalogueEdition
        fields = (*CatalogueEditionShown.Meta.fields, "rows")

    @extend_schema_field(TableRowShown(many=True))
    def get_rows(self, edition: CatalogueEdition) -> Any:
        """Return the rows."""
        return _rows(tables_of(edition))


class CatalogueDraftShown(serializers.ModelSerializer):
    """A draft; `base` is the number of the edition it was opened from, `version` counts its changes."""

    base = serializers.IntegerField(source="base.number")
    edition = serializers.CharField(source="edition.digest", default=None, allow_null=True)

    class Meta:
        model = CatalogueDraft
        fields = (
            "id", "title", "state", "base", "version", "opened_at", "in_force_from", "source", "proposed_at",
            "decided_at", "note", "edition",
        )  # fmt: skip


class CellChangeShown(serializers.Serializer):
    """One cell, from what to what; `direction` is lighter or heavier for the enterprise, or empty."""

    column = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    direction = serializers.CharField()


class RowChangeShown(serializers.Serializer):
    """One row added, struck or changed."""

    file = serializers.CharField()
    row = serializers.CharField()
    label = serializers.CharField()
    what = serializers.ChoiceField(["added", "struck", "changed"])
    direction = serializers.CharField()
    cells = CellChangeShown(many=True)


class CatalogueDifference(serializers.Serializer):
    """What a draft changes, what stands in its way, and whom it does not touch."""

    changes = RowChangeShown(many=True)
    faults = serializers.ListField(child=serializers.CharField())
    untouched = serializers.IntegerField()
    drafts = serializers.IntegerField()
    drafts_touched = serializers.IntegerField()
    rows = TableRowShown(many=True)


class CatalogueDraftFull(CatalogueDraftShown):
    """A draft with its difference and its rows."""

    difference = serializers.SerializerMethodField()
    stale = serializers.SerializerMethodField()

    class Meta:
        model = CatalogueDraft
        fields = (*CatalogueDraftShown.Meta.fields, "difference", "stale")

    @extend_schema_field(carried.Stale(allow_null=True))
    def get_stale(self, draft: CatalogueDraft) -> Any:
        """Return the newer edition it has to be carried over to; null where it stands on the newest."""
        return carried.stale_of(draft)

    @extend_schema_field(CatalogueDifference)
    def get_difference(self, draft: CatalogueDraft) -> Any:
        """Return what it comes to."""
        base, tables = tables_of(draft.base), tables_of_draft(draft)
        changes = difference(base, tables)
        reach = reach_of(draft.base, tables, changes)
        faults = faults_in(tables, against(base), draft.in_force_from)
        return CatalogueDifference(
            {
                "changes": changes, "faults": [str(fault) for fault in faults], "untouched": reach.kept,
                "drafts": reach.drafts, "drafts_touched": reach.touched, "rows": _rows(tables),
            }
        ).data  # fmt: skip


class CatalogueOpened(serializers.Serializer):
    """CatalogueReason the catalogue is changed."""

    title = serializers.CharField(max_length=120)


class RowCells(serializers.Serializer):
    """One row; `row` is `new` to add one; `after` is the draft's version when it was looked at (409 where it moved)."""

    table = serializers.ChoiceField(FILE_NAMES)
    row = serializers.CharField(max_length=12)
    cells = Cells
    after = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=10**9
    )


class RowNamed(serializers.Serializer):
    """A row to be struck."""

    table = serializers.ChoiceField(FILE_NAMES)
    row = serializers.CharField(max_length=12)
    after = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=10**9
    )


class TablesUploaded(serializers.Serializer):
    """Whole tables, all or nothing; what is left out stays."""

    catalogue = serializers.FileField(max_length=100, required=False)
    materials = serializers.FileField(max_length=100, required=False)
    clauses = serializers.FileField(max_length=100, required=False)
    questions = serializers.FileField(max_length=100, required=False)


class CatalogueProposed(serializers.Serializer):
    """From which day, by which document of whom."""

    in_force_from = serializers.DateField()
    source = serializers.CharField(max_length=200)


class CatalogueReason(serializers.Serializer):
    """The reason."""

    reason = serializers.CharField(max_length=500)


def _rows(tables: Tables) -> list[dict[str, Any]]:
    return [
        {"table": file.removesuffix(".csv"), "row": name_of(file, row), "cells": row}
        for file in FILES
        for row in tables[file]
    ]


def _editions(by: Any) -> Any:
    found = CatalogueEdition.objects.select_related("tables__revokes")
    return found if policies.reads_catalogue(None, by) else found.none()


def _drafts(by: Any) -> Any:
    return drafts() if policies.decides_catalogue(None, by) else CatalogueDraft.objects.none()


def _files(_draft: Any, data: dict[str, Any], _by: Any) -> dict[str, Any]:
    return {"files": {f"{name}.csv": file.read() for name, file in data.items()}}


EDITIONS = Things(
    "catalogue-editions", "catalogue_edition", LABEL, CatalogueEdition, _editions, CatalogueEditionShown, "digest",
)  # fmt: skip
DRAFTS = Things(
    "catalogue-drafts", "catalogue_draft", LABEL, CatalogueDraft, _drafts, CatalogueDraftShown
)  # fmt: skip
OPEN = Step(
    "open", catalogue.open_catalogue_draft, policies.administrator, _("起草清单新版"), CatalogueOpened, opens=True
)  # fmt: skip
WRITTEN = _("先检查、后写入：有一处错误，就什么也不写入；错误写明文件、行和列。")
SECOND = _("由没有起草、修改、提请过的另一人签字。")
STEPS = (
    Step("change", catalogue.change_row, policies.administrator, _("修改一行"), RowCells),
    Step("strike", catalogue.strike_row, policies.administrator, _("删除一行"), RowNamed),
    Step("upload", catalogue.load_tables, policies.administrator, _("上传整表"), TablesUploaded, WRITTEN, take=_files),
    Step("propose", adoption.propose_catalogue, policies.administrator, _("提请签字"), CatalogueProposed),
    Step("adopt", adoption.adopt_catalogue, policies.decides_catalogue, _("签字通过"), explain=SECOND),
    Step("send-back", adoption.send_back_catalogue, policies.decides_catalogue, _("退回修改"), CatalogueReason, SECOND),
    Step("withdraw", adoption.withdraw_catalogue, policies.administrator, _("作废草案"), CatalogueReason),
)  # fmt: skip
REVOKE = Step(
    "revoke", adoption.revoke_catalogue, policies.supervisor, _("撤销未施行的一版"), CatalogueReason,
    _("另立一版，内容同前一版，自同一天施行。"), shown=CatalogueEditionShown,
)  # fmt: skip


class Editions(Listing):
    """清单版次."""

    things = EDITIONS
    title = _("清单版次")

    def rows(self, seen: Any) -> Any:
        """Refuse whoever does not read the catalogue: an empty list would say that there is none."""
        if not policies.reads_catalogue(None, self.by):
            raise PermissionDenied
        return seen


class OneEdition(One):
    """一版清单."""

    things = EDITIONS
    title = _("一版清单的全部内容")
    serializer_class = CatalogueEditionFull


class Drafts(Listing):
    """清单草案."""

    things, step = DRAFTS, OPEN
    title = _("清单草案")

    def rows(self, seen: Any) -> Any:
        """Refuse whoever neither drafts nor signs."""
        if not policies.decides_catalogue(None, self.by):
            raise PermissionDenied
        return seen


class OneDraft(One):
    """一份草案."""

    things = DRAFTS
    title = _("一份清单草案和它的差别")
    serializer_class = CatalogueDraftFull


ADDRESSES = [
    path("catalogue-editions/", Editions.as_view(), name="catalogue_edition_list"),
    path("catalogue-editions/<slug:digest>/", OneEdition.as_view(), name="catalogue_edition_read"),
    *addresses(EDITIONS, REVOKE),
    path("catalogue-drafts/", Drafts.as_view(), name="catalogue_draft_list"),
    path("catalogue-drafts/<int:pk>/", OneDraft.as_view(), name="catalogue_draft_read"),
    *addresses(DRAFTS, *STEPS, *carried.STEPS),
]
