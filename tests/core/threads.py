"""Several people at once, on the engine as it is installed; each thread has a connection of its own."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import connection, connections


@contextmanager
def shared_database(folder) -> Iterator[None]:
    """Let new threads work on what the test has committed.

    SQLite's test database lies in the memory of one connection, so they get a copy in a file, as installed.
    """
    if connection.vendor != "sqlite":
        yield
        return
    path = folder / "county.sqlite3"
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    # As set-up leaves it: of connections that each want to be the first to turn the log on, some would be turned away.
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    settings = connections.settings["default"]
    kept, settings["NAME"] = settings["NAME"], str(path)
    try:
        yield
    finally:
        settings["NAME"] = kept


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread of its own, all from the same moment; return results and exceptions."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return act()
        except Exception as error:  # noqa: BLE001 - it is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def alone(act: Callable[[], object]) -> object:
    """Run one act in a thread, on the shared database; what it raises is raised here."""
    result = at_once(act)[0]
    if isinstance(result, Exception):
        raise result
    return result
