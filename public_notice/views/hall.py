"""大厅屏幕: one page that turns by itself on the wall of the hall, and shows nothing that is not public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from public_notice.queries.hall import SECONDS, panes
from public_notice.views.credit import shown_now

MOST = 8  # panes that the style sheet can turn


@shown_now
def hall(request: HttpRequest) -> HttpResponse:
    """Show the panes in turn; the page asks for itself anew after each round, and stays as it is where it cannot."""
    at = clock.now()
    shown = panes(at)[:MOST]
    context = {
        "panes": shown,
        "count": len(shown),
        "round": len(shown) * SECONDS,
        "at": at,
        "now": int(at.timestamp() * 1000),
    }
    return render(request, "public_notice/hall.html", context)
