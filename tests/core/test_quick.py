"""The quick look at the whole ledger: it says yes only where the close one does, whatever stands in the entries."""

import hashlib
from json.encoder import encode_basestring as quoted
from random import Random

import pytest
from django.db import connection

from core.ledger import quick, reading
from core.ledger.models import Book, Entry
from core.ledger.queries import _closely, verify_all
from core.ledger.services import open_book, record
from tests.chance import drawn
from tests.core.ledgers import fill, sql, taken_back, unlocked
from tests.core.test_mutations import Hand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("portion", [1, 3, 4, 100])
def test_all_entries_are_seen_whatever_stands_in_them(people, at, portion):
    fill(Random(5), people, at, books=5, entries=40)
    odd = open_book('odd "one"')
    record(odd, "act", by=people.window, at=at("1990-06-15 09:30"), note="\x01\x7f,\\")
    held = quick.holds(portion)
    assert held == Entry.objects.count()
    assert verify_all() == (Book.objects.count(), held, [])


@pytest.mark.parametrize("change", [
    "UPDATE ledger_book SET code = 'other' WHERE code = 'r:1'",
    "UPDATE ledger_book SET sequence = sequence - 1 WHERE code = 'r:1'",
    "UPDATE ledger_book SET head = previous FROM ledger_entry e WHERE e.book_id = ledger_book.id AND code = 'r:1'",
    "UPDATE ledger_entry SET act = 'act,\"x\"' WHERE sequence = 3",
    "UPDATE ledger_entry SET payload = payload || ' ' WHERE sequence = 4",
    "UPDATE ledger_entry SET event_at = '2018-06-15 00:00:00+00:00' WHERE sequence = 2",
    "UPDATE ledger_entry SET digest = previous WHERE sequence = 2",
    "DELETE FROM ledger_entry WHERE sequence = 1",
    "DELETE FROM ledger_entry WHERE book_id = (SELECT id FROM ledger_book WHERE code = 'r:1')",
    "DELETE FROM ledger_entry",
])  # fmt: skip
def test_what_is_not_as_written_makes_it_look_closer(people, at, change):
    fill(Random(5), people, at, books=2, entries=20)
    with unlocked():
        assert sql(change) > 0
        assert quick.holds(3) is None
        assert verify_all()[2]


@pytest.mark.parametrize("column", ["event_at", "entered_at"])
@pytest.mark.parametrize("other", ["{} BC", "infinity", "12018-06-15 00:00:00+00"])
def test_a_time_of_no_calendar_of_ours_is_found_and_named(people, at, column, other):
    if connection.vendor != "postgresql":
        return  # SQLite keeps the text of a time as it is
    fill(Random(5), people, at, books=2, entries=20)
    with unlocked():
        text = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'"
        said = other.replace("{}", f"' || {text} || '")
        changed = f"UPDATE ledger_entry SET {column} = ('{said}')::timestamptz WHERE sequence = 3"
        assert sql(changed) > 0
        assert quick.holds(3) is None
        assert {fault.sequence for fault in verify_all()[2]} == {3}


def test_the_last_hours_of_the_calendar_are_none_in_the_countys_zone(people, at):
    fill(Random(5), people, at, books=2, entries=20)
    with unlocked():
        late = "9999-12-31 23:00:00" + ("+00" if connection.vendor == "postgresql" else "")
        assert sql(f"UPDATE ledger_entry SET event_at = '{late}' WHERE sequence = 3") > 0
        assert quick.holds(3) is None
        assert {fault.sequence for fault in verify_all()[2]} == {3}


def test_both_looks_judge_a_changed_ledger_alike(people, at):
    chance = Random(drawn("looks"))
    books = fill(chance, people, at, books=3, entries=20)
    written = {(one.book_id, one.sequence): one for one in Entry.objects.all()}
    ways = (Hand.field, Hand.byte, Hand.delete, Hand.swap, Hand.cut, Hand.rewritten, Hand.struck)
    judged = []
    with unlocked():
        for way in ways * 6:
            with taken_back():
                way(Hand(chance, chance.choice(books), written, people))
                held, (entries, faults) = quick.holds(3), _closely([])
                assert held == (None if faults else entries), way
                judged.append(held is None)
    assert set(judged) == {True, False}


def test_a_digest_of_other_json_than_an_entrys_is_not_taken_for_one(people, at):
    """Somebody digests what stands there as the database says it, not as an entry says it."""
    book = fill(Random(5), people, at, books=1, entries=3)[0]
    with unlocked():
        last = Entry.objects.get(book=book, sequence=3)
        half = "2018-06-15 01:30:00.5" + ("+00" if connection.vendor == "postgresql" else "")
        sql(f"UPDATE ledger_entry SET event_at = '{half}' WHERE id = {last.pk}")
        text = reading.bound_of(book.pk, 3).replace(".500000+08:00", ".5+08:00")
        wrong = hashlib.sha256(text.encode()).hexdigest()
        sql("UPDATE ledger_entry SET digest = %s WHERE id = %s", wrong, last.pk)
        sql("UPDATE ledger_book SET head = %s WHERE id = %s", wrong, book.pk)
        assert (
            (quick.holds() is None) == bool(_closely([])[1]) == (connection.vendor == "postgresql")
        )


@pytest.mark.parametrize("mark", ["\x01", "\x0b", "\x1f", "\t", "\n"])
@pytest.mark.parametrize("column", ["act", "payload"])
def test_a_mark_that_json_writes_otherwise_is_not_taken_as_it_is(people, at, column, mark):
    """Somebody puts a mark into an entry and digests it as it stands there, not as JSON writes it."""
    book = fill(Random(5), people, at, books=1, entries=3)[0]
    with unlocked():
        last = Entry.objects.get(book=book, sequence=3)
        sql(f"UPDATE ledger_entry SET {column} = {column} || %s WHERE id = {last.pk}", mark)
        text = reading.bound_of(book.pk, 3)
        wrong = hashlib.sha256(text.replace(quoted(mark)[1:-1], mark).encode()).hexdigest()
        sql("UPDATE ledger_entry SET digest = %s WHERE id = %s", wrong, last.pk)
        sql("UPDATE ledger_book SET head = %s WHERE id = %s", wrong, book.pk)
        assert quick.holds() is None
        assert _closely([])[1]


@pytest.mark.parametrize("stored", ["CAST(payload AS BLOB)", "CAST(x'22ff22' AS TEXT)"])
def test_what_is_no_text_is_left_to_the_close_look(people, at, stored):
    if connection.vendor != "sqlite":
        return  # PostgreSQL keeps nothing else in a column of text
    fill(Random(5), people, at, books=2, entries=20)
    with unlocked():
        assert sql(f"UPDATE ledger_entry SET payload = {stored} WHERE sequence = 3") > 0
        assert quick.holds(3) is None
