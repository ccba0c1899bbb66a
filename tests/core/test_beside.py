"""Rows that go into the ledger's statement: with the entry or not at all, by one journey where it is one."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from core.beside import Beside
from core.documents.models import Series
from core.ledger.models import Book
from core.ledger.queries import verify
from core.ledger.services import (
    Overtaken,
    lock,
    open_book,
    record,
    record_with,
    seen_with,
)

pytestmark = pytest.mark.django_db
TRAVELS = {"postgresql": 1, "sqlite": 4}  # page, two rows, entry


@pytest.fixture
def book(people, at):
    found = open_book("test:beside")
    record(found, "opened", by=people.window, at=at("2018-06-15 09:30"))
    return found


@pytest.fixture
def known():
    """A row that was there before."""
    return Series.objects.create(mark="旧", year=2018, last=1)


def new():
    return Series(mark="新", year=2018, last=7)


@pytest.fixture
def say(people, at):
    def say(book, *beside):
        return record_with(
            book, "said", beside, by=people.window, at=at("2018-06-15 10:00"), evidence={"n": 1}
        )

    return say


def numbers():
    return dict(Series.objects.values_list("mark", "last"))


def test_they_are_written_with_the_entry(book, known, say):
    (held,) = lock(book.pk)
    made, known.last = new(), 5
    with CaptureQueriesContext(connection) as asked:
        say(held, Beside(made), Beside(known, ("last",)))

    assert len(asked) == TRAVELS[connection.vendor]
    assert numbers() == {"新": 7, "旧": 5}
    assert made == Series.objects.get(mark="新")
    assert not made._state.adding
    assert verify(Book.objects.get(pk=book.pk)) is None


def test_a_book_that_has_gone_on_takes_them_at_its_new_place(book, say):
    (held,) = lock(book.pk)
    say(Book.objects.get(pk=book.pk))
    entry = say(held, Beside(new()))

    assert (entry.sequence, numbers()) == (3, {"新": 7})
    assert verify(Book.objects.get(pk=book.pk)) is None


def test_what_is_gone_is_not_passed_over(book, known, say):
    Series.objects.all().delete()
    with pytest.raises((DatabaseError, ObjectDoesNotExist)):
        say(book, Beside(known, ("last",)))


def test_without_the_lock_it_is_that_statement_or_nothing(book, known, say):
    """SQLite has one writer, who holds all: there nothing is ever decided without the lock."""

    class Case:
        def __init__(self):
            self.book = Book.objects.get(pk=book.pk)

    case = seen_with(Case)
    if connection.vendor == "sqlite":
        assert case is None
        return
    entry = say(case.book, Beside(new()))
    assert (entry.sequence, numbers()["新"]) == (2, 7)
    case, known.last = seen_with(Case), 9
    say(Book.objects.get(pk=book.pk))
    with CaptureQueriesContext(connection) as asked, pytest.raises(Overtaken):
        say(case.book, Beside(Series(mark="晚", year=2018)), Beside(known, ("last",)))

    assert len(asked) == 1
    assert numbers() == {"新": 7, "旧": 1}
    assert verify(Book.objects.get(pk=book.pk)) is None
