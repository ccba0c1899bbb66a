"""Carrying a draft over to a newer edition, row by row: what both changed a person decides. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from desk.rules.editions import labels_of
from desk.rules.pack.catalogue import FILES, Tables, key_of, name_of
from desk.rules.pack.tables import Row

OURS, THEIRS = "ours", "theirs"  # the draft's row, the newer edition's
CHOICES: Final = (OURS, THEIRS)
Key = tuple[str, ...]
Found = Mapping[Key, Row]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that the draft and the newer edition changed differently; None: it is struck there."""

    file: str
    row: str
    label: str
    before: Row | None
    ours: Row | None
    theirs: Row | None

    @property
    def name(self) -> str:
        """Return what the decision is called: table and row."""
        return f"{self.file.removesuffix('.csv')}-{self.row}"

    @property
    def columns(self) -> list[str]:
        """Return the columns in which the two differ; none where one of them struck the row."""
        if self.ours is None or self.theirs is None:
            return []
        both = dict.fromkeys((*self.ours, *self.theirs))  # a column may be in one of them alone
        return [c for c in both if self.ours.get(c, "") != self.theirs.get(c, "")]


@dataclass
class Carried:
    """The draft on the newer edition: its tables, the rows of its own that went along, and what is to be decided."""

    tables: Tables = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)  # table and label
    conflicts: list[Conflict] = field(default_factory=list)


def carry(base: Tables, draft: Tables, newest: Tables, decided: Mapping[str, str]) -> Carried:
    """Return the draft carried over; `decided` says by a conflict's name whose row stands.

    Rows that only the draft changed are the draft's, rows that only the edition changed the edition's. What is not
    decided yet stands as the edition has it, and is among the conflicts.
    """
    done = Carried()
    for file in FILES:
        was, ours, theirs = (_by_key(file, t[file]) for t in (base, draft, newest))
        done.tables[file] = _table(file, was, ours, theirs, decided, done)
    return done


def _by_key(file: str, rows: list[Row]) -> dict[Key, Row]:
    return {key_of(file, row): row for row in rows}


def _table(
    file: str, base: Found, draft: Found, newest: Found, decided: Mapping[str, str], done: Carried
) -> list[Row]:
    """Return one table in the order of the newer edition, what the draft added last."""
    rows = []
    for key in dict.fromkeys((*newest, *draft, *base)):
        row = _row(file, base.get(key), draft.get(key), newest.get(key), decided, done)
        if row is not None:
            rows.append(row)
    return rows


def _row(
    file: str, was: Row | None, ours: Row | None, theirs: Row | None, decided: Mapping[str, str], done: Carried
) -> Row | None:  # fmt: skip
    if _same(ours, was) or _same(ours, theirs):
        return theirs
    shown = ours or theirs or was
    assert shown is not None  # a key comes from one of the three
    label = labels_of(file, shown)[0]
    if _same(theirs, was):
        done.taken.append((file, label))
        return ours
    conflict = Conflict(file, name_of(file, shown), label, was, ours, theirs)
    done.conflicts.append(conflict)
    return ours if decided.get(conflict.name) == OURS else theirs


def _same(one: Row | None, other: Row | None) -> bool:
    """Whether two rows say the same; a column that one of them lacks is empty."""
    if one is None or other is None:
        return one is other
    return all(one.get(name, "") == other.get(name, "") for name in {*one, *other})


def undecided(conflicts: list[Conflict], decided: Mapping[str, str]) -> list[Conflict]:
    """Return the conflicts nobody has decided."""
    return [one for one in conflicts if decided.get(one.name) not in CHOICES]
