"""The front page, the register of notices, and one notice."""

from collections.abc import Mapping
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from approvals.stages import ENDS
from core import clock
from core.documents.sheets import handed_out
from core.grams import newest_first
from core.steps.watching import watch_of
from public_notice.models import Notice
from public_notice.queries import (
    FEWEST,
    in_numbers,
    limit_card,
    notices,
    running,
    span,
    standing,
)
from public_notice.queries.feeds import feed_of_notices
from public_notice.queries.history import around, in_force
from public_notice.queries.register import (
    Asked,
    matching,
)
from public_notice.queries.sheets import sheet_of_notices
from public_notice.queries.structured import notice_said, script_of
from public_notice.rules.gate import ALLOWED, mask
from public_notice.stages import NoticeStage
from public_notice.views.cards import card
from public_notice.views.corrected import version_of
from public_notice.views.public import public_page
from public_notice.views.register import link

ON_FRONT = 6
ON_FEED = 100


def _said(share: int | None) -> str:
    """Return a share in words; of few answers none is told."""
    few = _("评价不足%(n)d件，不计算") % {"n": FEWEST}
    return few if share is None else f"{share}%"


@public_page
def front(request: HttpRequest) -> HttpResponse:
    """Say what this is, what runs now, how the way goes, and the year in numbers."""
    at = clock.now()
    now_running = notices().filter(running(at)).order_by("due_at", "pk")[: ON_FRONT + 1]
    cards = [card(notice, at) for notice in now_running]
    year = in_numbers(at)
    context = {
        "cards": cards[:ON_FRONT],
        "more": len(cards) > ON_FRONT,
        "year": year,
        "counts": [
            {"label": _("受理申请"), "value": year.accepted},
            {"label": _("联合预审会"), "value": year.meetings},
            {"label": _("承诺公示"), "value": year.notices},
            {"label": _("开工告知"), "value": year.starts},
        ],
        "deemed": [
            {"label": _("视为受理"), "value": year.deemed_accepted},
            {"label": _("视同无异议的意见"), "value": year.deemed_opinions},
            {"label": _("已撤回的默认"), "value": year.withdrawn_opinions},
        ],
        "later": [
            {"label": _("部门提出"), "value": year.later_asked},
            {"label": _("效能监督签字"), "value": year.later_signed},
            {"label": _("效能监督不同意"), "value": year.later_refused},
        ],
        "visits": [
            {"label": _("部门申请"), "value": year.visits_asked},
            {"label": _("召集人同意"), "value": year.visits_granted},
            {"label": _("召集人不同意"), "value": year.visits_refused},
        ],
        "satisfaction": [
            {"label": _("企业评价（每满%(n)d件更新）") % {"n": FEWEST}, "value": year.answers},
            {"label": _("满意和很满意"), "value": _said(year.satisfied)},
        ],
    }
    return render(request, "public_notice/front.html", context)


@public_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the register out as it is narrowed, all of it."""
    at = clock.now()
    sheet = sheet_of_notices(matching(Asked.of(request.GET), at), at)
    return handed_out(sheet, request.GET.get("form", ""), at=at, watch=watch_of(request))


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest notices, narrowed as the list is, to a feed reader (Atom)."""
    at, asked = clock.now(), Asked.of(request.GET)
    rows = newest_first(matching(asked, at).select_related("paper"))[:ON_FEED]
    query = link({name: value for name, value in vars(asked).items() if value})
    written = feed_of_notices(rows, "" if query == "?" else query)
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


def _qr(url: str) -> SafeString:
    """Return the picture of an address that leads to the check of the paper; our own address, drawn by us."""
    drawn = segno.make(url, error="m").svg_inline(scale=3, border=2, omitsize=False)
    return mark_safe(drawn)  # noqa: S308 - paths drawn from our own address, no text in it


@public_page
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one notice as it was published, with its objections and replies beside it; the address is kept for ever."""
    chosen = Notice.objects.select_related("paper", "filing", "calendar", "book")
    found = get_object_or_404(chosen, public_id=public_id)
    at, beside = clock.now(), around(found)
    version = version_of(request, found.paper, found.content, ALLOWED)
    said, paper = version["said"], version["paper"]
    stand = standing(found, at)
    context = {
        "notice": found,
        "stand": stand,
        "span": span(found, at),
        "limit": {**limit_card(found, at, stand), "days_left_text": ""},
        "unanswered": sum(objection["open"] for objection in beside["objections"]),
        "clean": found.stage == NoticeStage.CLEAN,
        "stopped": found.stage in (NoticeStage.UPHELD, NoticeStage.WITHDRAWN)
        or found.filing.stage in ENDS,
        "end_reason": mask(found.end_reason),
        "facts": _facts(said),
        "check_url": reverse("approvals:check_paper", args=[paper.code]),
        "qr": _qr(paper.content["verify_url"]),
        **version,
        "structured": script_of(notice_said(found)),
        **beside,
        "rules": in_force(beside["rules"], at),
    }
    return render(request, "public_notice/notice.html", context)


def _facts(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    project, enterprise = said["project"], said["enterprise"]
    return [
        {"key": _("项目名称"), "value": project["name"]},
        {"key": _("项目代码"), "value": project["code"]},
        {"key": _("建设单位"), "value": enterprise["name"]},
        {"key": _("统一社会信用代码"), "value": enterprise["uscc"]},
        {"key": _("建设地点"), "value": project["location"]},
        {"key": _("建设规模和内容"), "value": project["scale"]},
        {"key": _("总投资"), "value": project.get("investment_text", "")},
        {"key": _("承诺书"), "value": said["letter_number"]},
    ]
