"""What one edition of the catalogue says otherwise than another, row by row, and for whom it is lighter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from desk.rules.pack.catalogue import FILES, Tables, key_of, name_of
from desk.rules.pack.redlines import STRICT
from desk.rules.pack.tables import Row, whole

LIGHTER, HEAVIER, EITHER = "lighter", "heavier", ""
ADDED, STRUCK, CHANGED = "added", "struck", "changed"
# What a row more asks of the enterprise: items, papers and clauses do; a question does not by itself.
ASKING: Final = ("catalogue.csv", "materials.csv", "clauses.csv")
# How much a value asks of the enterprise, or how long it waits; what is not here has no direction.
WEIGHT: Final[Mapping[str, Mapping[str, int]]] = {
    **STRICT,
    "class": {"service": 0, "commitment": 1, "retained": 2},
    "tolerable": {"yes": 0, "no": 1},
    "tolerance_model": {"2": 0, "1": 1, "": 1},
    "needed_by": {"acceptance": 0, "paper": 1, "prereview": 2, "intake": 3},
    "form": {"electronic": 0, "copy": 1, "original": 2},
}
DAYS: Final = ("promised_days", "statutory_days")


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: from what to what, and its direction as the enterprise sees it."""

    column: str
    before: str
    after: str
    direction: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row added, struck, or changed in some cells."""

    file: str
    row: str
    key: tuple[str, ...]
    label: str
    label_en: str
    what: str
    direction: str
    cells: tuple[CellChange, ...] = ()


def difference(before: Tables, after: Tables) -> list[RowChange]:
    """Return the changes in the order of the new tables, what was struck last in each."""
    return [change for file in FILES for change in _of_table(file, before[file], after[file])]


def _of_table(file: str, before: Iterable[Row], after: Iterable[Row]) -> Iterator[RowChange]:
    was = {key_of(file, row): row for row in before}
    now = {key_of(file, row): row for row in after}
    more = HEAVIER if file in ASKING else EITHER
    less = LIGHTER if file in ASKING else EITHER
    for key, row in now.items():
        if key not in was:
            yield _row(file, row, ADDED, _unless_looked_up(row, more))
        elif cells := _cells(was[key], row):
            yield _row(file, row, CHANGED, _together(cells), cells)
    for key, row in was.items():
        if key not in now:
            yield _row(file, row, STRUCK, _unless_looked_up(row, less))


def _unless_looked_up(row: Row, direction: str) -> str:
    """A paper that another item produces is looked up by number, never asked for."""
    return EITHER if row.get("produced_by") else direction


def _row(
    file: str, row: Row, what: str, direction: str, cells: tuple[CellChange, ...] = ()
) -> RowChange:
    zh, en = labels_of(file, row)
    return RowChange(
        file, name_of(file, row), key_of(file, row), zh, en, what, direction, cells
    )  # fmt: skip


def labels_of(file: str, row: Mapping[str, str]) -> tuple[str, str]:
    """Return what a row is called, in Chinese and in English."""
    if file == "questions.csv":
        return row["question_zh"], row["question_en"]
    if file == "clauses.csv":
        zh, en = row["text_zh"], row["text_en"]
        return (
            f"{row['item_code']} {row['number']} {zh}",
            f"{row['item_code']} {row['number']} {en}",
        )
    code = row.get("code") or row["item_code"]
    return f"{code} {row['name_zh']}", f"{code} {row['name_en']}"


def _cells(was: Row, now: Row) -> tuple[CellChange, ...]:
    columns = dict.fromkeys((*now, *was))
    pairs = ((c, was.get(c, ""), now.get(c, "")) for c in columns)
    return tuple(CellChange(c, a, b, direction(c, a, b)) for c, a, b in pairs if a != b)


def direction(column: str, before: str, after: str) -> str:
    """Return whether a change asks less of the enterprise (or lets it wait less), more, or cannot be told."""
    if column in DAYS:
        return _by_days(before, after)
    rank = WEIGHT.get(column, {})
    if column == "copies" and whole(before) and whole(after):
        rank = {before: int(before), after: int(after)}
    if before not in rank or after not in rank or rank[before] == rank[after]:
        return EITHER
    return LIGHTER if rank[after] < rank[before] else HEAVIER


def _by_days(before: str, after: str) -> str:
    """A limit that is given where there was none is lighter, one that is taken away is heavier."""
    old = int(before) if whole(before) else None
    new = int(after) if whole(after) else None
    if old == new:
        return EITHER
    return LIGHTER if old is None or (new is not None and new < old) else HEAVIER


def _together(cells: Iterable[CellChange]) -> str:
    found = {cell.direction for cell in cells} - {EITHER}
    return found.pop() if len(found) == 1 else EITHER
