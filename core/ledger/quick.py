"""Whether the whole ledger holds, said quickly: yes, or "look closer".

A large ledger is walked by as many processes as there are cores, each with its part of the books, on a connection and
in a moment of its own; a small one, and one that an open transaction has written, is walked here. What does not come
out exactly is never judged: `queries.verify_all` then reads entry by entry and names the place.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from core.ledger import walking

PROGRAM = Path(walking.__file__)
LARGE = 100_000  # entries from which a process of its own is worth its start
MOST = 8  # processes
# What a column may hold that no entry has, and how the walk says that it is not sure.
UNSURE = (walking.Unsure, DatabaseError, TypeError, ValueError, KeyError, OverflowError)
SPLIT = (
    "SELECT min(id) FROM (SELECT id, sum(sequence) OVER (ORDER BY id) AS upto FROM ledger_book) AS b"
    " WHERE upto >= %s"
)


def holds(portion: int = walking.PORTION, large: int = LARGE) -> int | None:
    """Return how many entries there are where every chain holds and ends as its book says; None means: look closer.

    `portion` is how many entries are read at a time, `large` from how many on other processes walk.
    """
    try:
        told = _ask("SELECT sum(sequence) FROM ledger_book", [])[0][0] or 0
        if told >= large and _others_see_it():
            return _by_others(int(told))
        return walking.Walk(_ask, connection.vendor, _zone(), portion).along()
    except UNSURE:
        return None  # a database that is gone says so to the one who looks closer


def _ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _zone() -> str:
    return timezone.get_default_timezone_name()


def _others_see_it() -> bool:
    """Return whether another connection would read what this one does."""
    if connection.in_atomic_block:
        return False
    lite: Any = connection
    return connection.vendor == "postgresql" or not lite.is_in_memory_db()


def _by_others(told: int) -> int | None:
    """Let each process walk along its part of the books; None where one is not sure or could not be started."""
    count = min(os.cpu_count() or 1, MOST)
    bounds = [_ask(SPLIT, [told * part // count])[0][0] for part in range(1, count)]
    ends = [walking.FIRST, *sorted(filter(None, bounds)), walking.LAST]
    said = {"vendor": connection.vendor, "params": _params(), "zone": _zone()}
    try:
        started = [_start({**said, "after": after, "upto": upto}) for after, upto in pairwise(ends)]
    except OSError:
        return None
    answers = [one.communicate()[0].strip() for one in started]
    return sum(map(int, answers)) if all(answer.isdecimal() for answer in answers) else None


def _start(said: dict[str, Any]) -> "subprocess.Popen[str]":
    """Start a walk; what it needs to know, a password among it, goes through its input."""
    one = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(PROGRAM)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert one.stdin is not None
    one.stdin.write(json.dumps(said) + "\n")
    one.stdin.flush()
    return one


def _params() -> dict[str, Any]:
    """Return what a driver needs to open this database; Django's own objects are none of its business."""
    found = connection.get_connection_params()
    if connection.vendor == "sqlite":
        return {"database": str(found["database"])}
    return {name: value for name, value in found.items() if isinstance(value, str | int)}
