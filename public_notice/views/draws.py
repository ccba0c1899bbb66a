"""双随机抽取: who was drawn and how, so that anyone can repeat it; page, file and data ask at their own instant."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from public_notice.queries.draws import (
    announced,
    draws_in_public,
    head_of,
    marks_over,
    revealed,
    rows_of,
    sheet_of_draw,
    sheet_of_draws,
    whole_of,
)
from public_notice.rules.recipe import RECIPE
from public_notice.views.credit import shown_now

PAGE = 20


@shown_now
def draws(request: HttpRequest) -> HttpResponse:
    """List the draws, newest first."""
    at = clock.now()
    page = Paginator(draws_in_public(), PAGE).get_page(request.GET.get("page"))
    over = marks_over(at)
    rows = [{"draw": draw, **head_of(draw, at, over)} for draw in page]
    said = {"page": page, "rows": rows, "announced": announced(at), "revealed": revealed()}
    return render(request, "public_notice/draws.html", said)


@shown_now
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as a file."""
    at = clock.now()
    sheet = sheet_of_draws(draws_in_public(), at)
    return handed_out(sheet, request.GET.get("form", ""), at=at, watch=watch_of(request))


def _whole(quarter: str, turn: int) -> tuple[Any, dict[str, Any]]:
    draw = get_object_or_404(draws_in_public(), quarter=quarter, turn=turn)
    return draw, whole_of(draw, clock.now())


@shown_now
def draw(request: HttpRequest, quarter: str, turn: int) -> HttpResponse:
    """Show one draw; of an open one the lists, and how to repeat it."""
    made, whole = _whole(quarter, turn)
    context = {
        "draw": made,
        "whole": whole,
        "rows": rows_of(whole) if whole["opened"] else [],
        "withheld": whole.get("withheld", []),
        "recipe": RECIPE,
    }
    return render(request, "public_notice/draw.html", context)


@shown_now
def data(request: HttpRequest, quarter: str, turn: int) -> HttpResponse:
    """Hand out what is needed to repeat a draw (JSON); of one that is not open its head alone."""
    _made, whole = _whole(quarter, turn)
    answer = JsonResponse(whole, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{quarter}-{turn}.json"'
    return answer


@shown_now
def table(request: HttpRequest, quarter: str, turn: int) -> HttpResponseBase:
    """Hand the projects of an open draw out as a file."""
    _made, whole = _whole(quarter, turn)
    if not whole.get("groups"):
        raise Http404
    form = request.GET.get("form", "")
    return handed_out(sheet_of_draw(whole), form, at=clock.now(), watch=watch_of(request))
