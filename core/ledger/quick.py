"""Whether the whole ledger holds, said quickly: yes, or "look closer".

The database puts the text of many entries together and hands it over in one piece, and the next piece is put together
while this one is digested; no row becomes an object of its own. What does not come out exactly is never judged here:
`queries.verify_all` then reads entry by entry and names the place.
"""

import hashlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import DatabaseError, connection

from core.ledger import reading
from core.ledger.models import GENESIS

PORTION = 4_000
# Of each entry a JSON array: the eight values that are digested, with the times in UTC; its digest, its book, and
# whether it is the last that its book knows of. JSON escapes line ends: one line is one entry, whatever a column holds.
LAST = "CASE WHEN b.sequence = e.sequence AND b.head = e.digest THEN 1 ELSE 0 END"
TEXTS = (
    "b.code",
    "e.act",
    "m.reference",
    "{event}",
    "{entered}",
    "e.payload",
    "e.previous",
    "e.digest",
)
SQLITE = {
    "quoted": "{}",
    "time": "CAST({} AS text)",
    "line": "json_array({})",
    "joined": "group_concat(line, char(10))",
}
POSTGRES = {
    "quoted": "to_json({}::text)",
    # Years before Christ are written with the same digits as ours: they are told apart by their era.
    "time": "replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')"
    " || CASE WHEN {0} < '0001-01-01' THEN ' BC' ELSE '' END",
    "line": "'[' || concat_ws(',', {}) || ']'",
    "joined": "string_agg(line, chr(10))",
}
NULL = "null"
HOUR = reading.HOUR + 1  # of a time that stands in quotes


def holds(portion: int = PORTION) -> int | None:
    """Return how many entries there are where every chain holds and ends as its book says; None means: look closer.

    `portion` is how many entries are put together at a time.
    """
    try:
        with closing(_portions(portion)) as portions:
            return _walk(chain.from_iterable(portions))
    except (DatabaseError, ValueError, OverflowError):
        return None  # a column holds what no entry has; a database that is gone says so to the one who looks closer


def _walk(lines: Iterator[str]) -> int | None:
    entries, count, book, head, ends = 0, 0, "", f'"{GENESIS}"', True
    for line in lines:
        code, sequence, act, actor, event, entered, rest = line.split(",", 6)
        payload, previous, digest, of, last = rest.rsplit(",", 4)
        if of != book:
            if not ends or code == "[null":
                return None
            entries += count
            count, book, head = 0, of, f'"{GENESIS}"'
        count += 1
        before, zone = _hour(event[1:HOUR])
        first, behind = _hour(entered[1:HOUR])
        text = (
            f'{code},{sequence},{act},{actor},"{before}{event[HOUR:-1]}{zone}",'
            f'"{first}{entered[HOUR:-1]}{behind}",{payload},{head}]'
        )
        found = f'"{hashlib.sha256(text.encode()).hexdigest()}"'
        if digest != found or previous != head or int(sequence) != count or actor == NULL:
            return None
        head, ends = digest, last == "1]"
    return entries + count if ends else None


@lru_cache(maxsize=4096)
def _hour(stored: str) -> tuple[str, str]:
    """Return what stands before and behind the minutes of an hour; ValueError where that is not so simple."""
    before, behind = reading.hour(stored)
    if not behind:
        raise ValueError(stored)
    return before, behind


def _statement(portion: int) -> str:
    way = POSTGRES if connection.vendor == "postgresql" else SQLITE
    times = {name: way["time"].format(f"e.{name}_at") for name in ("event", "entered")}
    values = [way["quoted"].format(column.format(**times)) for column in TEXTS]
    line = way["line"].format(", ".join([values[0], "e.sequence", *values[1:], "e.book_id", LAST]))
    return (
        f"SELECT count(*), {way['joined']} FROM (SELECT {line} AS line{reading.JOINED}{reading.AFTER}"  # noqa: S608
        f" ORDER BY e.book_id, e.sequence LIMIT {portion}) AS portion"
    )


def _portions(portion: int) -> Generator[list[str], None, None]:
    """Yield the lines of so many entries at a time, by book and sequence; ValueError where a line is not one."""
    sql = _statement(portion)
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as ahead:

        def ask(book: int, sequence: int) -> Any:
            cursor.execute(sql, [book, sequence])
            return cursor.fetchone()

        count, text = ask(-1, -1)
        while count:
            lines = text.split("\n")
            waiting = ahead.submit(ask, *_place(lines[-1])) if count == portion else None
            yield lines
            count, text = waiting.result() if waiting else (0, "")


def _place(line: str) -> tuple[int, int]:
    """Return the book and the sequence of a line."""
    return int(line.rsplit(",", 2)[1]), int(line.split(",", 2)[1])
