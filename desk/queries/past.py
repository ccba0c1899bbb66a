"""Filings from before the system: what is searched, what a new file is checked against, and their list as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from approvals.models import Filing, Industry, Region
from core.documents.sheets import CHUNK, Sheet
from desk.models import PastBatch, PastFiling
from desk.rules.past import COLUMNS, Known, Named, Place, template_rows

MOST_SEARCHED = 60
MOST_DIGITS = 9


@dataclass(frozen=True)
class Sought:
    """By what the list is narrowed; empty: everything that was not taken down."""

    q: str = ""
    year: str = ""
    batch: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Sought":
        """Return what a query asks for."""
        q, year, batch = (
            asked.get(n, "").replace("\0", "").strip() for n in ("q", "year", "batch")
        )
        return cls(q[:MOST_SEARCHED], *(x if _is_number(x) else "" for x in (year, batch)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def past_filings() -> QuerySet[PastFiling]:
    """Return the rows with what a list shows."""
    return PastFiling.objects.select_related("site", "industry", "batch__file")


def holding(rows: QuerySet[PastFiling], words: str) -> QuerySet[PastFiling]:
    """Narrow rows to those that hold the words."""
    return rows.filter(
        Q(project_name__icontains=words)
        | Q(enterprise__icontains=words)
        | Q(number__icontains=words)
        | Q(project_code__icontains=words)
        | Q(uscc__icontains=words)
    )


def matching(sought: Sought) -> QuerySet[PastFiling]:
    """Return the rows that match; those that were taken down only where their batch is asked for."""
    rows = past_filings()
    rows = rows.filter(batch=int(sought.batch)) if sought.batch else rows.filter(withdrawn=False)
    if sought.year:
        rows = rows.filter(year=int(sought.year))
    return holding(rows, sought.q) if sought.q else rows


def years() -> list[tuple[int, int]]:
    """Return the years with how many rows each has, newest first."""
    counted = PastFiling.objects.filter(withdrawn=False).order_by("-year").values_list("year")
    return list(counted.annotate(Count("pk")))


def batches() -> QuerySet[PastBatch]:
    """Return the batches, newest first, with what a list shows."""
    people = ("loaded_by__user", "withdrawn_by__user")
    return PastBatch.objects.select_related("file", *people).order_by("-pk")


def known(today: date) -> Known:
    """Return what a new file is checked against: five queries, however long the file."""
    first = Region.objects.aggregate(first=Min("seen_from"))["first"]
    regions = Region.objects.values_list("pk", "code", "name", "seen_from", "seen_to")
    industries = Industry.objects.values_list("pk", "section", "name")
    taken = PastFiling.objects.filter(withdrawn=False).order_by().values_list("year", "number")
    codes = Filing.objects.exclude(project_code="").order_by().values_list("project_code", flat=True)  # fmt: skip
    return Known(
        sites=Named(
            Place(pk, code, name, None if since == first else since, until)
            for pk, code, name, since, until in regions
        ),
        industries=Named(Place(*row) for row in industries),
        taken=frozenset(taken),
        codes=frozenset(codes),
        today=today,
    )


def template() -> Sheet:
    """Return the table that is filled in: the headings, and one row as an example."""
    return Sheet(_("往年申报件模板"), [column.head for column in COLUMNS], template_rows())


def sheet_of_past(rows: QuerySet[PastFiling]) -> Sheet:
    """Return the rows as a table that could be loaded again, with where each came from."""
    heads = (*(column.head for column in COLUMNS), _("来源文件"), _("工作表"), _("行"), _("已撤下"))
    return Sheet(_("往年申报件"), heads, _rows(rows), rows.order_by().count)


def _rows(rows: QuerySet[PastFiling]) -> Iterator[Sequence[Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        yield (
            row.year, row.number, row.project_name, row.project_code, row.enterprise, row.uscc, row.site, row.industry,
            row.investment_wan, row.accepted_on, row.concluded_on, row.started_on, row.completed_on,
            row.get_outcome_display(), row.note, row.batch.file.name, row.sheet, row.row, row.withdrawn,
        )  # fmt: skip
