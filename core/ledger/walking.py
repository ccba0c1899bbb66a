"""Walking along many chains, as quickly as rows come: for `quick` alone, in its process or as a program of its own.

It knows neither Django nor the models, so that a process of its own starts at once: that one is told over its input
what to read, and answers with a number or with a word that says "look closer". What it makes of a row must be what
`reading` makes of it, which a test holds together; whatever is not exactly so is never judged here.
"""

import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring as quoted
from typing import Any
from zoneinfo import ZoneInfo

PORTION = 2_000
KEPT = 4_096  # hours and names that are remembered
GENESIS = "0" * 64
HOUR, OFFSET, WHOLE = len("2018-06-15 01"), len("+08:00"), len("2018-06-15 01:30:00.000001")
CLOSER = "closer"
# Rows as they stand, without a join: whose book and whose act it is is asked once, not a million times.
ROWS = (
    "SELECT e.book_id, e.sequence, e.act, e.actor_id, {event}, {entered}, {payload}, e.previous, e.digest"
    " FROM ledger_entry e WHERE (e.book_id, e.sequence) > (%s, %s) AND e.book_id <= %s"
    " ORDER BY e.book_id, e.sequence LIMIT {portion}"
)
BOOKS = "SELECT id, code, sequence, head FROM ledger_book WHERE id BETWEEN %s AND %s"
ACTORS = "SELECT id, reference FROM accounts_membership"
# SQLite keeps a time as its text in UTC; PostgreSQL says it so, but leaves out the last noughts of a second's parts.
TIMES = {
    "sqlite": "CAST(e.{}_at AS text)",
    "postgresql": "CAST(e.{}_at AT TIME ZONE 'UTC' AS text)",
}
# The payload is most of an entry: its JSON comes as the bytes that are digested.
PAYLOADS = {
    "sqlite": "CAST(json_quote(e.payload) AS BLOB)",
    "postgresql": "convert_to(CAST(to_json(e.payload) AS text), 'UTF8')",
}
SAID = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?", re.ASCII)
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


class _Hours(dict[str, tuple[str, str]]):
    """What stands before and behind the minutes of an hour in the county's zone, by the hour in UTC."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(zone)

    def __missing__(self, stored: str) -> tuple[str, str]:
        at = datetime.fromisoformat(f"{stored}:00:00").replace(tzinfo=UTC)
        text = at.astimezone(self.zone).isoformat()
        if len(stored) != HOUR or text[HOUR:-OFFSET] != ":00:00":
            raise Unsure
        if len(self) > KEPT:
            self.clear()
        self[stored] = found = (text[:HOUR], text[-OFFSET:])
        return found


class _Quoted(dict[str, str]):
    """Texts as they stand in JSON, of few that come again and again."""

    def __missing__(self, text: str) -> str:
        if len(self) > KEPT:
            self.clear()
        self[text] = found = quoted(text)
        return found


def _whole(said: str) -> str:
    """Return an instant of PostgreSQL with all six digits of a part of a second, or with none."""
    if len(said) == WHOLE and said[-1] != "C":  # before Christ is no time of an entry
        return said
    found = SAID.fullmatch(said)
    if not found:
        raise Unsure
    return f"{found[1]}.{found[2].ljust(6, '0')}" if found[2] else found[1]


class Walk:
    """A walk along the books of a range: `ask` puts a question to the database; `zone` is the county's, by its name."""

    def __init__(self, ask: Ask, vendor: str, zone: str, portion: int = PORTION) -> None:
        self.ask, self.trims, self.portion = ask, vendor == "postgresql", portion
        times = {name: TIMES[vendor].format(name) for name in ("event", "entered")}
        self.sql = ROWS.format(portion=portion, payload=PAYLOADS[vendor], **times)
        self.hours, self.acts = _Hours(zone), _Quoted()
        self.actors = {key: quoted(reference) for key, reference in ask(ACTORS, [])}
        self.book: int | None = None
        self.code, self.count, self.head = "", 0, GENESIS
        self.end = (0, GENESIS)  # where the book says that it ends

    def along(self, after: int = FIRST, upto: int = LAST) -> int:
        """Return how many entries the books behind one and up to another hold; raises Unsure and what rows raise."""
        entries, at = 0, (after, LAST)
        while True:
            rows = self.ask(self.sql, [*at, upto])
            if rows:
                self._portion(rows)
                entries, at = entries + len(rows), rows[-1][:2]
            if len(rows) < self.portion:
                self._ends()
                return entries

    def _ends(self) -> None:
        if (self.count, self.head) != self.end:
            raise Unsure

    def _portion(self, rows: list[tuple[Any, ...]]) -> None:
        books = {key: said for key, *said in self.ask(BOOKS, [rows[0][0], rows[-1][0]])}
        hours, acts, actors, trims = self.hours, self.acts, self.actors, self.trims
        count, head, book, code = self.count, self.head, self.book, self.code
        for of, sequence, act, actor, happened, written, payload, previous, digest in rows:
            if of != book:
                self.count, self.head = count, head
                self._ends()
                book, count, head = of, 0, GENESIS
                code, *end = books[of]
                code, self.end = quoted(code), tuple(end)
            count += 1
            event = _whole(happened) if trims else happened
            entered = _whole(written) if trims else written
            before, zone = hours[event[:HOUR]]
            first, behind = hours[entered[:HOUR]]
            text = (
                f'[{code},{sequence},{acts[act]},{actors[actor]},"{before}{event[HOUR:]}{zone}",'
                f'"{first}{entered[HOUR:]}{behind}",'
            )
            bound = b'%b%b,"%b"]' % (text.encode(), payload, head.encode())
            if digest != hashlib.sha256(bound).hexdigest() or payload[:1] != b'"':
                raise Unsure
            if previous != head or sequence != count:
                raise Unsure
            head = digest
        self.count, self.head, self.book, self.code = count, head, book, code


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
