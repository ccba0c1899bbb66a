"""开放数据: the page that says what there is, and the files."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core import clock
from public_notice.queries.open_data import SETS, VERSION, DataSet
from public_notice.queries.open_forms import (
    Stamp,
    atom_of,
    csv_of,
    etag_of,
    json_of,
    kept_under,
    stamp,
)
from public_notice.queries.register import LONGEST_KEY
from public_notice.queries.structured import catalogue_said, script_of
from public_notice.views.for_all import for_all, kept, refused
from public_notice.views.public import public_page

KINDS = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}


@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """Say which data sets there are, what each field means, how many rows and when something last changed."""
    sets = [_shown(one) for one in SETS.values()]
    context = {
        "sets": sets,
        "version": VERSION,
        "changed_at": stamp(clock.now()).changed_at,
        "structured": script_of(catalogue_said(SETS.values())),
        "example": f"{settings.SITE_URL}/open/v1/notices.json",
    }
    return render(request, "public_notice/open_data.html", context)


def _shown(one: DataSet) -> dict[str, Any]:
    forms = [(form.upper(), f"/open/v1/{one.name}.{form}") for form in KINDS]
    return {"set": one, "size": one.size(), "forms": forms}


@for_all
def data(request: HttpRequest, file: str) -> HttpResponseBase:
    """Hand out a data set: a page of JSON, the whole as CSV, the newest as Atom."""
    dataset, _dot, form = file.rpartition(".")
    one, kind = SETS.get(dataset), KINDS.get(form)
    if one is None or kind is None:
        return refused(404, _("没有这个数据集或者格式：见 /open/。"))
    before = request.GET.get("before", "") if form == "json" and one.things else ""
    if before and not (before.isascii() and before.isdecimal() and len(before) <= LONGEST_KEY):
        return refused(422, _("before 应为上一页 next 给出的数字。"))
    found = stamp(clock.now())
    etag = etag_of(found, one.name, form, before)
    if form == "csv":
        answer = kept(request, etag, lambda: csv_of(one, clock.now()), kind)
        if answer.status_code == 200:  # noqa: PLR2004 - what is sent whole
            name = content_disposition_header(True, f"{one.name}.csv") or "attachment"
            answer.headers["Content-Disposition"] = name
        return answer
    place = int(before) if before else None
    made = lambda: _made(one, form, found, place)  # noqa: E731 - made only where nobody keeps it
    return kept(request, etag, lambda: kept_under(etag, made), kind)


def _made(one: DataSet, form: str, found: Stamp, before: int | None) -> bytes:
    at = clock.now()
    return atom_of(one, at, found.changed_at) if form == "atom" else json_of(one, at, before)
