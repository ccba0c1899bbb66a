"""The ledger: written once, chained, and whoever tampers is found."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from core.ledger.models import GENESIS, Book, Entry
from core.ledger.queries import entries_of, verify, verify_all
from core.ledger.rules import canonical, digest_of, salted
from core.ledger.services import (
    Act,
    NotInTransaction,
    county_book,
    lock,
    open_book,
    record,
    record_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(people, at):
    """A book with four acts."""
    found = open_book("test:1")
    for number in range(1, 5):
        record(found, f"act_{number}", by=people.window, at=at("2018-06-15 09:30"), number=number)
    return found


class _Cursor:
    """What the migration needs of a schema editor, usable inside a test's transaction."""

    connection = connection

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.fixture
def tamper():
    """SQL as somebody with the database's password would run it: the triggers are off meanwhile."""
    module = import_module("core.ledger.migrations.0002_append_only")

    def run(sql, *params):
        module.allow(apps, _Cursor())
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
        module.forbid(apps, _Cursor())

    return run


def test_entries_are_numbered_and_chained(book):
    entries = list(entries_of(book.pk))

    assert [entry.sequence for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous for entry in entries] == [GENESIS, *(e.digest for e in entries[:-1])]
    assert (book.sequence, book.head) == (4, entries[-1].digest)
    assert verify(book) is None


def test_event_time_and_entry_time_are_two(people, at, driven):
    with driven("2018-06-20 16:00"):
        entry = record(open_book("test:2"), "late", by=people.window, at=at("2018-06-15 09:30"))

    assert (entry.event_at, entry.entered_at) == (at("2018-06-15 09:30"), at("2018-06-20 16:00"))


def test_a_copy_of_the_book_that_is_behind_still_writes_in_its_place(people, at, book):
    behind = Book.objects.get(pk=book.pk)
    record(book, "first", by=people.window, at=at("2018-06-15 10:00"))

    entry = record(behind, "second", by=people.window, at=at("2018-06-15 10:01"))

    assert entry.sequence == 6
    assert verify(Book.objects.get(pk=book.pk)) is None


CHANGES = {
    "update by SQL": "UPDATE ledger_entry SET act = 'x'",
    "update of a time": "UPDATE ledger_entry SET event_at = entered_at",
    "delete by SQL": "DELETE FROM ledger_entry",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses_to_change_an_entry(book, sql):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_an_entry_cannot_be_saved_again_or_deleted(book):
    entry = Entry.objects.get(book=book, sequence=2)
    for change in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(book=book).update(act="x")


# Each engine has a statement of its own that no trigger on UPDATE or DELETE sees.
BESIDE = {
    "sqlite": "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
    "postgresql": "TRUNCATE ledger_entry",
}


def test_no_statement_gets_round_the_triggers(book):
    connection.check_constraints()  # else PostgreSQL refuses for the sake of what is still to be checked
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(BESIDE[connection.vendor])


def test_two_entries_cannot_stand_in_one_place(book):
    entry = Entry.objects.get(book=book, sequence=2)
    entry.pk = None

    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save(force_insert=True)


TAMPERED = {
    "payload": ("UPDATE ledger_entry SET payload = '{\"number\":9}' WHERE sequence = 3", 3),
    "act": ("UPDATE ledger_entry SET act = 'x' WHERE sequence = 1", 1),
    "event time": (
        "UPDATE ledger_entry SET event_at = '2018-01-01 00:00:00' WHERE sequence = 2",
        2,
    ),
    "entry time": (
        "UPDATE ledger_entry SET entered_at = '2018-01-01 00:00:00' WHERE sequence = 2",
        2,
    ),
    "middle deleted": ("DELETE FROM ledger_entry WHERE sequence = 2", 2),
    "first deleted": ("DELETE FROM ledger_entry WHERE sequence = 1", 1),
    "tail cut": ("DELETE FROM ledger_entry WHERE sequence = 4", 4),
    "all deleted": ("DELETE FROM ledger_entry WHERE sequence > 0", 1),
    "own digest": (f"UPDATE ledger_entry SET digest = '{'0' * 64}' WHERE sequence = 4", 4),
    "link": (f"UPDATE ledger_entry SET previous = '{'1' * 64}' WHERE sequence = 3", 3),
}


@pytest.mark.parametrize(("sql", "place"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_found_at_its_place(book, tamper, sql, place):
    tamper(f"{sql} AND book_id = %s", book.pk)

    fault = verify(Book.objects.get(pk=book.pk))

    assert (fault.book, fault.sequence) == ("test:1", place)
    assert fault.reason


def test_another_actor_is_found(book, tamper, people):
    tamper(
        "UPDATE ledger_entry SET actor_id = %s WHERE sequence = 2 AND book_id = %s",
        people.supervisor.pk,
        book.pk,
    )

    assert verify(book).sequence == 2


def test_swapped_entries_are_found(book, tamper):
    tamper(
        "UPDATE ledger_entry SET sequence = 1005 - sequence"
        " WHERE sequence IN (2, 3) AND book_id = %s",
        book.pk,
    )
    tamper(
        "UPDATE ledger_entry SET sequence = sequence - 1000 WHERE sequence > 1000 AND book_id = %s",
        book.pk,
    )

    assert [entry.act for entry in entries_of(book.pk)] == ["act_1", "act_3", "act_2", "act_4"]
    assert verify(book).sequence == 2


def test_an_entry_moved_to_another_book_is_found_in_both(book, tamper, people, at):
    other = open_book("test:3")
    record(other, "act_1", by=people.window, at=at("2018-06-15 09:30"))
    tamper(
        "UPDATE ledger_entry SET book_id = %s, sequence = 2 WHERE sequence = 1 AND book_id = %s",
        other.pk,
        book.pk,
    )

    assert verify(book).sequence == 1
    assert verify(other).sequence == 2


def test_a_book_put_back_is_found(book):
    Book.objects.filter(pk=book.pk).update(
        sequence=3, head=Entry.objects.get(book=book, sequence=3).digest
    )

    assert verify(Book.objects.get(pk=book.pk)).sequence == 5


def test_the_command_names_the_book_and_the_place(book, tamper, capsys):
    call_command("verify_ledger")
    assert "校验通过" in capsys.readouterr().out

    tamper("UPDATE ledger_entry SET act = 'x' WHERE sequence = 3 AND book_id = %s", book.pk)

    with pytest.raises(CommandError):
        call_command("verify_ledger")
    assert "test:1 #3" in capsys.readouterr().err
    assert [fault.book for fault in verify_all()[2]] == ["test:1"]


def test_nothing_is_written_or_locked_outside_a_transaction(transactional_db, people, at):
    book = open_book("test:4")

    with pytest.raises(NotInTransaction):
        record(book, "act", by=people.window, at=at("2018-06-15 09:30"))
    with pytest.raises(NotInTransaction):
        lock(book.pk)
    assert not Entry.objects.filter(book=book).exists()


def test_books_are_locked_in_the_order_of_their_ids(people):
    books = [open_book(f"test:{number}") for number in (7, 8, 9)]

    locked = lock(*[book.pk for book in reversed(books)])

    assert [book.pk for book in locked] == sorted(book.pk for book in books)


def test_the_county_has_one_book():
    assert county_book() == county_book()


def test_the_entry_takes_its_time_from_the_one_clock(book, people, at):
    with clock.driven(at("2018-06-15 10:00")):
        assert (
            record(book, "act", by=people.window, at=at("2018-06-15 09:30")).entered_at
            == clock.now()
        )


# — what an entry's bytes are ————————————————————————————————————————————————————


def test_many_acts_at_once_are_the_rows_that_one_after_the_other_would_be(people, at, driven):
    said = [("first", {"n": 1}), ("other", {"n": 2}), ("first", {"n": 3}), ("first", {"n": 4})]

    def rows(prefix, write):
        books = {name: open_book(f"{prefix}-{name}") for name in ("first", "other")}
        with driven("2018-06-15 09:30"):
            write(books)
        assert [verify(Book.objects.get(pk=book.pk)) for book in books.values()] == [None, None]
        return [
            (e.sequence, e.act, e.actor_id, e.event_at, e.entered_at, e.payload)
            for book in books.values()
            for e in book.entries.order_by("sequence")
        ]

    def at_once(books):
        acts = [Act(books[name].pk, "act", evidence) for name, evidence in said]
        record_all(acts, by=people.window, at=at("2018-06-15 09:00"))

    def one_by_one(books):
        for name, evidence in said:
            record(books[name], "act", by=people.window, at=at("2018-06-15 09:00"), **evidence)

    assert rows("set", at_once) == rows("one", one_by_one)


def test_many_acts_into_a_book_that_is_known_go_where_it_now_stands(people, at):
    """Known or not, and although others have written since it was read: no place is given twice and none is left."""
    when, acts = (
        at("2018-06-15 09:00"),
        lambda book: [Act(book.pk, "act", {"n": n}) for n in (1, 2)],
    )
    book = open_book("known")
    record_all(acts(book), by=people.window, at=when, book=book)
    record(book, "act", by=people.window, at=when)
    record(Book.objects.get(pk=book.pk), "elsewhere", by=people.window, at=when)
    record_all(acts(book), by=people.window, at=when, book=book)
    record(book, "act", by=people.window, at=when)

    assert verify(Book.objects.get(pk=book.pk)) is None
    assert (book.sequence, book.head) == Book.objects.values_list("sequence", "head").get(
        pk=book.pk
    )
    assert book.sequence == 7


def test_canonical_text_is_one():
    assert canonical({"乙": 1, "甲": [True, None, "字"]}) == '{"乙":1,"甲":[true,null,"字"]}'
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})


def test_dates_amounts_and_rows_have_their_text(people, at):
    said = canonical(
        {
            "at": at("2018-06-15 09:30"),
            "on": date(2018, 6, 15),
            "sum": Decimal("1200.50"),
            "who": people.window,
            "org": people.window.organisation,
        }
    )

    assert '"at":"2018-06-15T09:30:00+08:00"' in said
    assert '"on":"2018-06-15"' in said
    assert '"sum":"1200.50"' in said
    assert people.window.reference in said
    assert people.window.user.name not in said
    assert f'"org":"accounts.organisation:{people.window.organisation_id}"' in said


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, [1, [2.0]], {"a": {"b": (1.0,)}}, float("nan")])
def test_a_float_is_refused_wherever_it_stands(book, people, at, value):
    with pytest.raises(TypeError, match="float"):
        record(book, "act", by=people.window, at=at("2018-06-15 09:30"), value=value)

    assert Book.objects.get(pk=book.pk).sequence == 4


def test_what_has_no_text_is_refused(book, people, at):
    with pytest.raises(TypeError, match="set cannot stand"):
        record(book, "act", by=people.window, at=at("2018-06-15 09:30"), value={1, 2})


def test_the_digest_binds_the_book_too(book):
    entry = Entry.objects.get(book=book, sequence=1)

    assert digest_of(entry, "test:1", entry.actor.reference) == entry.digest
    assert digest_of(entry, "test:2", entry.actor.reference) != entry.digest


def test_personal_data_stands_as_a_salted_digest():
    assert salted("a", "张三") != salted("b", "张三")
    assert len(salted("a", "张三")) == 64


def test_a_book_that_was_locked_is_written_without_asking_again_and_never_over_others(people, at):
    code = open_book("test:held").pk
    with transaction.atomic():
        (held,) = lock(code)
        (stale,) = lock(code)
        with CaptureQueriesContext(connection) as asked:
            record(held, "first", by=people.window, at=at("2018-06-15 10:00"))
        assert not [q for q in asked if "FROM ledger_book" in q["sql"].split("WHERE")[0]]
        entry = record(stale, "second", by=people.window, at=at("2018-06-15 10:01"))
    assert entry.sequence == 2
    assert verify(Book.objects.get(pk=code)) is None


def test_what_was_rolled_back_is_not_followed(people, at):
    found = open_book("test:back").pk
    with transaction.atomic():
        (held,) = lock(found)
        step = transaction.savepoint()
        record(held, "lost", by=people.window, at=at("2018-06-15 10:00"))
        transaction.savepoint_rollback(step)
        entry = record(held, "kept", by=people.window, at=at("2018-06-15 10:01"))
    assert (entry.sequence, verify(Book.objects.get(pk=found))) == (1, None)
