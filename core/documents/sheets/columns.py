"""The columns of a table that somebody hands in: what each is called, and what its cells may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from core.documents.sheets.rules import cleaned, unshielded

ERRORS: Final = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!"}
)
_DAY: Final = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_SERIALS: Final = range(20_000, 80_000)  # days since 1899-12-30: from 1954 to 2119
_FIRST: Final = date(1899, 12, 30)
_EXACT: Final = 10**15  # whole numbers from here on lose their last digits in a spreadsheet


class Wrong(ValueError):
    """A cell does not hold what its column holds; the sentence says why."""


def text(value: Any) -> str:
    """Return a cell as text, without blanks around it; a number that is whole has no point."""
    if value is None or isinstance(value, str):
        return unshielded(cleaned(value or "").strip())
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float | int):
        if abs(value) >= _EXACT:
            raise Wrong(_("电子表格把它当作数字，末几位已经丢失；请把这一列设为文本，重新填写"))
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return str(value)


def day(value: Any) -> date:
    """Return a day: a date of the spreadsheet, its number of days, or 2018-06-15, 2018/6/15, 2018年6月15日."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and int(value) in _SERIALS:
        return _FIRST + timedelta(days=int(value))
    written = unicodedata.normalize("NFKC", text(value)).strip()
    if written.isdecimal() and int(written) in _SERIALS:
        return _FIRST + timedelta(days=int(written))
    found = _DAY.fullmatch(written)
    if found is not None:
        year, *rest = (part for part in found.groups() if part is not None)
        try:
            return date(int(year), *(int(part) for part in rest))  # type: ignore[arg-type]
        except ValueError:
            pass
    raise Wrong(_("“%(text)s”不是日期，请写成 2018-06-15") % {"text": written[:40]})


def number(value: Any) -> Decimal:
    """Return an amount; separators of thousands are let pass, units are not."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Decimal(str(value))
    written = unicodedata.normalize("NFKC", text(value)).replace(",", "").strip()
    try:
        found = Decimal(written)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Wrong(_("“%(text)s”不是数字，不要写单位") % {"text": written[:40]})
    return found


def whole(value: Any) -> int:
    """Return a whole number."""
    found = number(value)
    if found != found.to_integral_value() or abs(found) >= _EXACT:
        raise Wrong(_("“%(text)s”不是整数") % {"text": str(found)[:40]})
    return int(found)


@dataclass(frozen=True)
class Column:
    """A column: its name in code, its heading, other headings it goes by, and what its cells hold.

    `holds` turns a cell into a value or raises Wrong. `choices` are the values by the words for them. A column that
    is `required` must be there and be filled; one that is not may be missing from the sheet.
    """

    name: str
    head: str
    holds: Callable[[Any], Any] = text
    required: bool = False
    most: int = 200
    also: tuple[str, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict)

    def value(self, found: Any) -> Any:
        """Return what a cell says; None, or an empty text, where it is empty. Raises Wrong."""
        if isinstance(found, str) and found.strip() in ERRORS:
            raise Wrong(_("单元格里是公式的错误值 %(text)s") % {"text": found.strip()})
        if found is None or (isinstance(found, str) and not found.strip()):
            if self.required:
                raise Wrong(_("不能为空"))
            return "" if self.holds is text and not self.choices else None
        if self.choices:
            return self._choice(text(found))
        value = self.holds(found)
        if isinstance(value, str) and len(value) > self.most:
            said = {"most": self.most, "count": len(value)}
            raise Wrong(_("最多%(most)d字，现有%(count)d字") % said)
        return value

    def _choice(self, written: str) -> Any:
        if written not in self.choices:
            said = {"text": written[:40], "known": "、".join(self.choices)}
            raise Wrong(_("“%(text)s”不在可填的之内：%(known)s") % said)
        return self.choices[written]
