"""The catalogue as a spreadsheet: which sheet is which table, which words stand for which values. Pure.

A workbook has a sheet for each table, named as the table is (事项 or catalogue …); a CSV is one table and bears its
name. Headings are the pack's own or the words of the page in Chinese; values may be written either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.documents.sheets import Column, Table, Wrong, read_table, text
from core.documents.sheets.reading import Row as SheetRow
from desk.rules.pack.catalogue import FILES, TABLE_OF, Tables
from desk.rules.pack.tables import Cell, Row

CHINESE: Final = "zh-hans"  # a table of the county is headed in it, whoever reads the page
LONGEST: Final = 5_000
Words = Mapping[str, Any]


@dataclass
class Found:
    """What a file holds: tables by file, each row with its line in the spreadsheet, and every fault in words."""

    tables: Tables = field(default_factory=dict)
    sheets: dict[str, Table] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)  # sheets that are no table of the catalogue
    _lines: dict[str, dict[int, SheetRow]] = field(default_factory=dict)

    def place(self, file: str, line: int) -> tuple[Table, SheetRow] | None:
        """Return where a row stands in the spreadsheet."""
        table = self.sheets.get(file)
        if table is None:
            return None
        if file not in self._lines:  # looked up for every fault: gone through once
            self._lines[file] = {row.line: row for row in reversed(table.rows)}
        row = self._lines[file].get(line)
        return None if row is None else (table, row)


def file_of_sheet(sheet: str, names: Mapping[str, Words]) -> str:
    """Return which table a sheet is by its name; empty where it is none."""
    plain = sheet.strip().removesuffix(".csv").removesuffix(".CSV").lower()
    for file in FILES:
        if plain in (file.removesuffix(".csv"), str(names["tables"][file])):
            return file
    return ""


def read_catalogue(
    content: bytes, *, name: str, now: Tables, words: Mapping[str, Words],
    told: Callable[[int], None] | None = None,
) -> Found:  # fmt: skip
    """Read a file into tables; `now` are the draft's, whose headings it may have, `words` those of the page.

    `told` hears how many of the tables have been read.

    Raises ValidationError for what is no table at all; faults of cells stand in the sheets.
    """
    found, seen = Found(), set[str]()
    with override(CHINESE):
        for done, file in enumerate(FILES):
            if told is not None:
                told(done)
            heads = TABLE_OF[file].offered(now[file])
            columns = [_column(file, head, words) for head in heads]
            sheet = read_table(
                content, name=name, columns=columns,
                only=lambda title, file=file: _noted(title, seen, words) == file,  # type: ignore[misc]
            )  # fmt: skip
            if sheet.heads:
                found.sheets[file] = sheet
                found.tables[file] = [_made(file, heads, row) for row in sheet.rows]
        found.others = sorted(s for s in seen if not file_of_sheet(s, words))
    return found


def _noted(title: str, seen: set[str], words: Mapping[str, Words]) -> str:
    seen.add(title)
    return file_of_sheet(title, words)


def _column(file: str, head: str, words: Mapping[str, Words]) -> Column:
    cell = TABLE_OF[file].cells.get(head, Cell(required=False))
    also = (str(words["columns"][head]),) if head in words["columns"] else ()
    known = {str(word): value for value, word in words["values"].get(head, {}).items()}
    return Column(
        head, head, _holds(cell, known), required=cell.required, most=cell.longest or LONGEST, also=also
    )  # fmt: skip


def _holds(cell: Cell, known: Mapping[str, str]) -> Any:
    """Return what turns a cell into what the table holds: its words into its value, and no more than it may hold."""

    def holds(value: Any) -> str:
        written = text(value)
        said = known.get(written, written)
        if wrong := cell.fault(said):
            raise Wrong(wrong)
        return said

    return holds


def _made(file: str, heads: Iterable[str], row: SheetRow) -> Row:
    """Return a row of the table; an optional column that is empty stays away, as in the tables before it."""
    cells = {head: row.values.get(head) or "" for head in heads}
    optional = TABLE_OF[file].optional
    made = Row({k: v for k, v in cells.items() if v or k not in optional})
    made.line = row.line
    return made


def unknown(others: Iterable[str], words: Mapping[str, Words]) -> list[str]:
    """Say which sheets are no table of the catalogue, and how they are named."""
    with override(CHINESE):
        names = "、".join(str(words["tables"][file]) for file in FILES)
    return [
        _(
            "工作表“%(sheet)s”不是清单的表：请命名为%(names)s（或者 catalogue、materials、clauses、questions、nodes）。"
        )
        % {"sheet": one, "names": names}
        for one in others
    ]
