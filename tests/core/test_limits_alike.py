"""Limits that start at one moment are counted once, and their book is told once."""

import pytest

from approvals.models import StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from core.deadlines.services import feed_all, start, start_all
from core.ledger.models import Book

pytestmark = pytest.mark.django_db


def test_many_limits_that_start_together_are_what_each_would_be(people, at):
    filing, when = (
        open_draft(by=people.enterprise, at=at("2018-06-01 09:00")),
        at("2018-06-04 09:00"),
    )
    one = start(StageLimit(filing=filing, book=filing.book), limits.SIGN, at=when)
    book = Book.objects.get(pk=filing.book_id)
    Book.objects.filter(pk=book.pk).update(next_due=None, counted_by=None)
    alike = [StageLimit(filing=filing, book=filing.book) for _time in range(3)]
    start_all(alike, limits.SIGN, at=when)
    start_all([], limits.SIGN, at=when)
    for names in (
        "started_at",
        "length",
        "unit",
        "due_at",
        "act_at",
        "calendar",
        "rule",
        "provisional",
    ):
        assert {getattr(limit, names) for limit in alike} == {getattr(one, names)}

    for due, number, expected in (
        (None, None, one.calendar.number),
        (at("2018-01-01 00:00"), 10**6, None),
    ):
        Book.objects.filter(pk=book.pk).update(next_due=due, counted_by=number)
        feed_all(alike)
        now = Book.objects.get(pk=book.pk)
        assert (now.next_due, now.counted_by) == (
            due or one.act_at,
            expected or one.calendar.number,
        )
    assert (book.next_due, book.counted_by) == (one.act_at, one.calendar.number)
