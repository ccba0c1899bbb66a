"""What is never attested: entries that are not what their digest says, and a log whose name nobody could read."""

from random import Random

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from config.ways_out import ways_out
from core.ledger import checkpoints, keys
from core.ledger.checkpoints import make_checkpoint, newest
from core.ledger.models import CheckpointKey, Entry
from core.ledger.rules import digest_of
from core.ledger.services import record
from tests.core.ledgers import fill, key_file, sql, unlocked

NAMES = ("左权县 台账", "a.example/led+ger", "a.example/x\n", "a.example/\u3000x")


@pytest.fixture
def books(people, at, settings, tmp_path):
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    return fill(Random(1), people, at)


def refuses(at, day="2018-06-21"):
    with pytest.raises(checkpoints.Broken, match="verify_ledger"), transaction.atomic():
        make_checkpoint(at(f"{day} 12:00"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        "payload = '{\"note\": \"forged\"}'", "act = 'x'", "event_at = '2018-06-01 00:00:00'", "actor_id = %(other)s",
        "digest = '00'", "previous = '00'",
    ],
)  # fmt: skip
def test_an_entry_that_is_not_what_its_digest_says_is_attested_by_nobody(
    books, people, at, changed
):
    first = make_checkpoint(at("2018-06-20 12:00"))
    book = books[0]
    for hour in (13, 14):
        record(book, "later", by=people.window, at=at(f"2018-06-20 {hour}:00"))
    entries = Entry.objects.filter(book=book).order_by("-sequence")
    with unlocked():
        for entry in entries[:2]:
            with transaction.atomic():
                statement = (
                    changed % {"other": people.supervisor.pk} if "%(" in changed else changed
                )
                sql(f"UPDATE ledger_entry SET {statement} WHERE id = %s", entry.pk)
                refuses(at)
                transaction.set_rollback(True)
        assert newest() == first
        assert make_checkpoint(at("2018-06-21 12:00")).number == 2


@pytest.mark.django_db
def test_what_does_not_follow_the_entry_that_was_attested_last_is_attested_by_nobody(
    books, people, at
):
    """Both ends of the new run hold by themselves: it is another history that begins where it likes."""
    make_checkpoint(at("2018-06-20 12:00"))
    book = books[0]
    record(book, "later", by=people.window, at=at("2018-06-20 13:00"))
    with unlocked():
        entry = Entry.objects.filter(book=book).order_by("-sequence").first()
        entry.previous = "0" * 64
        digest = digest_of(entry, book.code, entry.actor.reference)
        sql(
            "UPDATE ledger_entry SET previous = %s, digest = %s WHERE id = %s",
            entry.previous,
            digest,
            entry.pk,
        )
        sql("UPDATE ledger_book SET head = %s WHERE id = %s", digest, book.pk)
        refuses(at)


def test_a_name_that_no_reader_takes_is_no_setting(monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.setenv("CHENGNUO_LEDGER_NAME", name)
        with pytest.raises(ImproperlyConfigured, match="CHENGNUO_LEDGER_NAME"):
            ways_out(environ.Env(), "https://a.example", tmp_path / "key")
    monkeypatch.setenv("CHENGNUO_LEDGER_NAME", "左权县/台账")
    assert (
        ways_out(environ.Env(), "https://a.example", tmp_path / "key")["LEDGER_NAME"]
        == "左权县/台账"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*NAMES, ""])
def test_nor_is_a_key_announced_under_one(books, at, settings, name):
    settings.LEDGER_NAME = name
    with pytest.raises(keys.NoKey, match="CHENGNUO_LEDGER_NAME"), transaction.atomic():
        make_checkpoint(at("2018-06-20 12:00"))
    assert not CheckpointKey.objects.exists()
