"""检查点 for programs: everybody may read and keep them."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.documents.sheets import Sheet
from core.ledger.models import Checkpoint
from core.steps.api import Export, Listing, Things
from public_notice.queries.checkpoints import all_checkpoints, sheet_of_checkpoints


class CheckpointShown(serializers.ModelSerializer):
    """A checkpoint; `text` is what was signed (c2sp.org/tlog-checkpoint), `root` the same root in hex."""

    class Meta:
        model = Checkpoint
        fields = ("number", "made_at", "size", "root", "text")


def _all(_by: Any) -> Any:
    return all_checkpoints()


CHECKPOINTS = Things(
    "checkpoints", "checkpoint", _("台账检查点"), Checkpoint, _all, CheckpointShown
)


class CheckpointFilter(filters.FilterSet):
    """Checkpoints beyond a number: what a witness has not kept yet."""

    beyond = filters.NumberFilter(
        field_name="number",
        lookup_expr="gt",
        label=_("晚于这个编号的"),
        min_value=0,
        max_value=2**31,
    )

    class Meta:
        model = Checkpoint
        fields: list[str] = []


class Checkpoints(Listing):
    """检查点."""

    things = CHECKPOINTS
    public = True
    title = _("台账检查点清单")
    filterset_class = CheckpointFilter


class CheckpointExport(Export):
    """The checkpoints as a file."""

    things = CHECKPOINTS
    public = True
    title = _("导出台账检查点")
    filterset_class = CheckpointFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_checkpoints(rows)


ADDRESSES = [
    path("checkpoints/", Checkpoints.as_view(), name="checkpoint_list"),
    path("checkpoints/export/", CheckpointExport.as_view(), name="checkpoint_export"),
]
