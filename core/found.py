"""The newest rows that hold some words, by their keys: a question that is put together once for each number of words.

The same rows as `core.grams.holding()` narrows to, without a queryset: Django takes longer to put such a question
together than the database takes to answer it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from core.grams import array_of, folded, needed

# The words themselves are looked for in what the grams leave: a gram says nothing of where it stands.
SQLITE = """SELECT g.rowid FROM {t}_grams g CROSS JOIN {t} t ON t.{k} = g.rowid
            WHERE g.{t}_grams MATCH %s{held}{side} ORDER BY g.rowid {way} LIMIT %s"""
WALKED = "SELECT t.{k} FROM {t} t WHERE 1 = 1{held}{side} ORDER BY t.{k} {way} LIMIT %s"
# First all that have the grams, then the newest of them: the planner would walk the keys as soon as there is a limit.
POSTGRES = """WITH t AS MATERIALIZED (SELECT {k}, text FROM {t} WHERE string_to_array(grams, ' ') @> {grams})
              SELECT t.{k} FROM t WHERE TRUE{held}{side} ORDER BY t.{k} {way} LIMIT %s"""
GRAMS = "{grams}"
HELD = {"sqlite": " AND instr(t.text, %s) > 0", "postgresql": " AND strpos(t.text, %s) > 0"}


@dataclass(frozen=True)
class Found:
    """Where texts are found: a table with `text` and `grams` and its index, and the name of its key."""

    table: str
    key: str

    def keys(self, words: str, most: int) -> list[int]:
        """Return the keys of the newest rows that hold each of the words, newest first. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, values = self._asked(words, most)
        return [key for (key,) in _told(connection, sql, [*values, most])]

    def beside(
        self, words: str, most: int, counted: int, *, before: int | None, after: int | None
    ) -> tuple[list[int], int]:
        """Return those before a key, newest first, or after one, oldest first; and how many there are. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        page, values = self._asked(words, most, before is not None, after is not None)
        every, again = self._asked(words, counted)
        at = [key for key in (before, after) if key is not None]
        sql = f"SELECT 0, p.* FROM ({page}) AS p UNION ALL SELECT 1, COUNT(*) FROM ({every}) AS e"  # noqa: S608 - put together of our own
        rows = _told(connection, sql, [*values, *at, most, *again, counted])
        keys = sorted((key for kind, key in rows if kind == 0), reverse=after is None)
        return keys, next(count for kind, count in rows if kind == 1)

    def _asked(
        self, words: str, most: int, before: bool = False, after: bool = False
    ) -> tuple[str, list[Any]]:  # fmt: skip
        asked = folded(words).split()
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        grams = needed(DEFAULT_DB_ALIAS, self.table, self.key, asked, most)
        sql = _said(vendor, self, bool(grams), len(asked), before, after)
        if grams and vendor == "sqlite":
            return sql, [" AND ".join(f'"{gram}"' for gram in grams), *asked]
        return sql.replace(GRAMS, array_of(grams), 1) if grams else sql, asked


def _told(connection: Any, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@cache
def _said(vendor: str, where: Found, by_index: bool, words: int, before: bool, after: bool) -> str:
    """Return a statement; names of our tables, and nothing that anybody asks for."""
    form = WALKED if not by_index else SQLITE if vendor == "sqlite" else POSTGRES
    key = "g.rowid" if by_index and vendor == "sqlite" else f"t.{where.key}"
    side = f" AND {key} < %s" * before + f" AND {key} > %s" * after
    way = "ASC" if after else "DESC"
    return form.format(
        t=where.table, k=where.key, held=HELD[vendor] * words, side=side, way=way, grams=GRAMS
    )
