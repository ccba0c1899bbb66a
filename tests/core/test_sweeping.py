"""What a crash left in the store is removed a day later; what is acknowledged, or is being stored, never is."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.services import system_actor
from core import clock
from core.documents.belonging import MARK, NotSwept, county_name
from core.documents.models import Attachment, Incoming, StoreSweep
from core.documents.previews import draw
from core.documents.receiving import begin, receive, whole
from core.documents.services import keep
from core.documents.storage import WholeFiles
from core.documents.sweeping import sweep_files, sweep_now_and_then
from core.ledger.services import county_book, lock, record
from desk.queries.health import checks
from tests.conftest import instant
from tests.files import PDF, pdf_of

pytestmark = pytest.mark.django_db
NOW = instant("2018-03-05 09:00")
LONG_AGO = time.time() - 2 * 86_400
ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.configure()
django.setup()
from django.core.files.base import ContentFile
from core.documents.storage import WholeFiles
class Broken(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)
WholeFiles(location=sys.argv[1]).save("attachments/" + "a" * 32, Broken(b""))
"""


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"
    with transaction.atomic():
        (book,) = lock(county_book().pk)
        record(book, "load_pack", by=system_actor(), at=NOW)
    sweep_files(NOW)  # the store is empty, and this county's from now on
    StoreSweep.objects.all().delete()
    return tmp_path / "files"


def stored(people, content=PDF):
    upload = SimpleUploadedFile("a.pdf", content)
    return keep(upload, book=county_book(), by=people.window, at=NOW)


def crashed(people, content=PDF):
    """What is left where the machine stops after the file and before its row."""
    with transaction.atomic():
        kept = stored(people, content)
        transaction.set_rollback(True)
    return kept.file.name


def age(*names):
    for name in names:
        os.utime(default_storage.path(name), (LONG_AGO, LONG_AGO))


def files(store):
    found = {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}
    return {name for name in found - {MARK} if not name.startswith("lost/")}


def test_a_file_without_a_row_is_left_for_a_day(people, store):
    lost = crashed(people)
    assert sweep_files(NOW) == 0
    assert files(store) == {lost}
    # The county's clock says nothing of the age of a file: a demonstration may be years ahead.
    assert sweep_files(NOW + timedelta(days=4000)) == 0
    assert files(store) == {lost}


def test_a_day_later_it_is_removed_and_nothing_acknowledged_is_lost(people, store):
    kept = stored(people, PDF + b"%kept\n%%EOF\n")
    lost = crashed(people)
    age(lost, kept.file.name)

    assert sweep_files(NOW) == 1
    assert files(store) == {kept.file.name}
    assert Attachment.objects.get(pk=kept.pk).file.read() == PDF + b"%kept\n%%EOF\n"
    assert sweep_files(NOW) == 0, "again, it finds nothing"


def test_a_process_that_is_killed_within_a_file_leaves_a_half_that_is_swept(store):
    words = [sys.executable, "-c", KILLED, str(store)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    (half,) = files(store)
    assert half.endswith(".part")
    assert sweep_files(NOW) == 0
    age(half)
    assert sweep_files(NOW) == 1
    assert files(store) == set()


def test_other_temporaries_go_and_papers_and_bundles_stay(store):
    for name in ("papers/2018/1.pdf", "papers/2018/2.pdf.part", "archives/x.zip"):
        default_storage.save(name, ContentFile(b"x"))
        age(name)
    assert sweep_files(NOW) == 1
    assert files(store) == {"papers/2018/1.pdf", "archives/x.zip"}


def test_a_file_that_came_slowly_in_pieces_is_as_young_as_the_act(people, store):
    """It is linked into the store, and its bytes may be days old."""
    coming = begin(name="a.pdf", size=len(PDF), by=people.enterprise, at=NOW)
    receive(coming, offset=0, piece=ContentFile(PDF), by=people.enterprise, at=NOW)
    place = store.parent / "incoming" / coming.token
    os.utime(place, (LONG_AGO, LONG_AGO))
    WholeFiles(location=store).save(
        "attachments/" + "b" * 32, whole(coming.token, by=people.enterprise)
    )
    assert sweep_files(NOW) == 0
    assert files(store) == {"attachments/" + "b" * 32}


def test_pieces_without_a_row_go_and_those_with_one_stay(people, store):
    place = store.parent / "incoming"
    coming = begin(name="a.pdf", size=len(PDF), by=people.enterprise, at=NOW)
    receive(coming, offset=0, piece=ContentFile(PDF[:9]), by=people.enterprise, at=NOW)
    for name in ("0" * 32, "1" * 32):
        (place / name).write_bytes(b"x")
    for name in (coming.token, "0" * 32):
        os.utime(place / name, (LONG_AGO, LONG_AGO))
    assert sweep_files(NOW) == 1
    assert {path.name for path in place.iterdir()} == {coming.token, "1" * 32, "lost"}
    assert Incoming.objects.get().received == 9


def test_previews_of_what_is_gone_are_removed(people, store):
    kept = stored(people, pdf_of(1))
    other = stored(people, pdf_of(2))
    names = [draw(one, 1).name for one in (kept, other)]
    age(*names)
    Attachment.objects.filter(pk=other.pk).update(sha256="0" * 64)
    assert sweep_files(NOW) == 1
    assert names[0] in files(store)
    assert names[1] not in files(store)


def test_what_cannot_be_removed_is_said(people, store):
    age(crashed(people))
    (store / "lost").write_text("no folder")
    assert sweep_files(NOW) == 0
    with clock.driven(NOW):
        found = next(check for check in checks(NOW) if check.name == "store")
    assert (found.state, "1个清除不了" in found.said) == ("warn", True)


def health():
    with clock.driven(NOW):
        return next(check for check in checks(NOW) if check.name == "store")


def test_the_store_of_another_county_is_never_swept(people, store):
    """The same checkout on another database: it names none of the files, and they are all somebody's."""
    names = [crashed(people) for _number in range(3)]
    age(*names)
    (store / MARK).write_text("0" * 64)
    with pytest.raises(NotSwept, match="另一个数据库"):
        sweep_files(NOW)
    with pytest.raises(CommandError, match="另一个数据库"), clock.driven(NOW):
        call_command("sweep_files", "--yes")
    assert (health().state, "另一个数据库" in health().said) == ("warn", True)
    (store / MARK).unlink()
    with pytest.raises(NotSwept, match="没有标记"):
        sweep_files(NOW, yes=True)
    assert (health().state, "没有标记" in health().said) == ("warn", True)
    assert sweep_now_and_then(NOW + timedelta(days=2)) == 0, (
        "the worker goes on with its other work"
    )
    assert files(store) == set(names)

    kept = stored(people).file.name  # what this database names makes the store its own
    assert sweep_files(NOW) == 3
    assert (files(store), (store / MARK).read_text()) == ({kept}, county_name())


def test_what_was_swept_can_be_taken_back_for_a_month(people, store):
    lost = crashed(people)
    piece = store.parent / "incoming" / ("0" * 32)
    piece.parent.mkdir(exist_ok=True)
    piece.write_bytes(b"piece")
    age(lost)
    os.utime(piece, (LONG_AGO, LONG_AGO))
    assert sweep_files(NOW) == 2
    (file,), (part,) = ([*(root / "lost").rglob("?" * 32)] for root in (store, piece.parent))
    assert (file.read_bytes(), part.read_bytes()) == (PDF, b"piece")
    for found in (file, part):
        found.parent.rename(found.parent.with_name(str(date.today() - timedelta(days=28))))
    sweep_files(NOW)
    assert [len([*(root / "lost").rglob("?" * 32)]) for root in (store, piece.parent)] == [1, 1]
    for root in (store, piece.parent):
        (folder,) = (root / "lost").iterdir()
        folder.rename(folder.with_name(str(date.today() - timedelta(days=32))))
    sweep_files(NOW)
    assert [len([*(root / "lost").rglob("?" * 32)]) for root in (store, piece.parent)] == [0, 0]


def test_a_sweep_of_too_many_is_refused_until_somebody_says_yes(people, store):
    stored(people)
    names = [crashed(people) for _number in range(11)]
    age(*names)
    with pytest.raises(NotSwept, match="十分之一"):
        sweep_files(NOW)
    assert set(names) < files(store)
    assert (health().state, "11个无主" in health().said) == ("warn", True)
    with clock.driven(NOW):
        call_command("sweep_files", "--yes")
    assert not set(names) & files(store)
    assert health().state == "ok"


def test_the_worker_looks_once_a_day_and_health_says_so(people):
    kept = stored(people)
    with clock.driven(NOW + timedelta(days=3)):
        found = next(check for check in checks(clock.now()) if check.name == "store")
    assert found.state == "warn", kept
    age(crashed(people))
    assert sweep_now_and_then(NOW) == 1
    age(crashed(people))
    assert sweep_now_and_then(NOW + timedelta(hours=1)) == 0
    with clock.driven(NOW):
        call_command("sweep_files")
        found = next(check for check in checks(NOW) if check.name == "store")
    assert (found.state, "清除无主文件1个" in found.said) == ("ok", True)
    assert StoreSweep.objects.count() == 2


def test_a_store_that_is_no_disk_is_swept_too(people, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    kept, lost = stored(people), crashed(people)
    assert sweep_files(NOW) == 0
    node = default_storage._resolve(lost)
    node.modified_time -= timedelta(days=2)
    assert sweep_files(NOW) == 1
    assert default_storage.exists(kept.file.name)
    assert not default_storage.exists(lost)
