"""CSV files with the line of every row, and what each cell may hold by itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from desk.rules.pack.faults import Fault

DIGITS: Final = 6
MOST: Final = 32767  # what a small number of the database holds
_WORD: Final = re.compile(r"[A-Za-z0-9_-]+")


class Reader(Protocol):
    """What csv.reader returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class Row(dict[str, str]):
    """A row by column heading; `.line` is the line of the file on which it begins."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column may hold. `least` makes it a whole number; `several` splits at semicolons.

    `longest` is what the county's database keeps of it; a `word` is of letters, digits, _ and -.
    """

    required: bool = True
    least: int | None = None
    allowed: frozenset[str] = frozenset()
    several: bool = False
    dated: bool = False
    longest: int = 0
    word: bool = False

    def fault(self, text: str) -> str:
        """The reason why this text is refused, or an empty string."""
        if not text:
            return _("不能为空") if self.required else ""
        if self.least is not None:
            return _number_fault(text, self.least)
        if self.dated:
            return _date_fault(text)
        if wrong := self._form(text):
            return wrong
        parts = split(text) if self.several else [text]
        for part in parts:
            if self.allowed and part not in self.allowed:
                return _("“%(text)s”不在允许的取值之内：%(allowed)s") % {
                    "text": part,
                    "allowed": "、".join(sorted(self.allowed)),
                }
        return ""

    def _form(self, text: str) -> str:
        if self.longest and len(text) > self.longest:
            said = {"found": len(text), "most": self.longest}
            return _("有%(found)d个字，最多%(most)d个") % said
        if self.word and not _WORD.fullmatch(text):
            return _("“%(text)s”只能用字母、数字、下划线和连字符") % {"text": text}
        return ""


def split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def whole(text: str) -> bool:
    """Whether a cell is a whole number that can be reckoned with; `²` and a thousand digits are none."""
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS


def _number_fault(text: str, least: int) -> str:
    try:
        number = int(text) if len(text) <= DIGITS else MOST + 1
    except ValueError:
        return _("“%(text)s”不是整数") % {"text": text}
    if number > MOST:
        return _("%(number)d 大于允许的最大值 %(most)d") % {"number": number, "most": MOST}
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
    """A file of the pack: its columns, and the columns whose values together occur once.

    `optional` columns came later: a table from before them lacks them, and is read as if they were empty.
    `may_be_empty`: a county may have none of it, as has every catalogue from before the table came.
    """

    file: str
    key: tuple[str, ...]
    cells: Mapping[str, Cell]
    optional: tuple[str, ...] = ()
    may_be_empty: bool = False
    # Of a file that came later: what it means that a pack from before it has none.
    lacking: Any = ""

    def heads(self, rows: Iterable[Mapping[str, str]]) -> list[str]:
        """Return the headings of some rows as they came, with every optional one that has come into one of them."""
        found = list(rows)
        heads = list(found[0]) if found else list(self.cells)
        return heads + [
            name for name in self.optional if name not in heads and any(r.get(name) for r in found)
        ]

    def offered(self, rows: Iterable[Mapping[str, str]]) -> list[str]:
        """Return the headings under which a row is written: those of the table, and every optional one."""
        heads = self.heads(rows)
        return heads + [name for name in self.optional if name not in heads]


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
    wanted = [column for column in table.cells if column not in table.optional]
    missing = [column for column in wanted if column not in heads]
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
    if not rows and not table.may_be_empty:
        faults.append(Fault(table.file, 1, table.key[0], _("没有任何数据行")))
    for row in rows:
        for column, cell in table.cells.items():
            if message := cell.fault(row.get(column, "")):
                faults.append(Fault(table.file, row.line, column, message))
        key = tuple(row[column] for column in table.key)
        if key in seen:
            message = _("“%(key)s”与第%(line)d行重复") % {
                "key": " ".join(key),
                "line": seen[key],
            }
            faults.append(Fault(table.file, row.line, table.key[-1], message))
        seen.setdefault(key, row.line)
