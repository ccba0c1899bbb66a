"""Finding by a part of a word, as Chinese needs it: 麻 finds 麻田镇, on both databases, without another server.

Beside a text stand its grams: each of its characters, and each two that stand side by side. What is asked for is cut
the same way; whoever lacks one of its grams cannot hold it, and those that are left are asked for the words themselves.
So the hits are those of a search for a part of the text, from one character up. SQLite keeps the grams in FTS5,
PostgreSQL in a GIN index.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any

from django.db import connections
from django.db.migrations.operations.base import Operation
from django.db.models import QuerySet

# PostgreSQL alone. Of a table with fewer rows the newest are read: its planner would read all and cut each anew.
SMALL = 5_000
# Of longer words so many times fewer hits are left than the rarest of their grams has; measured (docs/benchmarks.md).
IN_LONGER = 5
MOST = 100  # rows that are wanted, where nobody says how many
STATISTICS_SECONDS = 600
LOOKED_AT, NEARLY_ALL = 64, 58
FOUR = 4
TOGETHER = re.compile(r"[^\W_]+")  # what is no letter and no figure parts a word
CODE = re.compile(r"[0-9a-z]{4,}")
PUT = "INSERT INTO {t}_grams(rowid, grams) VALUES (new.{k}, new.grams)"
TAKE = "INSERT INTO {t}_grams({t}_grams, rowid, grams) VALUES ('delete', old.{k}, old.grams)"
FTS = "fts5(grams, content='{t}', content_rowid='{k}', tokenize='ascii', detail='none')"
SQLITE = (
    "CREATE VIRTUAL TABLE {t}_grams USING " + FTS,
    "CREATE TRIGGER {t}_grams_in AFTER INSERT ON {t} BEGIN " + PUT + "; END",
    "CREATE TRIGGER {t}_grams_out AFTER DELETE ON {t} BEGIN " + TAKE + "; END",
    "CREATE TRIGGER {t}_grams_new AFTER UPDATE ON {t} BEGIN " + TAKE + "; " + PUT + "; END",
)
# Each text goes in at once: what is put in later is read through by every search until then.
POSTGRES = (
    "CREATE INDEX {t}_grams ON {t} USING gin (string_to_array(grams, ' ')) WITH (fastupdate = off)",
)
HELD = """SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs
          FROM pg_stats s JOIN pg_class c ON c.relname = %s
          WHERE s.schemaname = current_schema() AND s.tablename = %s AND s.most_common_elems IS NOT NULL"""


def folded(text: str) -> str:
    """Return a text as it is compared: full and half width, upper and lower case, and spaces are alike."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def grams(text: str) -> list[str]:
    """Return the characters and the pairs of a folded text, each once, sorted; no pair spans a mark or a space.

    Of what is written in Latin letters and figures, four in a row, too: of a code each pair is in nearly every text.
    """
    found: set[str] = set(filter(str.isalnum, text))
    found.update(one + two for one, two in pairwise(text) if one.isalnum() and two.isalnum())
    for run in CODE.finditer(text):
        found.update(text[at : at + FOUR] for at in range(run.start(), run.end() - FOUR + 1))
    return sorted(found)


def wanted(word: str) -> list[str]:
    """Return the grams that a folded word must find, side by side, so that each of its characters is in one.

    Fours of what is written in Latin letters and figures, pairs of what else stands together, lone characters.
    """
    needed: set[str] = set()
    for run in TOGETHER.finditer(word):
        part = run.group()
        for code in CODE.finditer(part):
            needed.update(_cover(code.group(), FOUR))
        for rest in CODE.split(part):
            needed.update(_cover(rest, 2))
    return sorted(needed)


def _cover(part: str, size: int) -> list[str]:
    if len(part) <= size:
        return [part] if part else []
    last = len(part) - size
    return [part[at : at + size] for at in (*range(0, last, size), last)]


def needed(alias: str, table: str, key: str, asked: list[str], most: int = MOST) -> list[str]:
    """Return for which grams of some words the index is asked; none where reading the newest rows ends sooner.

    What nearly every text has narrows nothing and costs a look through its long list.
    """
    found = {gram for word in asked for gram in wanted(word)}
    found -= _everywhere(alias, table, key, int(monotonic() // STATISTICS_SECONDS))
    vendor = connections[alias].vendor
    if found and vendor == "postgresql":
        longest = max(map(len, asked))
        if _too_common(alias, table, found, most if longest <= 2 else most * IN_LONGER**2):  # noqa: PLR2004 - one pair
            return []
    return sorted(found)


def holding(rows: QuerySet[Any], text: str, words: str) -> QuerySet[Any]:
    """Narrow rows to those whose text holds each of the words.

    `text` is the way from the row to its one text, whose key is the row's own: a model with `text` and `grams`.
    """
    asked = folded(words).split()
    for word in asked:
        rows = rows.filter(**{f"{text}__text__contains": word})
    own = rows.model._meta.get_field(text).related_model._meta
    table = own.db_table
    if not (grams_of := needed(rows.db, table, own.pk.column, asked)):
        return rows
    if connections[rows.db].vendor == "sqlite":
        return _by_fts(rows, table, grams_of)
    return rows.extra(  # noqa: S610 - a table of ours; a gram has letters and figures alone
        where=[f"string_to_array({table}.grams, ' ') @> {array_of(grams_of)}"]
    )


def _by_fts(rows: QuerySet[Any], table: str, needed: list[str]) -> QuerySet[Any]:
    own = rows.model._meta
    return rows.extra(  # noqa: S610 - as above; a gram has letters and digits alone
        tables=[f"{table}_grams"],
        where=[f"{table}_grams.rowid = {own.db_table}.{own.pk.column}", f"{table}_grams MATCH %s"],
        params=[" AND ".join(f'"{gram}"' for gram in needed)],
    )


def newest_first(rows: QuerySet[Any], before: int | None = None) -> QuerySet[Any]:
    """Put the last key first, from before a key on; found by words too, only as many are read as are shown."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    index = next((name for name in rows.query.extra_tables if name.endswith("_grams")), None)
    if index is None:
        return rows.order_by("-pk")
    if before is not None:
        rows = rows.extra(where=[f"{index}.rowid < %s"], params=[before])  # noqa: S610 - a table of ours
    return rows.extra(order_by=[f"-{index}.rowid"])


def _too_common(alias: str, table: str, needed: set[str], most: int) -> bool:
    """Whether reading the newest rows until there are enough comes to an end sooner than reading the rarest gram's.

    Of rows of which one in so many has it, that many times what is wanted are read.
    """
    rows, held = _held(alias, table, int(monotonic() // STATISTICS_SECONDS))
    rarest = min(held.get(gram, 0) for gram in needed) * rows
    return rows < SMALL or rarest * rarest > most * rows


def array_of(grams: list[str]) -> str:
    """Return grams as PostgreSQL reads an array in a statement: only so does its planner know how rare they are.

    They have letters and figures alone, so there is nothing to escape; anything else is refused (ValueError).
    """
    if not all(gram.isalnum() for gram in grams):
        raise ValueError(grams)
    return "'{" + ",".join(f'"{gram}"' for gram in grams) + "}'::text[]"


@lru_cache(maxsize=8)
def _everywhere(alias: str, table: str, key: str, _while: int) -> frozenset[str]:
    """Return the grams that nearly all of the newest texts have; none of few texts. Kept as `_held()` is."""
    sql = f"SELECT grams FROM {table} ORDER BY {key} DESC LIMIT %s"  # noqa: S608 - a table of ours
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, [LOOKED_AT])
        texts = [set(said.split()) for (said,) in cursor.fetchall()]
    counted = Counter(gram for text in texts for gram in text) if len(texts) == LOOKED_AT else {}
    return frozenset(gram for gram, count in counted.items() if count >= NEARLY_ALL)


@lru_cache(maxsize=8)
def _held(alias: str, table: str, _while: int) -> tuple[float, dict[str, float]]:
    """Return how many rows there are and which share of them has a gram, as the database last estimated it.

    Kept by each process for a while: it says how to look, and never what is found.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(HELD, [table, f"{table}_grams"])
        found = cursor.fetchone()
    return (found[0], dict(zip(found[1], found[2], strict=False))) if found else (0, {})


class Grams(Operation):
    """A step of a migration that makes the index of a table with `text` and `grams`; it looks at no model."""

    def __init__(self, table: str, key: str) -> None:
        """Keep the names of the table and of its key."""
        self.names = {"t": table, "k": key}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Make it; rows that are there already are indexed by whoever fills their grams."""
        for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
            schema_editor.execute(statement.format(**self.names))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take it away."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {self.names['t']}_grams")
            return
        for name in ("in", "out", "new"):
            schema_editor.execute(f"DROP TRIGGER {self.names['t']}_grams_{name}")
        schema_editor.execute(f"DROP TABLE {self.names['t']}_grams")
