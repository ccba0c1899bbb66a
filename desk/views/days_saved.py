"""节省的时间: what the mechanism saves a case against the limits of the law, for the county's leaders."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.policies import administrator, supervisor
from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from desk.queries.days_saved import joint_limit, rows_of, sheet_of, started, summary
from public_notice.queries.figures import fewest_at, years


def _year(request: HttpRequest) -> int:
    """Return the year that is asked for, of those there are; whoever does not lead has no business here."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None or not (supervisor(None, acting) or administrator(None, acting)):
        raise PermissionDenied
    at = clock.now()
    known = {str(year): year for year in years(at)}
    return known.get(request.GET.get("year", ""), timezone.localdate(at).year)


@require_safe
def days_saved(request: HttpRequest) -> HttpResponse:
    """Show the cases of a year with what each took and saved, and how that is reckoned."""
    year, at = _year(request), clock.now()
    rows, fewest = rows_of(started(year), at), fewest_at(at)
    context = {
        "year": year,
        "year_text": str(year),
        "years": years(at),
        "rows": rows,
        "said": summary(rows, fewest),
        "joint": joint_limit(at),
        "fewest": fewest,
    }
    return render(request, "desk/days_saved.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the cases of a year out as a file."""
    year, at = _year(request), clock.now()
    sheet = sheet_of(rows_of(started(year), at))
    return handed_out(sheet, request.GET.get("form", ""), at=at, watch=watch_of(request))
