"""Reading that cannot write, with real commits: one instant is read, and no writer waits for the reader."""

from threading import Event

import pytest
from django.db import DatabaseError

from core.deadlines.models import RuleValue
from desk.queries.what_if import untouched
from tests.core.threads import alone, at_once, shared_database


def note():
    return RuleValue.objects.get(code="P5b").note


def write(text):
    RuleValue.objects.filter(code="P5b").update(note=text)


def test_it_reads_one_instant_and_keeps_no_writer_waiting(transactional_db, tmp_path):
    reading, written = Event(), Event()

    def read():
        with untouched():
            first = note()
            reading.set()
            assert written.wait(30)
            return first == note()

    def write_meanwhile():
        assert reading.wait(30)
        write("other")
        written.set()

    with shared_database(tmp_path):
        assert at_once(read, write_meanwhile) == [True, None]
        assert alone(note) == "other"


def test_a_write_is_refused_and_the_next_one_is_not(transactional_db, tmp_path):
    def refused_then_allowed():
        with pytest.raises(DatabaseError), untouched():
            write("x")
        before = note()
        write("y")
        return before, note()

    with shared_database(tmp_path):
        before, after = alone(refused_then_allowed)

    assert (before != "x", after) == (True, "y")
