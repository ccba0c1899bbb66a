"""The guards that a race meets, and how to take them off to see that a race finds what they keep away.

Lock: the row lock on the book (on SQLite, where a transaction is the lock, the transaction). Constraint: what the
database keeps unique of outcomes, ledger and papers.
"""

import re

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import QuerySet

from core.documents.models import Paper
from core.ledger import page
from core.ledger import services as ledger
from core.ledger.models import Entry
from prereview.models import MakeUp, Opinion

GUARDED = (Opinion, MakeUp, Entry, Paper)


def unlock():
    """In this process: no row is locked any more, and on SQLite nothing waits for a transaction of others."""
    QuerySet.select_for_update = lambda self, *_how, **_kw: self._chain()
    ledger.held = _read
    SQLite._start_transaction_under_autocommit = lambda _self: None
    SQLite._savepoint_allowed = lambda _self: False


def _read(cursor, book_id):
    cursor.execute(page.READ, [book_id])
    return cursor.fetchone()


def unbind():
    """In this database: nothing is unique any more in the tables of outcomes, ledger and papers."""
    for model in GUARDED:
        (_unbind_sqlite if connection.vendor == "sqlite" else _unbind_postgres)(
            model._meta.db_table
        )


def _unbind_postgres(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}" CASCADE')
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary", [table]
        )  # fmt: skip
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")


def _unbind_sqlite(table):
    """SQLite cannot drop what is unique: the table is made anew without it; its triggers go with the old one."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        made = re.sub(r', CONSTRAINT "\w+" UNIQUE \([^)]*\)', "", cursor.fetchone()[0])
        cursor.execute(re.sub(r"\bUNIQUE\b", "", made).replace(f'"{table}"', f'"{table}_free"', 1))
        cursor.execute(f'INSERT INTO "{table}_free" SELECT * FROM "{table}"')
        cursor.execute(f'DROP TABLE "{table}"')
        cursor.execute(f'ALTER TABLE "{table}_free" RENAME TO "{table}"')
        cursor.execute("PRAGMA foreign_keys = ON")
