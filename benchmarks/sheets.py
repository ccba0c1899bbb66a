"""Past filings as a file, and a list as a file: as the project does it, as one writes it first, and at the least.

Import: a workbook of new rows, read and checked and written whole by the project; by a loop that reads with the same
reader, validates and saves row by row; and by the floor, which writes what it reads by the driver's own way for many,
checking nothing. The bar: at least 0.3 of the floor and 15 times the loop.
Export: rows as Excel and as CSV; the bar is the memory, which must not grow with the rows.
"""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, Variant, arguments, finish, in_turn, peak_memory

AT = datetime(2020, 6, 15, 1, 30, tzinfo=UTC)
LOOP = 500  # rows of the loop: it is slow, and a row costs it the same however many there are
COLUMNS = 15


def lines(rows: int, batch: int) -> Iterator[list[Any]]:
    """Yield rows of past filings, the same for the same numbers; `batch` makes them new."""
    for n in range(rows):
        accepted = date(2017, 1, 3) + timedelta(days=n % 700)
        days = [accepted + timedelta(days=more) for more in (0, 20, 60, 400)]
        yield [
            accepted.year, f"{batch}-{n}", f"示例项目{n}", f"{accepted.year}-140722-13-03-{n % 1_000_000:06d}",
            f"示例企业{n % 977}有限公司", "", "桐峪镇", "C", 100 + n % 9_000, *days, "办结", "示例数据",
        ]  # fmt: skip


def workbook(rows: int, batch: int) -> bytes:
    """Return the rows as a workbook."""
    from core.documents.sheets import Sheet, write_xlsx
    from desk.rules.past import COLUMNS as PAST

    made = io.BytesIO()
    write_xlsx(Sheet("台账", [column.head for column in PAST], lines(rows, batch)), made)
    return made.getvalue()


def by_project(content: bytes, by: Any) -> None:
    """Load it as the page and the command do."""
    from core import clock
    from desk.services.past import load_past

    with clock.driven(AT):
        load_past(name="past.xlsx", content=content, by=by, at=AT)


def read_plainly(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield what the rows hold, by the names of the model, asking nothing."""
    from python_calamine import CalamineWorkbook

    from approvals.models import Industry, Region
    from desk.rules.past import COLUMNS as PAST
    from desk.rules.past import OUTCOMES

    names = [column.name for column in PAST]
    site, industry = Region.objects.get(name="桐峪镇").pk, Industry.objects.get(section="C").pk
    page = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    for number, cells in enumerate(page.to_python()[1:], 2):
        row = dict(zip(names, cells, strict=True))
        yield {
            **row, "sheet": "台账", "row": number, "year": int(row["year"]), "site": site, "industry": industry,
            "outcome": OUTCOMES[row["outcome"]], "withdrawn": False,
        }  # fmt: skip


def by_loop(content: bytes, by: Any) -> None:
    """Validate and save row by row: what one writes first."""
    from django.db import transaction

    from desk.models import PastFiling

    batch = _batch(content, by)
    with transaction.atomic():
        for row in read_plainly(content):
            site, industry = row.pop("site"), row.pop("industry")
            made = PastFiling(batch=batch, site_id=site, industry_id=industry, **row)
            made.full_clean()
            made.save()


def by_floor(content: bytes, by: Any) -> None:
    """Write what is read by the driver's own way for many, checking nothing."""
    from django.db import connection, transaction

    from desk.models import PastFiling

    batch = _batch(content, by)
    fields: list[Any] = [f for f in PastFiling._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f.column for f in fields)
    rows = [
        [row.get(f.name, batch.pk) if f.name != "investment_wan" else str(row[f.name]) for f in fields]
        for row in read_plainly(content)
    ]  # fmt: skip
    marks = ", ".join(["%s"] * len(fields))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO desk_pastfiling ({columns}) VALUES ({marks})", rows)


def _batch(content: bytes, by: Any) -> Any:
    from core.documents.services import keep_bytes
    from core.ledger.services import county_book
    from desk.models import PastBatch

    file = keep_bytes(content, name="past.xlsx", content_type="x", book=county_book(), by=by, at=AT)
    return PastBatch.objects.create(
        file=file, digest=file.sha256, rows=0, loaded_by=by, loaded_at=AT
    )


def checked(rows: int) -> None:
    """Fail unless every row is there, and the same whichever way it came."""
    from django.db.models import Count

    from desk.models import PastFiling

    assert PastFiling.objects.count() == rows
    kinds = PastFiling.objects.values("outcome", "site", "industry", "withdrawn")
    assert len(kinds.order_by().annotate(Count("pk"))) == 1


Load = Callable[[bytes, Any], None]


class Loads:
    """A way to load, timed on files of its own: each is made before the clock runs."""

    def __init__(self, name: str, load: Load, count: int, batches: Iterator[int]) -> None:
        self.count, self.load, self.batches = count, load, batches
        self.variant = Variant(name, self.run)

    def prepare(self, by: Any) -> None:
        """Make the next file."""
        self.content, self.by = workbook(self.count, next(self.batches)), by

    def run(self) -> int:
        """Load it."""
        self.load(self.content, self.by)
        return self.count


def compare_import(figures: Figures, rows: int, repeat: int, loop: int = LOOP) -> None:
    """Time the three in turn, each with rows of its own."""
    from accounts.services import system_actor

    batches = count(1)
    ways = [
        Loads("project", by_project, rows, batches),
        Loads("loop", by_loop, loop, batches),
        Loads("floor", by_floor, rows, batches),
    ]
    with own_database():
        by, turns = system_actor(), cycle(ways)
        variants = [way.variant for way in ways]
        in_turn(variants, repeat, between=lambda: next(turns).prepare(by))
        checked(repeat * (2 * rows + loop))
    figures.show(variants, "import")
    project, naive, floor = variants
    figures.goal("of the floor", floor.median / project.median, least=0.3)
    figures.goal("times the loop", naive.median / project.median, least=15)


def compare_export(figures: Figures, rows: int, repeat: int) -> None:
    """Time both forms; say by how much the most memory of the process grows from few rows to many."""
    from core.documents.sheets import Sheet, write_csv, write_xlsx

    def times(name: str, write: Callable[..., None], rows: int) -> Variant:
        def run() -> int:
            heads = [f"列{n}" for n in range(COLUMNS)]
            with tempfile.TemporaryFile() as into:
                write(Sheet("清单", heads, lines(rows, 0)), into)
            return rows

        return Variant(name, run)

    in_turn([times("csv", write_csv, 500), times("xlsx", write_xlsx, 500)], 1)
    before = peak_memory()
    variants = [times("csv", write_csv, rows), times("xlsx", write_xlsx, rows)]
    in_turn(variants, repeat)
    figures.show(variants, f"export of {rows:,} rows")
    figures.goal("MB more than for 500 rows", peak_memory() - before, most=8)


def compare(repeat: int, rows: int = 10_000, export: int = 100_000) -> Figures:
    """Export first: its bar is the memory that the import uses up."""
    figures = Figures("sheets")
    compare_export(figures, export, 1)
    compare_import(figures, rows, repeat)
    return figures


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    asked = arguments(__doc__, rows={"type": int, "default": 10_000})
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)
