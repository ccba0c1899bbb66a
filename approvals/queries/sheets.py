"""The list of filings as a table for a spreadsheet: the rows a person may see, a fixed number of queries per chunk."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from approvals.models import Filing, StageLimit
from core.deadlines.counting import last_day_of
from core.documents.sheets import CHUNK, Sheet


def sheet_of_filings(rows: QuerySet[Filing]) -> Sheet:
    """Return filings as a table, in their order; the rows are read in chunks as they are written."""
    heads = (
        _("系统编号"), _("申报编号"), _("项目名称"), _("项目代码"), _("建设单位"), _("统一社会信用代码"),
        _("建设地点"), _("行业"), _("总投资（万元）"), _("用地面积（亩）"), _("阶段"), _("进入阶段"),
        _("申报时间"), _("受理时间"), _("预审结论时间"), _("开工告知时间"), _("办结时间"), _("容缺未补（件）"),
        _("最近的到期日"), _("行业代码"), _("行业分类版本年"), _("建设性质"), _("工程类别"), _("经度"), _("纬度"),
        _("坐标系"), _("建筑面积（平方米）"), _("计划开工"), _("计划竣工"), _("计划投产"),
    )  # fmt: skip
    return Sheet(_("申报件"), heads, _rows(rows), rows.order_by().count)


def _rows(rows: QuerySet[Filing]) -> Iterator[Sequence[Any]]:
    running = StageLimit.objects.filter(ended_at=None, item=None, due_at__isnull=False)
    found = rows.select_related("enterprise", "site", "industry").prefetch_related(
        Prefetch("limits", queryset=running, to_attr="running")
    )
    for filing in found.iterator(chunk_size=CHUNK):
        due = min((limit.due_at for limit in filing.running), default=None)  # type: ignore[attr-defined]
        yield (
            filing.public_id, filing.number, filing.project_name, filing.project_code, filing.enterprise.label,
            filing.enterprise.uscc, filing.site, filing.industry, filing.investment_wan, filing.land_mu,
            filing.get_stage_display(), filing.stage_since, filing.submitted_at, filing.accepted_at,
            filing.concluded_at, filing.start_notified_at, filing.completed_at,
            filing.gaps_open,  # type: ignore[attr-defined]
            due and last_day_of(due), filing.industry_code, filing.industry_edition,
            filing.get_construction_nature_display(), filing.get_works_kind_display(),
            filing.longitude, filing.latitude, filing.get_datum_display() if filing.datum else "",
            filing.floor_area_m2, filing.planned_start, filing.planned_completion, filing.planned_production,
        )  # fmt: skip
