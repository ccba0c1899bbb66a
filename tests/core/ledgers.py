"""Ledgers by chance, a key to attest them with, and the hand of somebody who has the database's password."""

import base64
import json
import os
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.db import connection, transaction

from core.ledger import append_only
from core.ledger.models import GENESIS, Book, Entry
from core.ledger.rules import digest_of
from core.ledger.services import open_book, record

TABLES = ["ledger_checkpoint", "ledger_checkpointkey", "ledger_span"]
WORDS = ("项目", "Ünïcode", '引"号\\', "行\n行\t", "\u2028", "🏗", "", "0", "null", "a" * 90)


def key_file(folder, name="key"):
    path = folder / name
    path.write_text(base64.b64encode(os.urandom(32)).decode())
    path.chmod(0o600)
    return path


def fill(chance, people, at, *, books=4, entries=24, prefix="r"):
    """Write so many entries by chance into so many books; return the books."""
    made = [open_book(f"{prefix}:{number}") for number in range(books)]
    now = at("2018-06-15 09:30")
    for _each in range(entries):
        now += timedelta(microseconds=chance.choice((0, 1, 1_000_000, 86_399_999_999)))
        evidence = {
            chance.choice(("note", "甲", "n")): chance.choice((*WORDS, chance.randrange(9), None))
        }
        act, by = f"act_{chance.randrange(5)}", chance.choice((people.window, people.supervisor))
        record(chance.choice(made), act, by=by, at=now, **evidence)
    return [Book.objects.get(pk=book.pk) for book in made]


class _Cursor:
    """What a migration needs of a schema editor, usable inside a test's transaction."""

    connection = connection

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)


@contextmanager
def unlocked():
    """Take every trigger off, as only the owner of the tables can, and take back all that is done meanwhile."""
    connection.check_constraints()
    with transaction.atomic():
        for name in ("0003_no_truncate", "0002_append_only"):
            import_module(f"core.ledger.migrations.{name}").allow(apps, _Cursor())
        append_only.allow(apps, _Cursor(), TABLES)
        yield
        transaction.set_rollback(True)


KEPT = ["ledger_entry", "ledger_book", *TABLES]


@contextmanager
def taken_back():
    """Within `unlocked`: take back what is done to the ledger meanwhile, again and again.

    By a savepoint; but SQLite, whose triggers were dropped in this same transaction, would read its whole schema anew
    after each (10 ms), so that there the rows are put back from a copy.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    for table in KEPT:
        sql(f"CREATE TEMP TABLE IF NOT EXISTS kept_{table} AS SELECT * FROM {table}")
    yield
    for table in KEPT:
        sql(f"DELETE FROM {table}")
        sql(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def rehash(book, start):
    """Chain a book anew from a place on, as somebody does who knows how; the page of the book, too."""
    entries = list(Entry.objects.filter(book=book).select_related("actor").order_by("sequence"))
    previous = GENESIS
    for place, entry in enumerate(entries, 1):
        if place >= start:
            entry.sequence, entry.previous = place, previous
            entry.digest = digest_of(entry, book.code, entry.actor.reference)
            sql(
                "UPDATE ledger_entry SET sequence = %s, previous = %s, digest = %s WHERE id = %s",
                place, entry.previous, entry.digest, entry.pk,
            )  # fmt: skip
        previous = entry.digest
    sql(
        "UPDATE ledger_book SET sequence = %s, head = %s WHERE id = %s",
        len(entries), previous, book.pk,
    )  # fmt: skip


def other(text, chance):
    """The text with one character changed."""
    place = chance.randrange(len(text))
    new = chance.choice([one for one in "0123456789abcdef" if one != text[place]])
    return text[:place] + new + text[place + 1 :]


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
