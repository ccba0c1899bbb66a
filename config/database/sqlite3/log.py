"""SQLite's log, as long from the start as it gets: whoever commits then writes over it and waits for the disk less.

A commit that lengthens the log waits for the new length of the file as well, which the file system writes down in
a journal of its own. The log is copied into the database after `PAGES` of it and begun anew at its start; it keeps its
length as long as one connection is open. Nothing that is committed changes: what makes it long is taken back.
"""

import logging
import os
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

PAGES = 4000  # of the log, after which who commits copies them
FRAME = 24  # bytes before each page
SLACK = 400  # pages of the transaction that passes the limit
log = logging.getLogger("chengnuo.database")
kept: list[sqlite3.Connection] = []


def keep_long(database: str) -> None:
    """Make the log of a database in a file long, and keep a connection open until the process ends; once in each.

    Where it cannot be (a full disk, a database that another process holds for long) the site works as before.
    """
    if kept or not Path(database).exists():
        return
    try:
        with ExitStack() as over:
            connection = sqlite3.connect(
                database, timeout=5, isolation_level=None, check_same_thread=False
            )
            over.enter_context(closing(connection))
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA wal_autocheckpoint=0")  # the copying is left to who commits
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the log is there
            _lengthen(connection, Path(f"{database}-wal"))
            over.pop_all()  # it stays open
            kept.append(connection)
    except (sqlite3.Error, OSError) as error:
        log.warning("the log of the database stays short: %s", error)


def _lengthen(connection: sqlite3.Connection, path: Path) -> None:
    """Write a row as long as the log, of which nothing stays but the length of the file."""
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    length = (PAGES + SLACK) * (page + FRAME)
    if path.stat().st_size >= length:
        return
    connection.execute("PRAGMA cache_size=16")  # pages in memory; all others go into the log
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE log_made_long (filling BLOB)")
        with closing(
            connection.execute("INSERT INTO log_made_long VALUES (zeroblob(?))", [length])
        ):
            pass
    finally:
        connection.execute("ROLLBACK")
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)  # so that the first who commits need not wait for it
    finally:
        os.close(file)
