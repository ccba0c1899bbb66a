"""A database that is older than a checkpoint somebody has seen is only read, until the administrator says why."""

import json
import os
import time

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.ledger import keys, seen
from core.ledger.checkpoints import make_checkpoint, newest
from core.ledger.models import Entry
from core.ledger.notes import Signer, signed
from core.ledger.services import county_book, record
from desk import ticker
from tests.core.ledgers import key_file
from tests.walk import walk

pytestmark = pytest.mark.django_db
NAME = "chengnuo.example/ledger"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), NAME
    settings.CHECKPOINT_SEEN = tmp_path / "seen"
    seen.look_anew()
    yield settings.CHECKPOINT_SEEN
    seen.look_anew()


def put(folder, size, name=NAME, who=None):
    """Another's copy of a checkpoint that this database may not have."""
    folder.mkdir(exist_ok=True)
    signer = who or Signer.of(name, os.urandom(32))
    (folder / "other.txt").write_text(signed(name, size, os.urandom(32), [signer]))
    seen.look_anew()


def test_our_own_newest_is_kept_outside_and_is_no_reason(
    people, at, folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_checkpoint(at("2018-06-20 12:00"))
    assert (folder / seen.OWN).read_text() == newest().text
    seen.look_anew()
    assert seen.only_reads() == ""
    # A shorter history of ours that is not here is one, too: somebody worked on after an old copy was restored.
    put(folder, 1)
    assert "不是同一段历史" in seen.only_reads()
    # Another's log, and what is no checkpoint, say nothing of ours.
    put(folder, 900_000, name="elsewhere.example/ledger")
    (folder / "no.txt").write_text("no checkpoint")
    (folder / "bytes.txt").write_bytes(b"\xff\xfe")
    assert seen.only_reads() == ""


def test_what_this_database_does_not_have_is_never_overwritten(
    people, at, folder, settings, django_capture_on_commit_callbacks
):
    folder.mkdir()
    evidence = signed(NAME, 900_000, os.urandom(32), [Signer.of(NAME, os.urandom(32))])
    (folder / seen.OWN).write_text(evidence)
    for hour in ("12", "13"):
        seen._known.looked, seen._known.behind = (
            time.monotonic(),
            [],
        )  # it was put there after this process looked
        with django_capture_on_commit_callbacks(execute=True):
            make_checkpoint(at(f"2018-06-20 {hour}:00"))
        assert (folder / seen.OWN).read_text() == evidence
        assert (folder / "own-2.txt").read_text() == newest().text
        assert "数据库是旧的备份" in seen.only_reads()  # a checkpoint that was made looks again
    seen._known.looked, seen._known.behind = time.monotonic() - seen.ANEW - 1, []
    assert seen.only_reads()  # and so does a minute


def test_a_fault_of_the_database_lets_no_act_through(people, folder):
    put(folder, 900_000)
    with transaction.atomic():
        connection.set_rollback(True)
        with pytest.raises(DatabaseError):
            seen.refuse_if_behind()
    assert seen.only_reads()


# Every command of the house is a timer's, or stands here: it writes through the ledger's one door, or only reads.
BY_HAND = {
    "calendar", "demo_accounts", "due", "import_past", "load_county", "make_demo", "replay", "token", "what_if",
    "export_ledger", "lift_read_only", "rotate_checkpoint_key", "verify_ledger", "backup", "restore", "handbook",
}  # fmt: skip
APPS = (
    "core.",
    "desk",
    "inspection",
    "approvals",
    "accounts",
    "prereview",
    "public_notice",
    "config",
)
TIMED = sorted(
    n for n, app in get_commands().items() if str(app).startswith(APPS) and n not in BY_HAND
)


def test_what_a_timer_starts_is_refused_in_the_same_words(people, folder):
    assert len(TIMED) >= 11
    put(folder, 900_000)
    for command in TIMED:
        with pytest.raises(CommandError, match="旧的备份"):
            call_command(command)


def without_entries():
    """The tables of a database that was only just made; the test's transaction takes it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM ledger_entry")


def test_a_new_database_beside_older_checkpoints_says_so_and_what_to_do(folder):
    put(folder, 900_000)
    without_entries()
    said = seen.only_reads()
    assert "新的数据库" in said
    assert str(folder) in said
    assert "lift_read_only" not in said


def test_an_old_copy_is_looked_at_and_not_written(people, at, folder, settings):
    w = walk(people, at("2018-06-15 09:00"), to=Stage.RECEIVED)
    make_checkpoint(w.now)
    real = Signer.of(NAME, keys.read_seed(settings.CHECKPOINT_KEY))
    put(folder, newest().size + 40, who=real)
    count = Entry.objects.count()
    client = Client()
    client.force_login(people.window.user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.driven(w.now):
        page = client.get(reverse("desk:case", args=[w.filing.public_id]))
        assert page.status_code == 200
        assert "数据库是旧的备份" in page.content.decode()
        english = Client(headers={"Accept-Language": "en"})
        for path in ("/api/v1/filings/", "/api/v1/sessions/"):
            answer = english.post(path, {}, content_type="application/json")
            assert (answer.status_code, answer.headers["Content-Type"]) == (
                503,
                "application/problem+json",
            )
            assert "old backup" in answer.json()["detail"]
        refused = client.post(reverse("approvals:accept", args=[w.filing.public_id]))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3600")
        assert "lift_read_only" in refused.content.decode()
        # Neither the clerk in the background nor a command gets around it.
        ticker.tick(w.now)
        with pytest.raises(seen.OnlyRead), transaction.atomic():
            record(county_book(), "try", by=people.window, at=w.now)
        with pytest.raises(seen.OnlyRead):
            make_checkpoint(w.now)
    assert Entry.objects.count() == count
    lifted(people, w, client, refused.request["PATH_INFO"])


def lifted(people, w, client, path):
    """The administrator alone lifts it, with a reason that says something."""
    reason = "旧服务器烧毁，没有较新的备份，其间的件已通知重办"
    with clock.driven(w.now):
        for who, why in ((people.window, reason), (people.administrator, "没有")):
            with pytest.raises(CommandError):
                call_command("lift_read_only", by=who.user.username, reason=why)
        call_command("lift_read_only", by=people.administrator.user.username, reason=reason)
        entry = Entry.objects.get(act=seen.LIFTED)
        assert (entry.actor, json.loads(entry.payload)["reason"]) == (people.administrator, reason)
        assert seen.only_reads() == ""
        seen.look_anew()
        assert seen.only_reads() == ""
        assert client.post(path).status_code != 503
        make_checkpoint(w.now)
        with pytest.raises(CommandError):
            call_command("lift_read_only", by=people.administrator.user.username, reason=reason)
