"""Reading that cannot write: the database itself refuses every change for as long as it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def untouched() -> Iterator[None]:
    """Let nothing be written, and read everything as it stood at one instant.

    PostgreSQL: a transaction that is READ ONLY (inside another one a savepoint), rolled back. SQLite: `query_only`,
    and a reading transaction that keeps no writer waiting. A write raises a database error.
    """
    if connection.vendor == "sqlite":
        with _sqlite():
            yield
    else:
        with _postgresql():
            yield


@contextmanager
def _postgresql() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            level = "ISOLATION LEVEL REPEATABLE READ, " if outermost else ""
            cursor.execute(f"SET TRANSACTION {level}READ ONLY")
        yield
        transaction.set_rollback(
            True
        )  # nothing was written; inside another transaction it may write again


@contextmanager
def _sqlite() -> Iterator[None]:
    # Django's own transactions begin with the lock of the one writer; reading needs none.
    outermost = not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        if outermost:
            cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if outermost:
                cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA query_only = OFF")
