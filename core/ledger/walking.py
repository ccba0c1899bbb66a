"""Walking along many chains, as quickly as rows come: for `quick` alone, in its process or as a program of its own.

It knows neither Django nor the models, so that a process of its own starts at once: that one is told over its input
what to read, and answers with a number or with a word that says "look closer". What it makes of a row must be what
`reading` makes of it, which a test holds together; whatever is not exactly so is never judged here.
"""

import json
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any
from zoneinfo import ZoneInfo

PORTION = 8_000
KEPT = 4_096  # hours and names that are remembered
GENESIS = b"0" * 64
HOUR, OFFSET, WHOLE = len("2018-06-15 01"), len("+08:00"), len("2018-06-15 01:30:00.000001")
CLOSER = "closer"
# A portion comes as one text, a line for an entry: a row by itself costs more than all that is done with it here. There
# is no join, because whose book and whose act it is is asked once, not a million times.
LINES = (
    "SELECT count(*), count(said), {joined} FROM (SELECT {line} AS said FROM ledger_entry e"
    " WHERE (e.book_id, e.sequence) > (%s, %s) AND e.book_id <= %s ORDER BY e.book_id, e.sequence LIMIT {portion}) AS p"
)
BOOKS = "SELECT id, code, sequence, head FROM ledger_book WHERE id BETWEEN %s AND %s"
TOLD = (
    "SELECT coalesce(sum(sequence), 0) FROM ledger_book WHERE id > %s AND id <= %s AND sequence > 0"
)
ACTORS = "SELECT id, reference FROM accounts_membership"
# SQLite keeps a time as its text in UTC; PostgreSQL says it so, but leaves out the last noughts of a second's parts.
# Most entries are written at the instant of what they tell, which is then said once.
TIMES = {
    "sqlite": "CAST(e.{0}_at AS text)",
    "postgresql": "CAST(e.{0}_at AT TIME ZONE 'UTC' AS text)",
}
UNLIKE = "CASE WHEN e.entered_at = e.event_at THEN '' ELSE {} END"
COLUMNS = (
    "e.book_id, e.sequence, e.act, e.actor_id, {event}, {entered}, e.previous, e.digest, e.payload"
)
# A column that holds nothing makes its whole line nothing, which is counted; SQLite would take bytes for their text.
LINE = {
    "sqlite": "CASE WHEN 4 = (typeof(e.act) = 'text') + (typeof(e.previous) = 'text') + (typeof(e.digest) = 'text')"
    " + (typeof(e.payload) = 'text') THEN {} END",
    "postgresql": "CASE WHEN num_nulls(e.act, e.actor_id, e.event_at, e.entered_at, e.previous, e.digest, e.payload)"
    " = 0 THEN concat_ws(E'\\t', {}) END",
}
BETWEEN = {"sqlite": " || char(9) || ", "postgresql": ", "}
JOINED = {
    "sqlite": "CAST(group_concat(said, char(10)) AS BLOB)",
    "postgresql": "convert_to(string_agg(said, E'\\n'), 'UTF8')",
}
# JSON writes these otherwise than as they are; no entry has one (its payload is JSON itself). Tab and line part.
UNSAID = [bytes([code]) for code in range(32) if code not in b"\t\n"]
SAID = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?")
# A process of its own reads all as it stood at one moment; a plan for any values would sort the whole table.
SNAPSHOT = {
    "sqlite": ["PRAGMA query_only = ON", "BEGIN"],
    "postgresql": [
        "SET plan_cache_mode = force_custom_plan",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    ],
}
FIRST, LAST = -2, 2**63 - 1  # no book has such a number
Ask = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


class Unsure(Exception):
    """Something is not exactly as an entry is: look closer."""


class _Hours(dict[bytes, tuple[bytes, bytes]]):
    """What stands before and behind the minutes of an hour in the county's zone, by the hour in UTC."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(zone)

    def __missing__(self, stored: bytes) -> tuple[bytes, bytes]:
        at = datetime.fromisoformat(f"{stored.decode()}:00:00").replace(tzinfo=UTC)
        text = at.astimezone(self.zone).isoformat().encode()
        if len(stored) != HOUR or text[HOUR:-OFFSET] != b":00:00":
            raise Unsure
        if len(self) > KEPT:
            self.clear()
        self[stored] = found = (text[:HOUR], text[-OFFSET:])
        return found


def _whole(said: bytes) -> bytes:
    """Return an instant of PostgreSQL with all six digits of a part of a second, or with none."""
    if len(said) == WHOLE and said[-1:] != b"C":  # before Christ is no time of an entry
        return said
    found = SAID.fullmatch(said)
    if not found:
        raise Unsure
    return b"%b.%b" % (found[1], found[2].ljust(6, b"0")) if found[2] else found[1]


class Walk:
    """A walk along the books of a range: `ask` puts a question to the database; `zone` is the county's, by its name."""

    def __init__(self, ask: Ask, vendor: str, zone: str, portion: int = PORTION) -> None:
        self.ask, self.lite, self.portion = ask, vendor == "sqlite", portion
        event, entered = (TIMES[vendor].format(name) for name in ("event", "entered"))
        columns = COLUMNS.format(event=event, entered=UNLIKE.format(entered))
        line = LINE[vendor].format(columns.replace(", ", BETWEEN[vendor]))
        self.sql = LINES.format(portion=portion, joined=JOINED[vendor], line=line)
        self.hours = _Hours(zone)
        self.actors = {b"%d" % key: quoted(name).encode() for key, name in ask(ACTORS, [])}
        self.book, self.code, self.count, self.head = b"", b"", 0, GENESIS
        self.end = (0, GENESIS)  # where the book says that it ends

    def along(self, after: int = FIRST, upto: int = LAST) -> int:
        """Return how many entries the books behind one and up to another hold; raises Unsure and what rows raise."""
        told = int(self.ask(TOLD, [after, upto])[0][0])  # of an emptied book no row tells
        entries, at = 0, (after, LAST)
        while True:
            rows, said, text = self.ask(self.sql, [*at, upto])[0]
            if rows:
                at = self._portion(self._lines(text, rows, said))
                entries += rows
            if rows < self.portion:
                self._ended(self.count, self.head)
                if entries != told:
                    raise Unsure
                return entries

    def _ended(self, count: int, head: bytes) -> None:
        if (count, head) != self.end:
            raise Unsure

    def _opened(self, code: str, sequence: int, head: str) -> bytes:
        self.end = (sequence, head.encode())
        return quoted(code).encode()

    def _lines(self, text: bytes, rows: int, said: int) -> list[bytes]:
        """Return the lines of a portion, their texts written as JSON does: a line for each row, or it is not sure."""
        if self.lite:
            text.decode()  # SQLite keeps what is no text as one
        lines = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').split(b"\n")
        if not rows == said == len(lines) or any(mark in text for mark in UNSAID):
            raise Unsure
        return lines

    def _portion(self, lines: list[bytes]) -> tuple[int, int]:
        first, last = (int(line[: line.index(b"\t")]) for line in (lines[0], lines[-1]))
        books = {b"%d" % key: said for key, *said in self.ask(BOOKS, [first, last])}
        hours, actors, lite = self.hours, self.actors, self.lite
        count, head, book, code = self.count, self.head, self.book, self.code
        for line in lines:
            of, sequence, act, actor, event, entered, previous, digest, payload = line.split(b"\t")
            if of != book:
                self._ended(count, head)
                book, count, head = of, 0, GENESIS
                code = self._opened(*books[of])
            count += 1
            if previous != head or sequence != b"%d" % count:
                raise Unsure
            event = event if lite else _whole(event)
            before, zone = hours[event[:HOUR]]
            told = written = b"%b%b%b" % (before, event[HOUR:], zone)
            if entered:
                entered = entered if lite else _whole(entered)
                before, zone = hours[entered[:HOUR]]
                written = b"%b%b%b" % (before, entered[HOUR:], zone)
            bound = b'[%b,%b,"%b",%b,"%b","%b","%b","%b"]' % (
                code, sequence, act, actors[actor], told, written, payload, head,
            )  # fmt: skip
            head = sha256(bound).hexdigest().encode()
            if head != digest:
                raise Unsure
        self.count, self.head, self.book, self.code = count, head, book, code
        return last, count


def _asking(vendor: str, params: dict[str, Any]) -> Ask:
    """Return how questions are put to a database by a connection of one's own."""
    if vendor == "sqlite":
        lite = sqlite3.connect(params["database"], timeout=60, isolation_level=None)
        for statement in SNAPSHOT[vendor]:
            lite.execute(statement)
        return lambda sql, values: lite.execute(sql.replace("%s", "?"), values).fetchall()
    import psycopg  # noqa: PLC0415  a county on SQLite has none

    opened = psycopg.connect(**{**params, "autocommit": True, "prepare_threshold": None})
    for statement in SNAPSHOT[vendor]:
        opened.execute(statement)
    cursor = opened.cursor(binary=True)
    return lambda sql, values: cursor.execute(sql, values).fetchall()  # type: ignore[arg-type]


def main() -> None:
    """Walk as one line of JSON says: `vendor`, `params` of the connection, `zone`, `after`, `upto`."""
    asked = json.loads(sys.stdin.readline())
    try:
        walk = Walk(_asking(asked["vendor"], asked["params"]), asked["vendor"], asked["zone"])
        said = str(walk.along(asked["after"], asked["upto"]))
    except Exception as error:  # noqa: BLE001  the close look says what it is, in words
        said = f"{CLOSER}: {type(error).__name__}"
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main()
