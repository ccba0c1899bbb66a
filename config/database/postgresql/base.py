"""PostgreSQL as Django knows it, with the compiler that keeps its selects.

The driver keeps a hundred planned statements, which is fewer than one act and the pages around it ask: it would plan
them anew and forget them in turn. And Django reads an instant by a pattern, which takes longer than all else in a row.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.postgresql.psycopg_any import BaseTzLoader

PLANNED = 500  # statements of a connection


class Instants(BaseTzLoader):
    """Reads an instant that the server says in UTC, as Django reads it; any other Django reads."""

    timezone = UTC

    def load(self, data: Any) -> Any:
        """Return the instant, with its zone."""
        try:
            found = datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before our era, or after the year 9999
            return super().load(data)
        return found if found.tzinfo is UTC else super().load(data)


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, which looks for compilers beside this file."""

    compiler_module = "config.database.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own connection."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection, new or from the pool, that keeps its plans and reads instants at once."""
        connection: Any = super().get_new_connection(conn_params)
        connection.prepared_max = max(PLANNED, connection.prepared_max)
        if self.timezone is UTC:
            connection.adapters.register_loader("timestamptz", Instants)
        return connection
