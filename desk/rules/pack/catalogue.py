"""The five tables of a catalogue by themselves: as files, as rows of a draft, and checked as in a whole pack."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from desk.rules.pack.checks import Checker
from desk.rules.pack.columns import TABLES
from desk.rules.pack.faults import Fault, PackError
from desk.rules.pack.redlines import Spans, gone, loosened
from desk.rules.pack.tables import Row, Table, check_cells, read_table
from desk.rules.pack.tolerance import Ground, never_tolerated

FILES: Final = ("catalogue.csv", "materials.csv", "clauses.csv", "questions.csv", "nodes.csv")
TABLE_OF: Final[Mapping[str, Table]] = {t.file: t for t in TABLES if t.file in FILES}
SHORT: Final = 12  # of a digest, to name a row in an address
MOST_BYTES: Final = 1 << 20  # of one uploaded table
FIRST_LINE: Final = 2  # under the head
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Against:
    """What a draft is held against: the edition before, the departments with the days of their names, the grounds."""

    base: Tables | None
    departments: Spans
    grounds: tuple[Ground, ...]


def key_of(file: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """Return what names a row in its table: `C04`, or an item's code and a material's name."""
    return tuple(row[column] for column in TABLE_OF[file].key)


def name_of(file: str, row: Mapping[str, str]) -> str:
    """Return a short name of a row for addresses, the same wherever the row stands."""
    text = "\0".join((file, *key_of(file, row)))
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def stored(tables: Mapping[str, Iterable[Row]]) -> dict[str, Any]:
    """Return tables as plain values that keep the order of rows and columns."""
    kept: dict[str, Any] = {}
    for file in FILES:
        rows = list(tables[file])
        heads = TABLE_OF[file].heads(rows)
        kept[file] = {"heads": heads, "rows": [[row.get(h, "") for h in heads] for row in rows]}
    return kept


def restored(kept: Mapping[str, Any]) -> Tables:
    """Return tables from what was stored, each row with the line of the file that `written` makes."""
    none: dict[str, list[Any]] = {
        "heads": [],
        "rows": [],
    }  # of a table that came later than what was stored
    found = {file: kept.get(file, none) for file in FILES}
    return {file: _rows(one["heads"], one["rows"]) for file, one in found.items()}


def _rows(heads: list[str], cells: list[list[str]]) -> list[Row]:
    rows = [Row(zip(heads, one, strict=True)) for one in cells]
    line = FIRST_LINE
    for row in rows:
        row.line = line
        line += 1 + sum(cell.count("\n") for cell in row.values())
    return rows


def written(file: str, rows: Iterable[Row]) -> bytes:
    """Return a table as the file of a county pack, to the byte: UTF-8, commas, LF."""
    found = list(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    heads = TABLE_OF[file].heads(found)
    writer.writerow(heads)
    writer.writerows([row.get(head, "") for head in heads] for row in found)
    return out.getvalue().encode()


def content_of(tables: Mapping[str, Iterable[Row]]) -> str:
    """Return the SHA-256 of the five tables as a pack with these files counts it (`Pack.digest_of`)."""
    digests = {file: hashlib.sha256(written(file, tables[file])).hexdigest() for file in FILES}
    lines = "".join(f"{name}\0{digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def read_file(file: str, data: bytes) -> list[Row]:
    """Return the rows of an uploaded table, whole or not at all; PackError names file, line and column."""
    faults: list[Fault] = []
    if len(data) > MOST_BYTES:
        raise PackError([Fault(file, 1, "-", _("文件超过1 MB，不是清单表格。"))])
    if b"\0" in data:
        raise PackError([Fault(file, 1, "-", _("不是 UTF-8 编码"))])
    rows = read_table(TABLE_OF[file], data, faults)
    if faults or rows is None:
        raise PackError(faults)
    return rows


def faults_in(tables: Tables, against: Against, day: date | None = None) -> list[Fault]:
    """Return everything that forbids these tables to come into force on a day, or at all where none is named."""
    faults: list[Fault] = []
    sound: dict[str, list[Row]] = {}
    for file in FILES:
        check_cells(TABLE_OF[file], tables[file], faults)
        sound[file] = tables[file]
    codes = [Row(code=code) for code in against.departments]
    Checker({**sound, "departments.csv": codes}, faults).run()
    never_tolerated(tables["materials.csv"], against.grounds, faults)
    if against.base is not None:
        loosened(against.base["catalogue.csv"], tables["catalogue.csv"], faults)
    if day is not None:
        gone(tables, against.departments, day, faults)
    return sorted(set(faults))
