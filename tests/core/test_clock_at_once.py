"""Whoever waits for a book writes after whoever had it: a long wait is no clock that has gone back."""

import time
from threading import Event

import pytest
from django.db import transaction

from accounts.models import Membership
from core import clock
from core.ledger.models import Entry
from core.ledger.services import lock, open_book, record
from tests.core.threads import at_once, shared_database

LONGER = clock.WRONG.total_seconds() + 0.5


@pytest.mark.slow
def test_a_long_wait_for_the_book_is_no_clock_that_has_gone_back(transactional_db, tmp_path):
    by, book = Membership.objects.filter(role="window").get(), open_book("test:wait")
    held = Event()

    def first():
        with transaction.atomic():
            lock(book.pk)
            held.set()
            time.sleep(LONGER)
            return record(book, "first", by=by, at=clock.now())

    def second():
        held.wait(timeout=20)
        with transaction.atomic():
            return record(book, "second", by=by, at=clock.now())

    with shared_database(tmp_path):
        results = at_once(first, second)

    assert [type(found) for found in results] == [Entry, Entry], results
    assert [entry.sequence for entry in results] == [1, 2]
    assert results[0].entered_at < results[1].entered_at
