"""The register of notices, and for the county's staff that of objections, as tables for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.deadlines.counting import last_day_of
from core.documents.sheets import CHUNK, Sheet
from public_notice.models import Bulletin, Notice, Objection
from public_notice.queries import in_public, standing
from public_notice.queries.bulletins import rows_of, withdrawn_by_now
from public_notice.queries.corrected import OfObjections, corrected_in_words


def sheet_of_notices(rows: QuerySet[Notice], at: datetime) -> Sheet:
    """Return notices as a table: everything in it comes from what was published."""
    heads = (
        _("标题"), _("项目名称"), _("项目代码"), _("建设单位"), _("统一社会信用代码"), _("建设地点"),
        _("建设规模和内容"), _("总投资"), _("承诺书"), _("发布日"), _("公示开始日"), _("公示截止日"), _("状态"),
        _("网址"), _("更正"),
    )  # fmt: skip
    return Sheet(_("承诺公示"), heads, _notices(rows, at), rows.order_by().count)


def _notices(rows: QuerySet[Notice], at: datetime) -> Iterator[Sequence[Any]]:
    for notice in rows.select_related("paper").iterator(chunk_size=CHUNK):
        said = notice.content
        project, enterprise = said["project"], said["enterprise"]
        yield (
            notice.title, project["name"], project["code"], enterprise["name"], enterprise["uscc"], project["location"],
            project["scale"], project.get("investment_text", ""), said["letter_number"],
            last_day_of(notice.published_at), notice.starts_on, notice.ends_on, standing(notice, at).word,
            f"{settings.SITE_URL}/notices/{notice.public_id}/", corrected_in_words(notice.paper),
        )  # fmt: skip


def sheet_of_objections(rows: QuerySet[Objection], *, whole: bool) -> Sheet:
    """Return objections as a table: who it was and how to reach them only where it is `whole`, for the window."""
    heads = (
        _("异议编号"), _("公示"), _("申报件"), _("姓名或名称"), _("联系方式"), _("利害关系"), _("异议内容"),
        _("收到时间"), _("答复期限"), _("认定"), _("答复"), _("答复时间"), _("更正"),
    )  # fmt: skip
    return Sheet(_("公示异议"), heads, _objections(rows, whole=whole), rows.order_by().count)


def _objections(rows: QuerySet[Objection], *, whole: bool) -> Iterator[Sequence[Any]]:
    found, corrected = rows.select_related("notice__filing", "notice__paper"), OfObjections()
    for objection in found.iterator(chunk_size=CHUNK):
        public = in_public(objection)
        who = (objection.name, objection.contact, objection.interest, objection.text)
        yield (
            objection.number, objection.notice.title, objection.notice.filing.public_id,
            *(who if whole else (public["name"], "", "", public["text"])),
            objection.received_at, objection.due_at and last_day_of(objection.due_at),
            objection.get_finding_display(), objection.reply if whole else public["reply"], objection.replied_at,
            "".join(corrected.of(objection)),
        )  # fmt: skip


def sheet_of_bulletins(rows: QuerySet[Bulletin]) -> Sheet:
    """Return the defaults of the published bulletins, month by month, as they were frozen; withdrawn ones say so."""
    heads = (
        _("月份"), _("文号"), _("公开时间"), _("部门"), _("事项"), _("种类"), _("生效"), _("补做"), _("此后已撤回"),
        _("更正"),
    )  # fmt: skip
    return Sheet(_("默认情况通报"), heads, _bulletins(rows))


def _bulletins(rows: QuerySet[Bulletin]) -> Iterator[Sequence[Any]]:
    gone = withdrawn_by_now()
    for bulletin in rows.iterator(chunk_size=CHUNK):
        number = bulletin.paper and bulletin.paper.number
        corrected = corrected_in_words(bulletin.paper) if bulletin.paper else ""
        for row in rows_of(bulletin, gone):
            yield (
                bulletin.period, number, bulletin.reviewed_at, row["department"], row["item"], row["kind"],
                row["effective_text"], row["made_up_text"], _("是") if row["withdrawn_since"] else "",
                corrected,
            )  # fmt: skip
