"""The list of sessions as a table for a spreadsheet: a row for each filing on an agenda."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.documents.sheets import CHUNK, Sheet
from prereview.models import Session


def sheet_of_sessions(rows: QuerySet[Session]) -> Sheet:
    """Return sessions, as `sessions_of` finds them, with what was concluded of each filing."""
    heads = (
        _("会次"), _("类别"), _("阶段"), _("通知时间"), _("开始时间"), _("地点"), _("召集人"), _("实际开始"),
        _("实际结束"), _("通知部门（个）"), _("签收（个）"), _("到会（个）"), _("申报编号"), _("项目"), _("建设单位"),
        _("轮次"), _("结论"), _("结论时间"), _("纪要文号"), _("取消理由"),
    )  # fmt: skip
    return Sheet(_("勘察与会议"), heads, _sessions(rows))


def _sessions(rows: QuerySet[Session]) -> Iterator[Sequence[Any]]:
    for session in rows.iterator(chunk_size=CHUNK):
        invited = list(session.invitations.all())
        head = (
            session.number, session.get_kind_display(), session.get_stage_display(), session.called_at,
            session.opens_at, session.place, session.convenor.user, session.opened_at, session.closed_at,
            len(invited), sum(i.proven for i in invited), sum(i.checked_in_at is not None for i in invited),
        )  # fmt: skip
        for item in session.agenda.all():
            filing = item.filing
            yield (
                *head, filing.number, filing.project_name, filing.enterprise.label, item.round,
                item.conclusion_label, item.concluded_at, item.minutes and item.minutes.number, session.reason,
            )  # fmt: skip
