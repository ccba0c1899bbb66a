"""Handing a list out as a file: what it is called says the list, the county and the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.models import County
from core.documents.sheets.writing import Sheet, csv_pieces, xlsx_file
from core.documents.watching import EVERY, EXPORTING, Watch

CSV: Final = "csv"
XLSX: Final = "xlsx"
TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(sheet: Sheet, form: str, at: datetime) -> str:
    """Return 申报件-左权县-2018-06-15.csv."""
    county = County.objects.first()
    parts = (sheet.name, str(county) if county else "", timezone.localdate(at).isoformat())
    return "-".join(part.replace("/", "／") for part in parts if part) + f".{form}"


def handed_out(
    sheet: Sheet, form: str, *, at: datetime, watch: Watch | None = None
) -> HttpResponseBase:
    """Return a list as a file: Excel where that is asked for, CSV otherwise; sent as it is made, kept nowhere.

    `watch` is told how many rows of how many are done.
    """
    form = form if form in TYPES else CSV
    if watch is not None:
        sheet = replace(sheet, rows=_watched(sheet, watch))
    name = file_name(sheet, form, at)
    whole = form == XLSX
    answer = FileResponse(xlsx_file(sheet)) if whole else StreamingHttpResponse(csv_pieces(sheet))
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _watched(sheet: Sheet, watch: Watch) -> Iterator[Sequence[Any]]:
    """Yield a list's rows and tell how far they have come."""
    total = sheet.count() if sheet.count is not None else None
    try:
        watch.tell(EXPORTING, 0, total)
        for done, row in enumerate(sheet.rows, start=1):
            if done % EVERY == 0:
                watch.tell(EXPORTING, done, total)
            yield row
    finally:
        watch.done()
