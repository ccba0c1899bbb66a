"""A clock that has gone back: nothing is written before the last entry of a book; who asks is told why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import clock
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.ledger.services import Act, ClockBehind, county_book, lock, open_book, record, record_all

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def gone_back(monkeypatch):
    """`gone_back(by)`: the system's clock says a time so much before the true one; without a word, the true one."""
    shown = [timedelta()]

    def present(_asked):
        return timezone.now() - shown[0]

    def by(how_much):
        shown[0] = how_much

    monkeypatch.setattr(clock.Asked, "present", present)
    return by


@pytest.fixture
def book(people):
    found = open_book("test:1")
    record(found, "first", by=people.window, at=clock.now())
    return found


@pytest.mark.parametrize("back", [3 * SECOND, timedelta(hours=1), timedelta(days=3650)], ids=str)
def test_nothing_is_written_before_the_last_entry(book, people, gone_back, back):
    gone_back(back)
    with pytest.raises(ClockBehind):
        record(book, "second", by=people.window, at=clock.now())
    with pytest.raises(ClockBehind):
        record_all([Act(book.pk, "second")], by=people.window, at=clock.now())

    assert [entry.act for entry in book.entries.all()] == ["first"]
    gone_back(timedelta())
    record(book, "second", by=people.window, at=clock.now())
    assert verify(lock(book.pk)[0]) is None


def test_what_a_clock_may_be_off_by_is_let_pass(book, people, gone_back):
    gone_back(SECOND)
    record(book, "second", by=people.window, at=clock.now())

    assert book.entries.count() == 2


def test_a_book_whose_last_entry_is_older_is_written_on(book, people, gone_back):
    other = open_book("test:2")
    gone_back(timedelta(hours=1))
    record(other, "first", by=people.window, at=clock.now())

    assert other.entries.count() == 1


def test_the_past_that_is_played_again_may_go_back(book, people, at):
    with clock.driven(at("2018-06-15 09:30")):
        record(book, "played", by=people.window, at=clock.now())

    assert Entry.objects.latest("pk").entered_at == at("2018-06-15 09:30")


def test_whoever_acts_is_told_and_the_health_page_is_red(client, people, gone_back):
    record(county_book(), "later", by=people.administrator, at=clock.now())
    client.force_login(people.administrator.user)
    assert client.get("/health/").json()["checks"]["clock"] == "ok"
    gone_back(timedelta(hours=1))

    answer = client.post("/account/tokens/", {"name": "示例程序", "scope": "read", "days": "30"})

    assert answer.status_code == 409
    assert "系统时钟早于台账" in answer.content.decode()
    assert client.get("/health/").status_code == 503
    assert client.get("/health/").json()["checks"]["clock"] == "bad"
