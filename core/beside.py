"""Rows that go into the database in the statement of another, where each statement is a journey (PostgreSQL).

The statement they go with changes one row only where it stands as it was read (the page of a book, `core/ledger`), and
they are written from the row it returns: where it returns none, nothing of all this is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.rows import alteration, begun, change, insertion, write


@dataclass(frozen=True)
class Beside:
    """A new row, or of one that is known the columns to be changed, as `write` and `change` write them."""

    row: models.Model
    names: tuple[str, ...] = ()

    def part(self, source: str) -> tuple[str, list[Any]] | None:
        """Return its statement for each row of `source`, with its values; None where only Django can save it."""
        if self.names:
            return alteration(self.row, self.names, source)
        return insertion(self.row, source)

    def alone(self) -> None:
        """Write it by a statement of its own."""
        if self.names:
            change(self.row, *self.names)
        else:
            write(self.row)

    def done(self, key: int | None) -> None:
        """Let the row know that it is written; one that is no longer as it was read says why it cannot be changed."""
        if not self.names and key is not None:
            begun(self.row, key)
        elif key is None:
            self.row.save(update_fields=self.names)


def parts_of(beside: Sequence[Beside], source: str) -> list[tuple[str, list[Any]]] | None:
    """Return the statements of all of them; None where one has to be written alone, and so all are."""
    found = [one.part(source) for one in beside]
    return None if None in found else found  # type: ignore[return-value]


def all_at_one_go(beside: Sequence[Beside]) -> bool:
    """Whether none of them has to be saved by Django."""
    return parts_of(beside, "said") is not None
