"""The line of headings of a table: where it stands, which column each heading names, and what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from core.documents.sheets.columns import Column, Wrong, text
from core.documents.sheets.rules import letters

SOUGHT: Final = 10  # lines among which the headings are: a title may stand above them


@dataclass
class Heads:
    """The headings: `row` as the spreadsheet counts, the columns with their places, how many places have a heading."""

    row: int
    columns: list[tuple[Column, int | None]] = field(default_factory=list)
    width: int = 0
    faults: list[tuple[str, int]] = field(
        default_factory=list
    )  # sentence and place from 1; 0: none

    def letters(self, name: str) -> str:
        """Return the letters of a column by its name."""
        place = next((place for column, place in self.columns if column.name == name), None)
        return "" if place is None else letters(place + 1)

    def word(self, name: str) -> str:
        """Return the heading of a column by its name."""
        return next((column.head for column, _place in self.columns if column.name == name), "")


def heading(value: Any) -> str:
    """Return a heading as it is compared: without blanks, line ends and the mark of what is compulsory."""
    try:
        found = text(value)
    except Wrong:
        return ""
    plain = unicodedata.normalize("NFKC", found)
    return "".join(character for character in plain if not character.isspace() and character != "*")


def heads_of(lines: Iterator[list[Any]], columns: Sequence[Column]) -> Heads | None:
    """Take the lines up to the headings, and return those; None where nothing is written at all."""
    known = {heading(word): column for column in columns for word in (column.head, *column.also)}
    least = min(2, len(columns))
    seen: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(lines, 1):
        written = [heading(cell) for cell in cells]
        if any(written):
            seen.append((number, written))
        if len({known[word].name for word in written if word in known}) >= least:
            return _heads(number, written, columns, known)
        if number >= SOUGHT:
            break
    if not seen:
        return None
    return _heads(*seen[0], columns, known)


def _heads(
    row: int, written: list[str], columns: Sequence[Column], known: dict[str, Column]
) -> Heads:
    found, places = Heads(row), dict[str, int]()
    for place, word in enumerate(written):
        if not word:
            continue
        found.width = place + 1
        if word not in known:
            said = _("不认识的列名“%(word)s”；可用的列名：%(known)s")
            names = "、".join(column.head for column in columns)
            found.faults.append((said % {"word": word[:40], "known": names}, place + 1))
        elif known[word].name in places:
            said = _("列名“%(word)s”重复，前面%(column)s列已经有了")
            before = letters(places[known[word].name] + 1)
            found.faults.append((said % {"word": word, "column": before}, place + 1))
        else:
            places[known[word].name] = place
    found.columns = [(column, places.get(column.name)) for column in columns]
    for column, at in found.columns:
        if column.required and at is None:
            found.faults.append((_("缺少列“%(word)s”") % {"word": column.head}, 0))
    return found
