"""统计: the figures of a year or a month, the rows they are reckoned from, and the program that reckons them again."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core import clock
from public_notice.queries.figure_words import page_of
from public_notice.queries.figures import (
    PROGRAM,
    TABLES,
    Span,
    decisions_of,
    events_of,
    span_of,
    written,
)
from public_notice.queries.kept_figures import figures_now
from public_notice.views.public import public_page

ROWS: dict[str, Callable[[Span, Any], Counter[Any]]] = {
    "decisions": decisions_of,
    "events": events_of,
}


def _span(period: str) -> Span:
    """Return the span that is asked for; 404 for what is none, and for one that has not begun."""
    try:
        span = span_of(period)
    except ValueError:
        raise Http404 from None
    if span.begins > clock.now():
        raise Http404
    return span


@public_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the figures of the present year."""
    return _shown(request, span_of(f"{timezone.localdate(clock.now()).year:04d}"))


@public_page
def period(request: HttpRequest, period: str) -> HttpResponse:
    """Show the figures of a year or a month."""
    return _shown(request, _span(period))


def _shown(request: HttpRequest, span: Span) -> HttpResponse:
    at = clock.now()
    context: dict[str, Any] = page_of(span, figures_now(span, at), at)
    return render(request, "public_notice/figures.html", context)


@public_page
def rows(_request: HttpRequest, period: str, table: str) -> HttpResponse:
    """Hand out the rows that the figures are reckoned from (CSV): codes, months and counts, no person, no project."""
    if table not in TABLES:
        raise Http404
    span = _span(period)
    answer = HttpResponse(
        written(table, ROWS[table](span, clock.now()).elements()),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{table}-{span.period}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@public_page
def program(_request: HttpRequest) -> FileResponse:
    """Hand out the program that reckons the figures from the rows."""
    return FileResponse(PROGRAM.open("rb"), as_attachment=True, content_type="text/x-python")
