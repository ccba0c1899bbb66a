"""A large ledger is walked by processes of their own; a small one stands for it here."""

import os
from random import Random

from django.db import connection, transaction

from core.ledger import quick
from core.ledger.models import Book, Entry
from core.ledger.queries import verify_all
from core.ledger.services import open_book, record
from tests.core.ledgers import fill, sql
from tests.core.threads import alone, shared_database


def test_each_process_walks_its_books_and_one_bad_book_is_enough(
    transactional_db, people, at, tmp_path, monkeypatch
):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    with transaction.atomic():
        books = fill(Random(5), people, at, books=6, entries=60)
        record(open_book("甲"), "act", by=people.window, at=at("1990-06-15 09:30"), note='"\x01\\')
    entries = Entry.objects.count()
    started = []
    start = quick._start
    monkeypatch.setattr(quick, "_start", lambda said: started.append(said) or start(said))

    def looks():
        found = [quick.holds(large=1)]
        for place in (0, -1):
            sql("UPDATE ledger_book SET sequence = sequence - 1 WHERE id = %s", books[place].pk)
            found += [quick.holds(large=1), [fault.book for fault in verify_all()[2]]]
            sql("UPDATE ledger_book SET sequence = sequence + 1 WHERE id = %s", books[place].pk)
        connection.close()
        return found

    with shared_database(tmp_path):
        found = alone(looks)

    assert found == [entries, None, [books[0].code], None, [books[-1].code]]
    assert len(started) == 9
    assert {one["after"] for one in started[:3]} < {-2, *Book.objects.values_list("pk", flat=True)}


def test_a_process_that_cannot_read_says_nothing(
    transactional_db, people, at, tmp_path, monkeypatch
):
    with transaction.atomic():
        fill(Random(5), people, at, books=2, entries=6)
    nowhere = (
        {"database": str(tmp_path / "none")}
        if connection.vendor == "sqlite"
        else {"dbname": "none"}
    )
    monkeypatch.setattr(quick, "_params", lambda: nowhere)

    with shared_database(tmp_path):
        assert alone(lambda: (quick.holds(large=1), verify_all()[2])) == (None, [])
