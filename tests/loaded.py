"""The county as it was loaded: kept once in this process, put back after a test with real commits.

SQLite copies the whole database. PostgreSQL copies the rows of each table, and turns its sequences back: the rows have
the numbers that they had.
"""

import sqlite3

from django.db import connection, transaction

from tests.trodden import TURN_BACK, sequences


class Loaded:
    """What there is after loading."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Know nothing: the next database has rows of its own already."""
        self.copy = self.rows = self.drawn = None

    def keep(self):
        """Keep what is in the database now."""
        if connection.vendor == "sqlite":
            self.copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self.copy)
            return
        self.drawn = sequences()
        self.rows = {}
        with connection.cursor() as cursor:
            for table in _tables():
                with cursor.copy(f'COPY "{table}" TO STDOUT') as lines:
                    if found := b"".join(bytes(part) for part in lines):
                        self.rows[table] = found

    def put_back(self):
        """Put it back into empty tables; return whether there was anything kept."""
        connection.ensure_connection()
        if self.copy is not None:
            self.copy.backup(connection.connection)
        elif self.rows is not None:
            with transaction.atomic(), connection.cursor() as cursor:
                for table, found in self.rows.items():
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as lines:
                        lines.write(found)
                cursor.execute(TURN_BACK, [list(kind) for kind in zip(*self.drawn, strict=True)])
        return self.copy is not None or self.rows is not None


def _tables():
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*names})


LOADED = Loaded()
