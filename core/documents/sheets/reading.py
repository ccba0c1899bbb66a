"""A table that somebody hands in, Excel or CSV: read whole, and every fault told with sheet, row and column.

Rows are counted as the spreadsheet counts them. Of a fault in the file itself (no workbook, too large, a heading
that is missing) the reader says so at once; faults of cells are gathered, so that one look at the file mends them all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.documents.sheets.archive import Bounds, checked_workbook
from core.documents.sheets.columns import Column, Wrong, text
from core.documents.sheets.heads import Heads, heads_of
from core.documents.sheets.rules import letters

MOST_FAULTS: Final = 200
ZIP: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_LONGEST_CELL: Final = 200_000  # characters, of a text that was never closed


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in one place; `column` are its letters, or empty where it is about the whole row or sheet."""

    place: int  # of the sheet in its file
    row: int
    column: str
    sheet: str
    head: str
    message: str

    def __str__(self) -> str:
        return _where(self) % {
            "sheet": self.sheet, "row": self.row, "column": self.column, "head": self.head,
            "message": self.message,
        }  # fmt: skip


def _where(fault: Fault) -> str:
    if not fault.row:
        return _("“%(sheet)s”：%(message)s")
    if not fault.column:
        return _("“%(sheet)s”第%(row)d行：%(message)s")
    if not fault.head:
        return _("“%(sheet)s”第%(row)d行%(column)s列：%(message)s")
    return _("“%(sheet)s”第%(row)d行%(column)s列（%(head)s）：%(message)s")


@dataclass(frozen=True, slots=True)
class Row:
    """One row by the names of the columns, with where it stands."""

    place: int
    sheet: str
    line: int  # as the spreadsheet counts
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass
class Table:
    """What was read: the rows without a fault, and every fault and doubt; further checks add theirs.

    `read` counts the rows of each sheet that are not empty, with a fault or without.
    """

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    heads: dict[int, Heads] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def fault(self, row: Row, column: str, message: str) -> None:
        """Say that a cell keeps the whole file out."""
        self.faults.append(self._at(row, column, message))

    def doubt(self, row: Row, column: str, message: str) -> None:
        """Say that a cell wants a second look, and is taken."""
        self.doubts.append(self._at(row, column, message))

    def _at(self, row: Row, column: str, message: str) -> Fault:
        heads = self.heads[row.place]
        return Fault(
            row.place, row.line, heads.letters(column), row.sheet, heads.word(column), message
        )

    def settle(self) -> None:
        """Raise ValidationError with the faults in their order, the first two hundred and a count of the others."""
        if self.faults:
            raise ValidationError(told(self.faults))


def told(faults: list[Fault], most: int = MOST_FAULTS) -> list[str]:
    """Return faults as sentences, in their order; after the first so many, how many more there are."""
    said = [str(fault) for fault in sorted(faults)[:most]]
    if len(faults) > most:
        said.append(_("另有%(count)d处。") % {"count": len(faults) - most})
    return said


def read_table(
    content: bytes,
    *,
    name: str,
    columns: Sequence[Column],
    bounds: Bounds | None = None,
    only: Callable[[str], bool] | None = None,
) -> Table:
    """Read a file by its columns; `bounds` say how much it may hold, `only` which sheets are read, by their names.

    Raises ValidationError at once for what is no table at all; the faults of cells are in the table (`settle`).
    """
    bounds = bounds or Bounds()
    if content.startswith(OLD_EXCEL):
        raise ValidationError(
            _("这是旧版 Excel（.xls）或者加了密码的文件，请另存为不带密码的 .xlsx。")
        )
    table = Table()
    pages = _workbook(content, bounds) if content.startswith(ZIP) else _csv(content, name, bounds)
    some = False
    for place, (sheet, lines, merged) in enumerate(pages):
        if only is not None and not only(sheet):
            some = True  # another table's: whether that is empty, its own reader says
            continue
        some |= _page(table, place, sheet, lines, merged, columns, bounds)
    if not some:
        raise ValidationError(_("文件里没有内容。"))
    return table


Lines = Iterator[list[Any]]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def _workbook(content: bytes, bounds: Bounds) -> Iterator[tuple[str, Lines, Merged]]:
    """Yield the sheets of a workbook that are shown: name, lines from the first row on, merged cells."""
    from python_calamine import (  # noqa: PLC0415 - only where a workbook is read
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(checked_workbook(content, bounds)))
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible or meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            lines = sheet.to_python(skip_empty_area=False)
            yield meta.name, iter(lines), list(sheet.merged_cell_ranges or [])
    except CalamineError as error:
        raise ValidationError(
            _("这不是能读取的 Excel 工作簿（.xlsx）：文件损坏或者加了密码。")
        ) from error


def _csv(content: bytes, name: str, bounds: Bounds) -> Iterator[tuple[str, Lines, Merged]]:
    """Yield the one sheet of a file of plain text: UTF-8, or the code of older Chinese systems, each strictly."""
    if len(content) > bounds.unpacked:
        raise ValidationError(_("文件太大，请分成几个文件。"))
    yield name.rsplit("/", 1)[-1], _lines_of(_decoded(content)), []


def _decoded(content: bytes) -> str:
    if b"\0" not in content:
        for code in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(code)
            except UnicodeDecodeError:
                continue
    raise ValidationError(_("读不出文字：请另存为 Excel 工作簿（.xlsx）或者 UTF-8 的 CSV。"))


def _lines_of(whole: str) -> Lines:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(whole, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        said = _("第%(line)d行附近的引号不成对，或者一格太长，读不下去。")
        raise ValidationError(said % {"line": reader.line_num}) from error


def _page(
    table: Table, place: int, sheet: str, lines: Lines, merged: Merged, columns: Sequence[Column], bounds: Bounds
) -> bool:  # fmt: skip
    """Read one sheet; False where it is empty."""
    found = heads_of(lines, columns)
    if found is None:
        return False
    heads = table.heads[place] = found
    for message, column in heads.faults:
        table.faults.append(Fault(place, heads.row, letters(column), sheet, "", message))
    if heads.faults:
        return True
    for (first, left), (last, _right) in merged:
        if last + 1 > heads.row:
            said = _("有合并的单元格，请取消合并，逐行填写")
            table.faults.append(Fault(place, first + 1, letters(left + 1), sheet, "", said))
    for number, cells in enumerate(islice(lines, bounds.rows + 1), heads.row + 1):
        if number > bounds.rows:
            said = _("最多%(rows)d行，请分成几个文件") % {"rows": bounds.rows}
            table.faults.append(Fault(place, number, "", sheet, "", said))
            break
        _row(table, Row(place, sheet, number, {}), cells, heads)
    return True


def _row(table: Table, row: Row, cells: list[Any], heads: Heads) -> None:
    """Take a row that is not empty; with a fault in it, it is among the faults and not among the rows."""
    if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
        return
    table.read[row.sheet] = table.read.get(row.sheet, 0) + 1
    clean = len(table.faults)
    for column, place in heads.columns:
        cell = cells[place] if place is not None and place < len(cells) else None
        try:
            row.values[column.name] = column.value(cell)
        except Wrong as error:
            table.fault(row, column.name, str(error))
    for place in range(heads.width, len(cells)):
        if cells[place] not in (None, "") and text(cells[place]):
            said = _("这一格不在任何一列之下")
            table.faults.append(Fault(row.place, row.line, letters(place + 1), row.sheet, "", said))
    if len(table.faults) == clean:
        table.rows.append(row)
