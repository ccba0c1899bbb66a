"""规则推演: the past cases under other rules, for those who watch over the rules; nothing is written."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policies import administrator, supervisor
from core import clock
from desk.forms.what_if import WhatIfForm
from desk.queries.what_if import Report, adjustable, what_if
from desk.queries.what_if.words import ASSUMPTIONS, FIGURES, WHAT, Words, csv_of

MOST_SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def time_machine(request: HttpRequest) -> HttpResponse:
    """Show the rules to write over; below, what the past cases would have come to. `csv` hands out every row."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not any(may(None, acting) for may in (supervisor, administrator)):
        raise PermissionDenied
    now = clock.now()
    said = request.POST if request.method == "POST" else request.GET
    rows = adjustable(now)
    codes = {row.code for row in rows}
    bound = request.method == "POST" or bool(said.keys() & {*codes, "cells"})
    form = WhatIfForm(said if bound else None, request.FILES or None, rows=rows, at=now)
    context: dict[str, Any] = {"form": form, "assumptions": ASSUMPTIONS}
    if not bound:
        return render(request, "desk/what_if.html", context)
    if not form.is_valid():
        return render(request, "desk/what_if.html", context, status=422)
    report = what_if(form.asked, now)
    words = Words(report)
    if "csv" in said:
        return _file(words, report)
    context |= _shown(words, report)
    if not request.FILES:
        context["address"] = f"?{urlencode(_kept(form))}"
    return render(request, "desk/what_if.html", context)


def _kept(form: WhatIfForm) -> dict[str, Any]:
    """Return what a link needs to ask the same again."""
    kept = {row["row"].code: row["field"].value() for row in form.numbers if row["changed"]}
    if form.cleaned_data.get("cells"):
        kept["cells"] = form.cleaned_data["cells"]
    return kept


def _file(words: Words, report: Report) -> HttpResponse:
    answer = HttpResponse(csv_of(words.lines()), content_type="text/csv; charset=utf-8")
    day = timezone.localdate(report.at).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="what-if-{day}.csv"'
    return answer


def _shown(words: Words, report: Report) -> dict[str, Any]:
    lines = words.lines()
    return {
        "report": report,
        "changed": words.changed(),
        "cells": words.cells(),
        "figures": [
            {
                "label": FIGURES[f.name],
                "before": f.before,
                "after": f.after,
                "same": f.before == f.after,
            }
            for f in report.figures
        ],
        "moves": [{"label": WHAT[m.what], "moved": m} for m in report.moves],
        "loads": [
            {"name": report.names.get(load.department, load.department), "load": load}
            for load in report.loads
        ],
        "lines": lines[:MOST_SHOWN],
        "left_out": len(lines) - MOST_SHOWN,
        "count": len(lines),
    }
