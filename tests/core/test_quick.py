"""The quick look at the whole ledger: it says yes only where the close one does, whatever stands in the entries."""

from random import Random

import pytest
from django.db import connection

from core.ledger import quick
from core.ledger.models import Book, Entry
from core.ledger.queries import verify_all
from core.ledger.services import open_book, record
from tests.core.ledgers import fill, sql, unlocked

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
