"""The list of checks as a table for a spreadsheet; who looked stands on the record of the check, not here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.documents.sheets import CHUNK, Sheet
from core.documents.sheets.papers import numbered
from inspection.models import Check, Measure
from inspection.queries.measures import shown


def sheet_of_checks(rows: QuerySet[Check]) -> Sheet:
    """Return checks as the list shows them; `rows` count what was found (`found`)."""
    heads = (
        _("计划日期"), _("申报编号"), _("项目"), _("建设单位"), _("检查部门"), _("检查方式"), _("理由"),
        _("检查时间"), _("发现问题（个）"), _("检查记录文号"), _("取消时间"), _("取消理由"),
    )  # fmt: skip
    return Sheet(_("监管检查"), heads, _checks(rows), rows.order_by().count)


def _checks(rows: QuerySet[Check]) -> Iterator[Sequence[Any]]:
    for check in rows.select_related("paper__correction").iterator(chunk_size=CHUNK):
        filing = check.filing
        yield (
            check.planned_on, filing.number, filing.project_name, filing.enterprise.label, check.department.label,
            check.get_mode_display(), check.why, check.held_at, check.found,  # type: ignore[attr-defined]
            numbered(check.paper), check.called_off_at, check.called_off_because,
        )  # fmt: skip


def sheet_of_marks(rows: Iterable[Measure], at: datetime) -> Sheet:
    """Return the registered marks of bad credit, each with until when it is shown."""
    heads = (
        _("建设单位"), _("统一社会信用代码"), _("项目"), _("程度"), _("认定机关"), _("认定文书文号"), _("认定文书日期"),
        _("公示至"), _("正在公示"), _("状态"),
    )  # fmt: skip
    cells = (
        (
            mark.filing.enterprise.label, mark.filing.enterprise.uscc, mark.filing.project_name,
            mark.get_severity_display(), mark.organ, mark.organ_number, mark.organ_decided_on, mark.shown_until,
            _("是") if shown(mark, at) else _("否"), mark.get_state_display(),
        )
        for mark in rows
    )  # fmt: skip
    return Sheet(_("失信记录"), heads, cells)
