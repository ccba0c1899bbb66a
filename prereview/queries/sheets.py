"""The list of sessions as a table for a spreadsheet: a row for each filing on an agenda."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.documents.sheets import CHUNK, Sheet
from core.documents.sheets.papers import numbered
from prereview.models import SecondVisit, Session


def sheet_of_second_visits(rows: QuerySet[SecondVisit]) -> Sheet:
    """Return requests for a second visit, as `second_visits` finds them: who and why, what was decided and why."""
    heads = (
        _("部门"), _("申请人"), _("申请时间"), _("申报编号"), _("项目"), _("建设单位"), _("勘察会次"), _("申请理由"),
        _("状态"), _("决定人"), _("决定时间"), _("决定理由"), _("再次勘察会次"),
    )  # fmt: skip
    cells = (
        (
            one.department.label, one.asked_by.user, one.asked_at, one.agenda.filing.number,
            one.agenda.filing.project_name, one.agenda.filing.enterprise.label, one.agenda.session.number, one.reason,
            one.get_state_display(), one.decided_by and one.decided_by.user, one.decided_at, one.decision,
            one.session and one.session.number,
        )
        for one in rows.iterator(chunk_size=CHUNK)
    )  # fmt: skip
    return Sheet(_("再次勘察申请"), heads, cells)


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
                item.conclusion_label, item.concluded_at, numbered(item.minutes), session.reason,
            )  # fmt: skip
