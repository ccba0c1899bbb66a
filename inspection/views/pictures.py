"""Inspections as a month with the load of who holds them, and the sites on a sketch: drawn here, no tiles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.stages import Role
from core import clock
from inspection.queries.pictures import (
    beside,
    load_in,
    map_of,
    month_from,
    month_of,
    sites_of,
)
from inspection.views.base import person


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """检查日历: a month of checks and acceptance visits; the staff and departments read the load beside it."""
    by = person(request)
    first = month_from(request.GET.get("month", ""), clock.now())
    before, after = beside(first)
    inside = by.role != Role.ENTERPRISE
    weeks = month_of(by, first)
    load = load_in(weeks) if inside else []
    context = {
        "weeks": weeks, "first": first, "before": before, "after": after, "load": load,
        "inside": inside,
    }  # fmt: skip
    return render(request, "inspection/month.html", context)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """项目分布: the sites on a sketch of the county, and each of them in a table."""
    sites = sites_of(person(request))
    return render(request, "inspection/map.html", {"sites": sites, "map": map_of(sites)})
