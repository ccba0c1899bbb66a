"""The register as it is looked at: its filters, by notice or by project, by town, or for a printer."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from public_notice.models import Notice
from public_notice.queries.places import drawn, sketch_of, towns_of
from public_notice.queries.register import (
    MAP,
    MOST_COUNTED,
    MOST_PRINTED,
    PRINTED,
    PROJECTS,
    Asked,
    Facets,
    facets,
    page_of,
)
from public_notice.stages import NoticeStage
from public_notice.views.cards import card
from public_notice.views.public import public_page

ENDED_HOW = (NoticeStage.CONTESTED, NoticeStage.CLEAN, NoticeStage.UPHELD, NoticeStage.WITHDRAWN)


def link(query: dict[str, str], **changed: str) -> str:
    """Return the address of the register asked otherwise, from its newest row."""
    return f"?{urlencode({name: value for name, value in (query | changed).items() if value})}"


def _groups(query: dict[str, str], found: Facets) -> list[dict[str, Any]]:
    """Return the filters as plain links: view, state, year, town."""
    views = [("", _("公示")), (PROJECTS, _("项目")), (MAP, _("乡镇分布")), (PRINTED, _("打印版"))]
    states = [("", _("全部")), ("running", _("公示中")), ("ended", _("已结束"))]
    states += [(stage.value, str(stage.label)) for stage in ENDED_HOW]
    years = [("", _("全部")), *((str(year), str(year)) for year in found.years)]
    towns = [("", _("全部")), *found.towns]
    groups = (
        ("view", _("查看"), views), ("state", _("状态"), states), ("year", _("年份"), years),
        ("town", _("乡镇"), towns),
    )  # fmt: skip
    return [
        {
            "label": label,
            "options": [
                {
                    "label": text,
                    "url": link(query, **{name: value}),
                    "current": query.get(name, "") == value,
                }
                for value, text in options
            ],
        }
        for name, label, options in groups
    ]


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """List notices, newest first; narrowed by words and by what they are about, read on from any row."""
    asked, found = Asked.of(request.GET), facets()
    query = {name: value for name, value in vars(asked).items() if value}
    context = {
        "groups": _groups(query, found),
        "facets": found,
        "asked": asked,
        "further": any((asked.industry, asked.department, asked.item, asked.since, asked.until)),
        "newest": link(query),
        "prefix": f"{urlencode(query)}&" if query else "",
        "export_url": reverse("public_notice:export"),
        "feed_url": f"{reverse('public_notice:feed')}{link(query) if query else ''}",
    }
    if asked.view == MAP:
        return render(request, "public_notice/towns.html", context | _towns(asked, query))
    return render(request, "public_notice/list.html", context | _rows(request, asked, query))


def _rows(request: HttpRequest, asked: Asked, query: dict[str, str]) -> dict[str, Any]:
    at, wanted = clock.now(), request.GET
    page = page_of(asked, at, before=wanted.get("before", ""), after=wanted.get("after", ""))
    beside = _beside(page.rows) if asked.view == PROJECTS else {}
    return {
        "page": page,
        "rows": [{**card(notice, at), **_project(notice, beside)} for notice in page.rows],
        "by_project": asked.view == PROJECTS,
        "printed": asked.view == PRINTED,
        "at": at,
        "most": MOST_COUNTED,
        "most_printed": MOST_PRINTED,
        "older": page.older and link(query, before=str(page.older)),
        "newer": page.newer and link(query, after=str(page.newer)),
    }


def _beside(rows: list[Notice]) -> dict[int, int]:
    """Return how many notices each of the filings has had: one query for the page."""
    counted = (
        Notice.objects.filter(filing__in=[row.filing_id for row in rows])
        .order_by()
        .values("filing")
    )
    return dict(counted.annotate(count=Count("pk")).values_list("filing", "count"))


def _project(notice: Notice, beside: dict[int, int]) -> dict[str, Any]:
    """Return what is public of a project beside its newest notice: how many there were, and what papers told of it."""
    if not beside:
        return {}
    filing = notice.filing
    return {
        "notices": beside[filing.pk],
        "started": filing.start_notified_at,
        "completed": filing.completed_at,
    }


def _towns(asked: Asked, query: dict[str, str]) -> dict[str, Any]:
    at = clock.now()
    towns, (sketch, places) = towns_of(asked, at), sketch_of(asked, at)
    points, width, height = drawn(towns)
    ways = {town.code: link(query, view="", town=town.code) for town in towns}
    return {
        "towns": [{"town": town, "url": ways[town.code] if town.code else ""} for town in towns],
        "points": [{"point": point, "url": ways[point.town.code]} for point in points],
        "width": width,
        "height": height,
        "total": sum(town.count for town in towns),
        "sketch": sketch,
        "places": places,
    }
