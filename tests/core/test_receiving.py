"""A large file in pieces: what was acknowledged is on the disk, it goes on after a break, and is its sender's alone."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.documents.models import Incoming
from core.documents.receiving import (
    AT_ONCE,
    KEPT,
    abandon,
    begin,
    forget_incoming,
    receive,
    whole,
)
from core.documents.services import keep
from core.ledger.services import open_book
from tests.conftest import instant
from tests.files import PDF

pytestmark = pytest.mark.django_db
NOW = instant("2018-06-15 09:30")
SIZE = len(PDF)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"


def begun(people, name="图纸.pdf", size=SIZE):
    return begin(name=name, size=size, by=people.enterprise, at=NOW)


def more(coming, offset, content, by=None):
    piece = SimpleUploadedFile("piece", content)
    return receive(coming, offset=offset, piece=piece, by=by or coming.by, at=NOW)


@pytest.mark.parametrize(
    ("name", "size", "says"),
    [
        ("a.exe", 10, "只接收"),
        ("图纸", 10, "只接收"),
        ("a.pdf", 0, "大于0"),
        ("a.pdf", (200 << 20) + 1, "不超过200 MB"),
    ],
)
def test_what_could_not_be_taken_is_not_begun(people, name, size, says):
    with pytest.raises(ValidationError, match=says):
        begun(people, name, size)


def test_a_person_has_only_so_many_in_coming(people):
    for _one in range(AT_ONCE):
        begun(people)
    with pytest.raises(ValidationError, match="太多"):
        begun(people)


def test_all_together_are_bounded_too(people):
    for _one in range(AT_ONCE // 4):
        begun(people, size=200 << 20)
    with pytest.raises(ValidationError, match="太多"):
        begun(people)


def test_pieces_make_the_file_and_an_act_takes_it_once(people, tmp_path):
    coming = begun(people)
    for at in range(0, len(PDF), 10):
        coming = more(coming, at, PDF[at : at + 10])
    kept = keep(
        whole(coming.token, by=people.enterprise),
        book=open_book("test:a"),
        by=people.enterprise,
        at=NOW,
    )

    assert (kept.name, kept.size, kept.file.read()) == ("图纸.pdf", len(PDF), PDF)
    assert not Incoming.objects.exists()
    with pytest.raises(ValidationError, match="已经提交过"):
        whole(coming.token, by=people.enterprise)


def test_a_piece_begins_where_the_last_one_ended(people):
    coming = more(begun(people), 0, PDF[:20])

    for offset in (0, 19, 21, 10_000):
        with pytest.raises(ValidationError, match="已收到20字节"):
            more(coming, offset, b"x")
    assert Incoming.objects.get().received == 20


def test_no_more_is_taken_than_was_announced(people):
    coming = more(begun(people), 0, PDF + b"more than that")

    assert coming.received == len(PDF)
    assert whole(coming.token, by=people.enterprise).read() == PDF


def test_what_is_not_whole_is_not_taken(people):
    coming = more(begun(people), 0, PDF[:-1])

    with pytest.raises(ValidationError, match="没有传完"):
        whole(coming.token, by=people.enterprise)


def test_it_is_taken_by_one_act_only(people):
    """Two requests hold it open at once; the second finds that it is gone, and nothing of it is kept."""
    coming = more(begun(people), 0, PDF)
    first, second = (whole(coming.token, by=people.enterprise) for _who in range(2))
    book = open_book("test:a")
    keep(first, book=book, by=people.enterprise, at=NOW)
    with pytest.raises(ValidationError, match="已经提交过"), transaction.atomic():
        keep(second, book=book, by=people.enterprise, at=NOW)
    second.close()

    assert book.attachments.count() == 1


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "\0", "a" * 32, "A" * 40])
def test_a_token_that_was_never_given_is_unknown(people, token):
    with pytest.raises(ValidationError, match="已经提交过"):
        whole(token, by=people.enterprise)


def test_what_is_whole_is_still_looked_into(people):
    page = b"<html><script>x</script></html>"
    coming = more(begun(people, size=len(page)), 0, page)

    with pytest.raises(ValidationError, match="扩展名须与内容一致"):
        keep(
            whole(coming.token, by=people.enterprise),
            book=open_book("test:a"),
            by=people.enterprise,
            at=NOW,
        )
    assert Incoming.objects.exists(), "it can be given up, or another file begun"


def test_it_may_be_larger_than_one_request_but_not_than_the_bound(people, settings):
    settings.UPLOAD_MAX_BYTES = 10
    coming = more(begun(people), 0, PDF)
    assert keep(
        whole(coming.token, by=people.enterprise),
        book=open_book("test:a"),
        by=people.enterprise,
        at=NOW,
    )

    coming = more(begun(people), 0, PDF)
    settings.LARGE_UPLOAD_MAX_BYTES = 10
    with pytest.raises(ValidationError, match="超过"):
        keep(
            whole(coming.token, by=people.enterprise),
            book=open_book("test:b"),
            by=people.enterprise,
            at=NOW,
        )


def test_anothers_file_is_unknown(people):
    coming = more(begun(people), 0, PDF)
    stranger = people.window

    with pytest.raises(ValidationError, match="已经提交过"):
        whole(coming.token, by=stranger)
    for act in (
        lambda: more(coming, 0, PDF, by=stranger),
        lambda: abandon(coming, by=stranger, at=NOW),
    ):
        with pytest.raises(Incoming.DoesNotExist):
            act()


def test_bytes_that_were_never_acknowledged_are_written_over(people, settings):
    """The process fell after the piece was on the disk and before the row was: it is sent again."""
    coming = more(begun(people), 0, PDF[:20])
    with (settings.INCOMING_DIR / coming.token).open("ab") as place:
        place.write(b"half a piece that nobody was told of")
    coming = more(coming, 20, PDF[20:])

    assert whole(coming.token, by=people.enterprise).read() == PDF


def test_with_the_first_piece_the_name_is_on_the_disk_too(people, settings, monkeypatch):
    flushed, fsync = [], os.fsync
    monkeypatch.setattr(
        os,
        "fsync",
        lambda n: [flushed.append(str(Path(f"/proc/self/fd/{n}").readlink())), fsync(n)],
    )
    coming = more(begun(people), 0, PDF[:20])
    place = settings.INCOMING_DIR / coming.token
    assert [one for one in flushed if "incoming" in one] == [str(place), str(place.parent)]

    flushed.clear()
    more(coming, 20, PDF[20:])
    assert [one for one in flushed if "incoming" in one] == [str(place)]


@pytest.mark.parametrize("after", [timedelta(0), KEPT, KEPT + timedelta(seconds=1)])
def test_after_a_week_it_is_forgotten(people, settings, after, django_capture_on_commit_callbacks):
    coming = more(begun(people), 0, PDF[:20])
    with django_capture_on_commit_callbacks(execute=True):
        forgotten = forget_incoming(NOW + after)

    assert forgotten == (after > KEPT)
    assert (settings.INCOMING_DIR / coming.token).exists() == (after <= KEPT)


def test_given_up_it_is_gone(people, settings, django_capture_on_commit_callbacks):
    coming = more(begun(people), 0, PDF[:20])
    with django_capture_on_commit_callbacks(execute=True):
        abandon(coming, by=people.enterprise, at=NOW)

    assert not Incoming.objects.exists()
    assert not (settings.INCOMING_DIR / coming.token).exists()


WRITER = """
import sys
from io import BytesIO
from pathlib import Path
import django
django.setup()
from core.documents.receiving import write
end = 0
while True:
    piece = BytesIO(bytes([end // 70_000 % 251]) * 70_000)
    end = write(Path(sys.argv[1]), end, piece, most=70_000)
    print(end, flush=True)
"""


@pytest.mark.parametrize("after", [1, 3, 7])
def test_what_was_acknowledged_before_a_kill_is_on_the_disk(tmp_path, after):
    place = tmp_path / "coming"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHENGNUO_SECRET_KEY": "a key of this test alone, which opens nothing",
    }
    command = [sys.executable, "-c", WRITER, str(place)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        told = [child.stdout.readline() for _one in range(after)]
        child.kill()
        told += child.stdout.readlines()
    acknowledged = max(int(line) for line in told if line.endswith("\n"))

    kept = place.read_bytes()[:acknowledged]
    assert len(kept) == acknowledged > 0
    assert all(kept[at] == at // 70_000 % 251 for at in range(0, acknowledged, 35_000))
