"""Finding by a part of a word, as Chinese needs it: 麻 finds 麻田镇, on both databases, without another server.

Beside a text stand its grams: each of its characters, and each two that stand side by side. What is asked for is cut
the same way; whoever lacks one of its grams cannot hold it, and those that are left are asked for the words themselves.
So the hits are those of a search for a part of the text, from one character up. SQLite keeps the grams in FTS5,
PostgreSQL in a GIN index.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any

from django.db import connections
from django.db.migrations.operations.base import Operation
from django.db.models import QuerySet

# PostgreSQL alone: held by more rows than this, the rarest gram narrows less than reading the newest rows does.
COMMON, COMMON_IN_LONGER = (
    3_500,
    50_000,
)  # for one or two characters, for more; measured (docs/benchmarks.md)
STATISTICS_SECONDS = 600
PUT = "INSERT INTO {t}_grams(rowid, grams) VALUES (new.{k}, new.grams)"
TAKE = "INSERT INTO {t}_grams({t}_grams, rowid, grams) VALUES ('delete', old.{k}, old.grams)"
FTS = "fts5(grams, content='{t}', content_rowid='{k}', tokenize='ascii', detail='none')"
SQLITE = (
    "CREATE VIRTUAL TABLE {t}_grams USING " + FTS,
    "CREATE TRIGGER {t}_grams_in AFTER INSERT ON {t} BEGIN " + PUT + "; END",
    "CREATE TRIGGER {t}_grams_out AFTER DELETE ON {t} BEGIN " + TAKE + "; END",
    "CREATE TRIGGER {t}_grams_new AFTER UPDATE ON {t} BEGIN " + TAKE + "; " + PUT + "; END",
)
POSTGRES = ("CREATE INDEX {t}_grams ON {t} USING gin (string_to_array(grams, ' '))",)
HELD = """SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs
          FROM pg_stats s JOIN pg_class c ON c.relname = %s
          WHERE s.schemaname = current_schema() AND s.tablename = %s AND s.most_common_elems IS NOT NULL"""


def folded(text: str) -> str:
    """Return a text as it is compared: full and half width, upper and lower case, and spaces are alike."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def grams(text: str) -> list[str]:
    """Return the characters and the pairs of a folded text, each once, sorted; no pair spans a mark or a space."""
    found: set[str] = set(filter(str.isalnum, text))
    found.update(one + two for one, two in pairwise(text) if one.isalnum() and two.isalnum())
    return sorted(found)


def wanted(word: str) -> list[str]:
    """Return the grams that a folded word must find: its pairs, and a character only where it stands alone."""
    pairs = [gram for gram in grams(word) if len(gram) > 1]
    paired = set("".join(pairs))
    return pairs + [char for char in grams(word) if len(char) == 1 and char not in paired]


def holding(rows: QuerySet[Any], text: str, words: str) -> QuerySet[Any]:
    """Narrow rows to those whose text holds each of the words.

    `text` is the way from the row to its one text, whose key is the row's own: a model with `text` and `grams`.
    """
    asked = folded(words).split()
    needed = [gram for word in asked for gram in wanted(word)]
    for word in asked:
        rows = rows.filter(**{f"{text}__text__contains": word})
    if not needed:
        return rows
    table = rows.model._meta.get_field(text).related_model._meta.db_table
    if connections[rows.db].vendor == "sqlite":
        return _by_fts(rows, table, needed)
    longest = max(map(len, asked))
    if _too_common(rows.db, table, needed, longest):
        return rows
    return rows.extra(  # noqa: S610 - a table of ours; the grams are a parameter
        where=[f"string_to_array({table}.grams, ' ') @> %s::text[]"], params=[needed]
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


def _too_common(alias: str, table: str, needed: list[str], longest: int) -> bool:
    """Whether even the rarest of the grams is in so many rows that reading the newest ones comes to an end sooner."""
    rows, held = _held(alias, table, int(monotonic() // STATISTICS_SECONDS))
    most = COMMON if longest <= 2 else COMMON_IN_LONGER  # noqa: PLR2004 - one pair
    return min(held.get(gram, 0) for gram in needed) * rows > most


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
