"""CSV files with the line of every row, and what each cell may hold by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from desk.rules.pack.faults import Fault


class Reader(Protocol):
    """What csv.reader returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class Row(dict[str, str]):
    """A row by column heading; `.line` is the line of the file on which it begins."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column may hold. `least` makes it a whole number; `several` splits at semicolons."""

    required: bool = True
    least: int | None = None
    allowed: frozenset[str] = frozenset()
    several: bool = False
    dated: bool = False

    def fault(self, text: str) -> str:
        """The reason why this text is refused, or an empty string."""
        if not text:
            return _("不能为空") if self.required else ""
        if self.least is not None:
            return _number_fault(text, self.least)
        if self.dated:
            return _date_fault(text)
        parts = split(text) if self.several else [text]
        for part in parts:
            if self.allowed and part not in self.allowed:
                return _("“%(text)s”不在允许的取值之内：%(allowed)s") % {
                    "text": part,
                    "allowed": "、".join(sorted(self.allowed)),
                }
        return ""


def split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _number_fault(text: str, least: int) -> str:
    try:
        number = int(text)
    except ValueError:
        return _("“%(text)s”不是整数") % {"text": text}
    if number < least:
        return _("%(number)d 小于允许的最小值 %(least)d") % {"number": number, "least": least}
    return ""


def _date_fault(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return _("“%(text)s”不是有效日期") % {"text": text}
    return ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the pack: its columns, and the columns whose values together occur once."""

    file: str
    key: tuple[str, ...]
    cells: Mapping[str, Cell]


def read_table(table: Table, data: bytes, faults: list[Fault]) -> list[Row] | None:
    """The rows of a CSV file; None where its head cannot be used. Faults are written down."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(Fault(table.file, line, "-", _("不是 UTF-8 编码")))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heads = next(reader, [])
    missing = [column for column in table.cells if column not in heads]
    faults.extend(Fault(table.file, 1, column, _("缺少此列")) for column in missing)
    if missing:
        return None
    rows = _rows(table, heads, reader, faults)
    if rows is not None:
        check_cells(table, rows, faults)
    return rows


def _rows(table: Table, heads: list[str], reader: Reader, faults: list[Fault]) -> list[Row] | None:
    rows: list[Row] = []
    line = reader.line_num + 1
    try:
        for cells in reader:
            if cells and len(cells) != len(heads):
                said = {"found": len(cells), "wanted": len(heads)}
                message = _("此行有%(found)d格，表头有%(wanted)d格") % said
                faults.append(Fault(table.file, line, "-", message))
            elif cells:
                row = Row(zip(heads, (cell.strip() for cell in cells), strict=True))
                row.line = line
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(table.file, line, "-", _("CSV 格式有误：%(why)s") % {"why": error}))
        return None
    return rows


def check_cells(table: Table, rows: list[Row], faults: list[Fault]) -> None:
    """Each cell by itself, then the key of each row against the rows before it."""
    seen: dict[tuple[str, ...], int] = {}
    if not rows:
        faults.append(Fault(table.file, 1, table.key[0], _("没有任何数据行")))
    for row in rows:
        for column, cell in table.cells.items():
            if message := cell.fault(row[column]):
                faults.append(Fault(table.file, row.line, column, message))
        key = tuple(row[column] for column in table.key)
        if key in seen:
            message = _("“%(key)s”与第%(line)d行重复") % {
                "key": " ".join(key),
                "line": seen[key],
            }
            faults.append(Fault(table.file, row.line, table.key[-1], message))
        seen.setdefault(key, row.line)
