"""开放数据: what each data set holds, row by row; nothing is in it that was not published before.

Names of fields are English and values Chinese, whoever asks: a file is the same for every reader, so that any cache
may keep it under its one address. What a version promises: docs/decisions/0055.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from public_notice.models import Bulletin, Notice
from public_notice.queries import in_numbers, notices, standing
from public_notice.queries.bulletins import published, rows_of, withdrawn_by_now
from public_notice.queries.open_fields import DEFAULTS, NOTICES, PROJECTS, STATISTICS, Field
from public_notice.queries.open_rows import Row, corrected, moment, notice_rows, notice_things
from public_notice.queries.open_rows import published as published_of
from public_notice.queries.open_sql import notice_lines, notice_texts

VERSION = "1.0"


@dataclass(frozen=True)
class DataSet:
    """One data set: what it is, its fields, the things it is made of, and how they become rows.

    `things` is empty where the rows are counted and not kept. `page` is how many things a page of JSON takes, `key`
    what the next page begins before;
    `texts` are the rows of a page as JSON and `lines` those of the file, where both are put together from kept texts.
    """

    name: str
    title: Any
    defined: Any
    fields: tuple[Field, ...]
    rows: Callable[[Iterable[Any], datetime], Iterator[Row]]
    told: Callable[[Row], Mapping[str, Any]]
    things: Callable[[], QuerySet[Any]] | None = None
    page: int = 100
    key: Callable[[Any], int] = attrgetter("pk")
    texts: Callable[[datetime, int | None, int], tuple[list[str], int | None]] | None = None
    lines: Callable[[datetime], Iterator[str]] | None = None

    @property
    def address(self) -> str:
        """Where it is, without its form."""
        return f"{settings.SITE_URL}/open/v1/{self.name}"

    def size(self) -> int:
        """How many things it is made of; where rows are counted and not kept, how many rows."""
        return len(COUNTED) if self.things is None else self.things().order_by().count()


def _project_things() -> QuerySet[Filing]:
    told = notices().order_by("-published_at", "-pk")
    noticed = Filing.objects.filter(Exists(Notice.objects.filter(filing=OuterRef("pk"))))
    return noticed.select_related("site", "industry").prefetch_related(
        Prefetch("notices", queryset=told, to_attr="told")
    )


def _projects(things: Iterable[Any], at: datetime) -> Iterator[Row]:
    """A project as its newest notice named it; where it stands inside the house is not told here."""
    for filing in things:
        newest, first = filing.told[0], filing.told[-1]
        yield {
            **published_of(
                newest.content["project"],
                newest.content["enterprise"],
                filing.site.code if filing.site else None,
                filing.industry.section if filing.industry else None,
                newest.public_id,
            ),
            "notices": len(filing.told),
            "first_published_at": moment(first.published_at),
            "last_published_at": moment(newest.published_at),
            "open": any(standing(notice, at).open for notice in filing.told),
        }


def _defaults(things: Iterable[Bulletin], _at: datetime) -> Iterator[Row]:
    """The defaults of the published bulletins as they were frozen; what was withdrawn since says so."""
    gone = withdrawn_by_now()
    for bulletin in things:
        for row in rows_of(bulletin, gone):
            yield {
                "period": bulletin.period,
                "number": bulletin.paper.number if bulletin.paper else "",
                "published_at": moment(bulletin.reviewed_at),
                "department": row["department"],
                "item": row["item"],
                "kind": row["kind"],
                "effective": row["effective_text"],
                "made_up": row["made_up_text"],
                "withdrawn_since": row["withdrawn_since"],
                "url": f"{settings.SITE_URL}/bulletins/{bulletin.period}/",
                **_corrected(bulletin),
            }


def _corrected(bulletin: Bulletin) -> Row:
    paper = bulletin.paper
    return corrected(paper.content.get("corrects"), paper.issued_at, paper.public) if paper else {}


COUNTED = (
    Field("accepted", "integer", _("受理申请")),
    Field("meetings", "integer", _("联合预审会")),
    Field("notices", "integer", _("承诺公示")),
    Field("starts", "integer", _("开工告知")),
    Field("deemed_accepted", "integer", _("视为受理")),
    Field("deemed_opinions", "integer", _("视同无异议的意见")),
    Field("withdrawn_opinions", "integer", _("已撤回的默认")),
    Field("later_asked", "integer", _("清单以外再要材料：部门提出")),
    Field("later_signed", "integer", _("清单以外再要材料：效能监督签字")),
    Field("later_refused", "integer", _("清单以外再要材料：效能监督不同意")),
    Field("visits_asked", "integer", _("再次勘察：部门申请")),
    Field("visits_granted", "integer", _("再次勘察：召集人同意")),
    Field("visits_refused", "integer", _("再次勘察：召集人不同意")),
    Field("answers", "integer", _("企业评价")),
    Field("satisfied", "integer", _("满意和很满意（%）")),
)


def _statistics(_things: Iterable[Any], at: datetime) -> Iterator[Row]:
    """The year of an instant in numbers, as the front page counts them; a share of too few answers is not told."""
    year = in_numbers(at)
    for counted in COUNTED:
        yield {
            "year": year.year,
            "measure": counted.name,
            "label": str(counted.means),
            "value": getattr(year, counted.name),
        }


def _in_words(row: Row) -> str:
    """Values are Chinese, whoever asks."""
    return f" · {row['number']}更正{row['corrects']}" if row["corrects"] else ""


def _told_notice(row: Row) -> Mapping[str, Any]:
    until = row["ends_on"] or ""
    return {
        "title": row["title"],
        "link": row["url"],
        "description": f"{row['enterprise']} · {row['starts_on']}—{until} · {row['standing']}{_in_words(row)}",
        "unique_id": row["url"],
        "pubdate": row["published_at"],
        "updateddate": max(row["closed_at"] or row["published_at"], row["corrected_at"] or ""),
    }


def _told_project(row: Row) -> Mapping[str, Any]:
    return {
        "title": row["project_name"],
        "link": row["url"],
        "description": f"{row['enterprise']} · {row['project_code']} · {row['location']}",
        "unique_id": f"{row['url']}#project",
        "pubdate": row["first_published_at"],
        "updateddate": row["last_published_at"],
    }


def _told_default(row: Row) -> Mapping[str, Any]:
    return {
        "title": f"{row['period']} {row['department']} {row['item']}",
        "link": row["url"],
        "description": f"{row['kind']} · {row['effective']} · {row['made_up']}{_in_words(row)}",
        "unique_id": f"{row['url']}#{row['department']}-{row['item']}-{row['effective']}",
        "pubdate": row["published_at"],
        "updateddate": row["corrected_at"] or row["published_at"],
    }


def _told_count(row: Row) -> Mapping[str, Any]:
    value = "" if row["value"] is None else row["value"]
    address = f"{settings.SITE_URL}/#numbers"
    return {
        "title": f"{row['year']} {row['label']} {value}",
        "link": address,
        "description": "",
        "unique_id": f"{settings.SITE_URL}/open/v1/statistics#{row['year']}-{row['measure']}",
        "pubdate": None,
        "updateddate": None,
    }


SETS = {
    one.name: one
    for one in (
        DataSet(
            "notices",
            _("承诺公示"),
            _("每一份承诺公示一行：公示时冻结的内容，和按日期计算的状态。"),
            NOTICES,
            notice_rows,
            _told_notice,
            notice_things,
            key=itemgetter(0),
            texts=notice_texts,
            lines=notice_lines,
        ),
        DataSet(
            "projects",
            _("公示过的项目"),
            _("每一个公示过承诺的项目一行：按最近一次公示的名称和内容。"),
            PROJECTS,
            _projects,
            _told_project,
            _project_things,
        ),
        DataSet(
            "defaults",
            _("默认情况"),
            _("已公开的每月通报中的每一次视同无异议一行；此后撤回的，注明已撤回。"),
            DEFAULTS,
            _defaults,
            _told_default,
            published,
            page=12,
        ),
        DataSet(
            "statistics",
            _("办理统计"),
            _("本年至今的办理数量，每个指标一行，与首页的数字相同。"),
            STATISTICS,
            _statistics,
            _told_count,
        ),
    )
}
