"""Which papers a project needs, each asked for once, and which are looked up elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from approvals.rules.conditions import parse
from approvals.rules.questionnaire.answers import Facts
from approvals.rules.questionnaire.items import Applied

NEEDED_BY: Final = ("intake", "prereview", "paper", "acceptance")
_condition = cache(parse)


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One row of materials.csv; `row` is its place in the file."""

    row: int
    item_code: str
    name_zh: str
    name_en: str
    form: str
    copies: int
    tolerable: bool
    hint: str
    needed_by: str
    produced_by: tuple[str, ...]
    only_if: str

    @classmethod
    def from_row(cls, row: Mapping[str, str], place: int) -> MaterialRow:
        """Raises ValueError where `copies` is not a number."""
        return cls(
            row=place,
            item_code=row["item_code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            form=row["form"],
            copies=int(row["copies"]),
            tolerable=row["tolerable"] == "yes",
            hint=row["template_hint"],
            needed_by=row["needed_by"],
            produced_by=tuple(filter(None, (c.strip() for c in row["produced_by"].split(";")))),
            only_if=row["only_if"],
        )


@dataclass(frozen=True, slots=True)
class Use:
    """For which item the paper is needed, and when."""

    item_code: str
    needed_by: str
    tolerable: bool


@dataclass(frozen=True, slots=True)
class MaterialNeed:
    """A paper handed in once for all its items.

    It is due at the earliest of its uses, and tolerable only where every use at that stage allows it.
    A `dependency` is another item's output, looked up by number, never asked of the enterprise.
    `certain` is False where an unknown fact could still drop it.
    """

    name_zh: str
    name_en: str
    form: str
    copies: int
    tolerable: bool
    needed_by: str
    hint: str
    produced_by: tuple[str, ...]
    uses: tuple[Use, ...]
    certain: bool

    @property
    def dependency(self) -> bool:
        return bool(self.produced_by)

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(use.item_code for use in self.uses)


def materials_for(
    items: Sequence[Applied], material_rows: Iterable[MaterialRow], facts: Facts
) -> list[MaterialNeed]:
    """The papers of these items by the stage that needs them, then in the order of the file.

    A dependency on items that do not apply to the project is void and left out.
    """
    applied = {item.code: item for item in items}
    merged: dict[tuple[str, tuple[str, ...]], list[tuple[MaterialRow, bool]]] = {}
    for row in material_rows:
        item = applied.get(row.item_code)
        truth = _condition(row.only_if or "always").evaluate(facts)
        if item is None or truth is False:
            continue
        producers = tuple(code for code in row.produced_by if code in applied)
        if row.produced_by and not producers:
            continue
        certain = truth is True and item.applies is True
        merged.setdefault((row.name_zh, producers), []).append((row, certain))
    needs = [_need(rows, producers) for (_name, producers), rows in merged.items()]
    return sorted(needs, key=lambda need: NEEDED_BY.index(need.needed_by))


def _need(rows: list[tuple[MaterialRow, bool]], producers: tuple[str, ...]) -> MaterialNeed:
    first = min((row for row, _certain in rows), key=lambda row: NEEDED_BY.index(row.needed_by))
    every = [row for row, _certain in rows]
    return MaterialNeed(
        name_zh=first.name_zh,
        name_en=first.name_en,
        form="original" if any(r.form == "original" for r in every) else first.form,
        copies=max(r.copies for r in every),
        tolerable=all(r.tolerable for r in every if r.needed_by == first.needed_by),
        needed_by=first.needed_by,
        hint=first.hint,
        produced_by=producers,
        uses=tuple(Use(r.item_code, r.needed_by, r.tolerable) for r in every),
        certain=any(certain for _row, certain in rows),
    )
