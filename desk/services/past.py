"""Filings from before the system: a file is looked at, then loaded whole or not at all, once; a batch is taken down.

What is loaded never becomes a case: no limit starts, nothing defaults, and the one entry of the ledger stands in the
county's book and says that a file was loaded, by whom, with which digest.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, DecimalField
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import administrator, administrator_or_system
from core.documents.services import keep_bytes
from core.documents.sheets import TYPES, Bounds, Row, Table, read_table, told
from core.documents.sheets.reading import ZIP
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words
from desk.models import PastBatch, PastFiling
from desk.queries.past import known
from desk.rules.past import COLUMNS, Known, Progress, checked, years_of

FIRST = 10  # rows that a preview shows
PIECE = 1_000  # rows that are written together


NAMES = (
    "batch", "sheet", "row", "year", "number", "project_name", "project_code", "enterprise", "uscc", "site", "industry",
    "investment_wan", "accepted_on", "concluded_on", "started_on", "completed_on", "outcome", "note", "withdrawn",
)  # fmt: skip


class Overtaken(NotNow):
    """Something was entered while the file was being checked: checked again, it may be loaded."""


@dataclass(frozen=True)
class Proposal:
    """What a file would load; with one fault, nothing."""

    digest: str
    rows: list[Row]
    table: Table
    loaded_before: bool
    against: Known

    @property
    def years(self) -> Mapping[int, int]:
        """How many rows each year has."""
        return years_of(self.rows)

    @property
    def read(self) -> int:
        """How many rows were read and checked, those with a fault and the examples as well."""
        return sum(self.table.read.values())

    @property
    def first(self) -> list[Row]:
        """The first rows."""
        return self.rows[:FIRST]

    @property
    def faults(self) -> list[str]:
        """What is wrong, as sentences."""
        return told(self.table.faults)

    @property
    def doubts(self) -> list[str]:
        """What wants a second look, as sentences."""
        return told(self.table.doubts)

    def settle(self) -> None:
        """Raise ValidationError with every fault, NotNow where the file was loaded before or holds no row."""
        if self.loaded_before:
            raise NotNow([_("这个文件已经载入过，没有再次载入。")])
        self.table.settle()
        if not self.rows:
            raise NotNow([_("文件里没有可以载入的行。")])


def propose_past(
    *,
    name: str,
    content: bytes,
    at: datetime,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
) -> Proposal:
    """Read and check a file whole; nothing is written. ValidationError for what is no table at all.

    `progress` is told how many rows of how many are checked.
    """
    table = read_table(content, name=name, columns=COLUMNS, bounds=bounds)
    digest = hashlib.sha256(content).hexdigest()
    before = PastBatch.objects.filter(digest=digest, withdrawn_at=None).exists()
    against = known(timezone.localdate(at))
    return Proposal(digest, checked(table, against, progress), table, before, against)


def load_past(
    *,
    name: str,
    content: bytes,
    by: Membership,
    at: datetime,
    progress: Progress | None = None,
    made: Proposal | None = None,
) -> PastBatch:
    """Load a file, whole or not at all.

    It is read and checked before anything is locked (`made`: it was already), and nothing that it was checked against
    may have changed since. Raises ValidationError with every fault, NotNow where it was loaded before or something has
    changed, PermissionDenied. `progress` is told how many rows of how many are written.
    """
    permit(None, administrator_or_system, by=by, at=at)
    made = made or propose_past(name=name, content=content, at=at)
    made.settle()
    return _load(made, name=name, content=content, by=by, at=at, progress=progress)


def _unchanged(made: Proposal) -> None:
    """Raise NotNow where the file was loaded meanwhile, or what it was checked against is not what is there now."""
    if PastBatch.objects.filter(digest=made.digest, withdrawn_at=None).exists():
        raise NotNow([_("这个文件已经载入过，没有再次载入。")])
    if known(made.against.today) != made.against:
        raise Overtaken([_("检查文件的时候别的数据有变化，没有写入：请再载入一次。")])


@transaction.atomic
def _load(
    made: Proposal,
    *,
    name: str,
    content: bytes,
    by: Membership,
    at: datetime,
    progress: Progress | None,
) -> PastBatch:
    book = lock(county_book().pk)[0]
    _unchanged(made)
    kind = TYPES["xlsx"] if content.startswith(ZIP) else "text/csv"
    file = keep_bytes(content, name=name, content_type=kind, book=book, by=by, at=at)
    batch = PastBatch.objects.create(
        file=file, digest=made.digest, rows=len(made.rows), doubts=made.doubts, loaded_by=by, loaded_at=at,
    )  # fmt: skip
    _write(batch, made.rows, progress)
    record(
        book, "import_past", by=by, at=at, batch=batch.pk, file=file.sha256, rows=batch.rows,
        doubts=len(made.table.doubts), years=sorted(made.years),
    )  # fmt: skip
    return batch


def _write(batch: PastBatch, rows: list[Row], progress: Progress | None) -> None:
    """Write the rows by the driver's own way for many: each was checked, and the database checks its constraints."""
    fields: list[Any] = [PastFiling._meta.get_field(name) for name in NAMES]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(PastFiling._meta.db_table)
    insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own model
    ready = [_stored_as(field) for field in fields]
    with connection.cursor() as cursor:
        for done in range(0, len(rows), PIECE):
            piece = rows[done : done + PIECE]
            cursor.executemany(insert, [_stored(batch, row, ready) for row in piece])
            if progress is not None:
                progress(done + len(piece), len(rows))


def _stored_as(field: Any) -> Callable[[Any], Any] | None:
    """Return what turns a value of a column into what the driver takes; None where it takes the value as it is."""
    if isinstance(field, DateField):
        return connection.ops.adapt_datefield_value
    if isinstance(field, DecimalField):
        return partial(
            connection.ops.adapt_decimalfield_value,
            max_digits=field.max_digits,
            decimal_places=field.decimal_places,
        )
    return str if field.choices else None


def _stored(batch: PastBatch, row: Row, ready: Iterable[Callable[[Any], Any] | None]) -> list[Any]:
    said = row.values
    values: Iterator[Any] = (said[name] for name in NAMES[3:-1])
    every = (batch.pk, row.sheet[:100], row.line, *values, False)
    return [
        value if store is None or value is None else store(value)
        for store, value in zip(ready, every, strict=True)
    ]


@transaction.atomic
def withdraw_past(batch: PastBatch, *, reason: str, by: Membership, at: datetime) -> PastBatch:
    """Take a batch down: its rows are kept and marked, and its numbers may be loaded anew.

    Raises ValidationError without a reason, NotNow where it is down already, PermissionDenied.
    """
    permit(None, administrator, by=by, at=at)
    need_words(reason)
    book = lock(county_book().pk)[0]
    found = PastBatch.objects.get(pk=batch.pk)
    if found.withdrawn_at is not None:
        raise NotNow([_("这一批已经撤下。")])
    found.withdrawn_by, found.withdrawn_at, found.reason = by, at, reason.strip()
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "reason"])
    found.filings.update(withdrawn=True)
    record(
        book, "withdraw_past", by=by, at=at, batch=found.pk, file=found.digest, rows=found.rows,
        reason=found.reason,
    )  # fmt: skip
    return found
