"""Drafts of the catalogue for programs: carried over to a newer edition, and tables imported from Excel or CSV."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from core.steps.api import Step
from desk import policies
from desk.models import CatalogueDraft
from desk.queries.catalogue_drafts import rebase_page, stale
from desk.rules.rebase import CHOICES
from desk.services.catalogue_import import Looked, import_tables, look_at_tables
from desk.services.rebase import rebase_draft

Cells = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_null=True)


class ConflictShown(serializers.Serializer):
    """A row that draft and newer edition changed differently; null: it is struck there."""

    name = serializers.CharField()
    table = serializers.CharField(source="file")
    label = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    before = Cells
    ours = Cells
    theirs = Cells


class Stale(serializers.Serializer):
    """The newer edition that a draft has to be carried over to: what goes along, what is to be decided."""

    onto = serializers.IntegerField()
    taken = serializers.ListField(child=serializers.CharField())
    conflicts = ConflictShown(many=True)


def stale_of(draft: CatalogueDraft) -> dict[str, Any] | None:
    """Return what a draft has to be carried over to; None where it stands on the newest edition."""
    newest = stale(draft)
    if newest is None:
        return None
    found = rebase_page(draft, newest)
    taken = [label for _file, label in found.taken]
    return dict(Stale({"onto": newest.number, "taken": taken, "conflicts": found.conflicts}).data)


class Rebased(serializers.Serializer):
    """Onto which edition, and by name of each conflict whose row stands."""

    onto = serializers.IntegerField(min_value=1, max_value=10**9)
    after = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=10**9
    )
    decisions = serializers.DictField(
        child=serializers.ChoiceField(CHOICES), required=False, default=dict
    )


class Workbook(serializers.Serializer):
    """An Excel workbook or CSV with one or several tables."""

    file = serializers.FileField(max_length=100)


class Written(Workbook):
    """The file, and the draft's version when it was looked at: where somebody has changed it since, nothing happens."""

    after = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=10**9
    )


class LookedShown(serializers.Serializer):
    """What a file would make of the draft; with one fault, nothing. Each sentence says sheet, row and column."""

    digest = serializers.CharField()
    version = serializers.IntegerField(help_text="The draft's version it was looked at against.")
    rows = serializers.DictField(child=serializers.IntegerField())
    faults = serializers.ListField(child=serializers.CharField())
    changes = serializers.IntegerField()


def _named(_draft: CatalogueDraft, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    return {"name": data["file"].name, "content": data["file"].read()}


def _written(draft: CatalogueDraft, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    return {**_named(draft, data, by), "after": data.get("after")}


def _read(draft: CatalogueDraft, data: dict[str, Any], by: Membership, at: Any) -> dict[str, Any]:
    """Read the file before anything is locked."""
    named = _named(draft, data, by)
    data["file"].seek(0)
    return {"looked": look_at_tables(draft, **named)}


def _look(draft: CatalogueDraft, *, looked: Looked, **_sent: Any) -> Any:
    return {
        "digest": looked.digest, "version": draft.version,
        "rows": looked.rows, "faults": looked.faults, "changes": len(looked.changes),
    }  # fmt: skip


WHOLE = _("工作簿一张表一个工作表；有一处错误，就什么也不写入，错误写明工作表、行和列。")
STEPS = (
    Step("rebase", rebase_draft, policies.administrator, _("承接新的一版"), Rebased),
    Step(
        "import", import_tables, policies.administrator, _("导入表格"), Written, WHOLE, take=_written,
        ahead=_read,
    ),
    Step(
        "preview-import", _look, policies.administrator, _("检查要导入的表格"), Workbook, take=_named,
        shown=LookedShown, ahead=_read,
    ),
)  # fmt: skip
