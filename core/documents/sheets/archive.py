"""An Excel workbook before it is opened: small enough, no bomb, and nothing in it but what was looked at.

Whatever reads a workbook lays a sheet out as a full table from its first to its last cell: two cells in its corners
are enough to ask for seventeen thousand million. So every part is unpacked here, up to a bound and against its check
sum, the places of its cells are looked at, and what was looked at is packed anew: the reader sees nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WANTED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/[^/]+\.rels|xl/worksheets/(?:_rels/)?[^/]+"
    r"|xl/(?:workbook|sharedStrings|styles)\.xml"
)
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d*)["']""")
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
_DIGITS: Final = 7  # what a row's number may have
_MOST_LETTERS: Final = 3


@dataclass(frozen=True)
class Bounds:
    """How much one file may hold."""

    rows: int = 20_000  # in one sheet
    columns: int = 60
    sheets: int = 40
    unpacked: int = 64 << 20  # bytes of all parts together
    ratio: int = 200  # of what is unpacked to what was sent
    parts: int = 500


def checked_workbook(content: bytes, bounds: Bounds) -> bytes:
    """Return a workbook with nothing in it but what was looked at; ValidationError where it may not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, len(content), bounds)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:  # fmt: skip
        raise ValidationError(
            _("这不是能读取的 Excel 工作簿（.xlsx）：文件损坏或者加了密码。")
        ) from error
    if "xl/workbook.xml" not in parts:
        raise ValidationError(_("这不是 Excel 工作簿（.xlsx）。"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as anew:
        for name, data in parts.items():
            anew.writestr(name, data)
    return made.getvalue()


def _parts(archive: zipfile.ZipFile, sent: int, bounds: Bounds) -> dict[str, bytes]:
    """Unpack what is needed, no more of it than a part says of itself and all together may have."""
    listed = archive.infolist()
    total = sum(info.file_size for info in listed)
    if len(listed) > bounds.parts or total > bounds.unpacked or total > bounds.ratio * sent:
        raise ValidationError(
            _("工作簿展开后太大，没有打开。请删去图片和多余的内容，或者分成几个文件。")
        )
    names = [info.filename for info in listed]
    if len(names) != len(set(names)):
        raise ValidationError(_("工作簿里有重名的部分，没有打开。"))
    sheets = [name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    if len(sheets) > bounds.sheets:
        most = {"most": bounds.sheets}
        raise ValidationError(_("工作表超过%(most)d张，请分成几个文件。") % most)
    found: dict[str, bytes] = {}
    for info in listed:
        if _WANTED.fullmatch(info.filename):
            found[info.filename] = data = archive.read(info)
            _refuse_what_is_no_table(info.filename, data, bounds)
    return found


def _refuse_what_is_no_table(name: str, data: bytes, bounds: Bounds) -> None:
    """Refuse a part that asks the reader for more room than a table of this size needs."""
    if b"\0" in data[:200] or b"<!DOCTYPE" in data[:1000]:
        raise ValidationError(_("工作簿的写法不是 Excel 的，没有打开。"))
    if b"sheetData" not in data:
        return
    places = _PLACE.findall(data)
    named, numbered = {column for column, _row in places}, {row for _column, row in places}
    if any(len(row) > _DIGITS for row in numbered) or any(len(c) > _MOST_LETTERS for c in named):
        raise ValidationError(_("工作簿的写法不是 Excel 的，没有打开。"))
    kinds: list[bytes] = _ROW_OR_CELL.findall(data)
    rows = max(kinds.count(b"row"), *(int(row or 0) for row in numbered), 0)
    columns = max((_number(column) for column in named), default=0)
    if rows > bounds.rows or columns > bounds.columns or len(kinds) > bounds.rows * bounds.columns:
        most = {"rows": bounds.rows, "columns": bounds.columns}
        raise ValidationError(
            _(
                "一张工作表最多%(rows)d行、%(columns)d列（格式设到很远的空单元格也算）。请删去多余的行列，或者分成几个文件。"
            )
            % most
        )


def _number(column: bytes) -> int:
    """Return the place of a column by its letters: A is 1; 0 where there are none."""
    found = 0
    for letter in column.upper():
        found = found * 26 + letter - 64
    return found
