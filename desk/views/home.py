"""The desk: greeting, what waits for me, what waits for others, what was lately said, the week."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.notify.models import Message
from desk.queries.work import waiting_for, waiting_for_others, week_of
from desk.services.inbox import mark_read


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the desk of the person's role."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    now = clock.now()
    rows = waiting_for(acting, now)
    context = {
        "rows": rows,
        "others": waiting_for_others(acting, now, {row.url for row in rows}),
        "inbox": list(Message.objects.filter(to=acting)[:8]),
        "days": week_of(acting, now, rows),
        "today": now,
    }
    return render(request, "desk/home.html", context)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the messages of the person as read."""
    mark_read(by=request.acting, at=clock.now())  # type: ignore[attr-defined]
    return redirect("desk:home")
