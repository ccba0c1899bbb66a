"""SQLite as Django knows it, with the compiler that keeps its selects; a statement is rewritten for the driver once.

Django writes `%s` where SQLite wants `?`, and looks through the whole text for it at every execution: of a statement
that reads a row with ten others beside it, that is three quarters of the time it takes.
"""

import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.utils.dateparse import parse_datetime

LONG = (
    16_000  # characters; what is longer was put together for so many rows and is hardly asked again
)


@lru_cache(maxsize=1024)
def _rewritten(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _instant(text: bytes) -> Any:
    """Return an instant as Django reads it; nearly all are written as Python writes them."""
    try:
        return datetime.fromisoformat(text.decode())
    except ValueError:
        return parse_datetime(text.decode())


sqlite3.register_converter("datetime", _instant)  # for all connections, as Django does it


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that knows what it has rewritten."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return the statement as the driver wants it."""
        if param_names is None and len(query) < LONG:
            return _rewritten(query)
        return super().convert_query(query, param_names=param_names)  # type: ignore[misc,no-any-return]


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, which looks for compilers beside this file."""

    compiler_module = "config.database.sqlite3.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own connection, whose cursors are such."""

    ops_class = DatabaseOperations

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a new cursor."""
        return self.connection.cursor(factory=Cursor)
