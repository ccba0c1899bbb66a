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
    # Django's own transactions begin with the lock of the one writer; reading needs none. Said to the driver itself,
    # which takes the mark off again whatever has gone wrong in between.
    outermost = not connection.in_atomic_block
    connection.ensure_connection()
    driver = connection.connection
    driver.execute("PRAGMA query_only = ON")
    try:
        if outermost:
            driver.execute("BEGIN DEFERRED")
        yield
    finally:
        if outermost and driver.in_transaction:
            driver.execute("ROLLBACK")
        driver.execute("PRAGMA query_only = OFF")
