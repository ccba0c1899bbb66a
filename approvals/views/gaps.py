"""容缺台账: every promise with what became of it, counted by enterprise; an enterprise sees its own."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.stages import Role
from approvals.policies import reads_gaps
from approvals.queries import gaps as queries
from approvals.rules.tolerance import outcome_of
from approvals.stages import GapOutcome
from core import clock
from core.deadlines.counting import load_interruptions
from core.documents.sheets import handed_out
from core.steps.watching import watch_of

PAGE = 50
# How each outcome is marked: what is in time is no more than that, what was never brought is a refusal.
MARKS = {
    GapOutcome.OPEN: "awaited",
    GapOutcome.IN_TIME: "agree",
    GapOutcome.OVERDUE: "held",
    GapOutcome.LATE: "owed",
    GapOutcome.NEVER: "disagree",
    GapOutcome.DROPPED: "none",
}


def _reader(request: HttpRequest) -> Any:
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None or not reads_gaps(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the promises as they are narrowed, fifty to a page, and the enterprises with theirs counted."""
    acting, at, sought = _reader(request), clock.now(), queries.Sought.of(request.GET)
    everything = queries.with_outcome(queries.gaps_seen(acting), at)
    counts = queries.counted(queries.holding(everything, sought.q))
    page = Paginator(queries.matching(everything, sought), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    load_interruptions(rows)
    kept = urlencode(sought.kept)
    own = acting.role == Role.ENTERPRISE
    context = {
        "page": page,
        "rows": [
            {"gap": gap, "outcome": outcome.label, "mark": MARKS[outcome]}
            for gap in rows
            for outcome in (outcome_of(gap, at),)
        ],
        "groups": [{"label": _("结果"), "options": _chips(counts, sought)}],
        "sought": sought,
        "prefix": f"{kept}&" if kept else "",
        "export_url": reverse("approvals:gap_export"),
        "enterprises": [] if own else queries.by_enterprise(everything, at),
        "bars": queries.bars_of(acting.organisation, at) if own else [],
        "own": own,
    }
    return render(request, "approvals/gaps.html", context)


def _chips(counts: dict[str, int], sought: queries.Sought) -> list[dict[str, Any]]:
    """Return what the ledger can be narrowed by: each outcome, and what was supplied wrong at least once."""
    options: list[tuple[str, str, Any, int]] = [("", "", _("全部"), counts["all"])]
    options += [(name, "", label, counts[name]) for name, label in GapOutcome.choices]
    options.append(("", "yes", _("补交有误"), counts["wrong"]))
    return [
        {
            "label": label,
            "url": "?" + urlencode(replace(sought, outcome=outcome, wrong=wrong).kept),
            "current": (sought.outcome, sought.wrong) == (outcome, wrong),
            "count": count,
        }
        for outcome, wrong, label, count in options
    ]


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the ledger out as it is narrowed, all of it."""
    acting, at = _reader(request), clock.now()
    rows = queries.with_outcome(queries.gaps_seen(acting), at)
    sheet = queries.sheet_of_gaps(queries.matching(rows, queries.Sought.of(request.GET)), at)
    return handed_out(sheet, request.GET.get("form", ""), at=at, watch=watch_of(request))
