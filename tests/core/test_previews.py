"""A page is drawn anew in a child that can do little else; what cannot be drawn is said, and costs little."""

import io
import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core import clock
from core.documents import previews
from core.documents.models import Attachment
from core.documents.previews import MOST_PAGES, Busy, NotShown, draw, pages_of
from core.documents.services import keep_bytes
from core.documents.stages import Scan
from core.ledger.services import county_book
from tests.approvals.browse import Browser
from tests.conftest import instant
from tests.core.hostile import CORPUS, picture
from tests.files import PDF, pdf_of
from tests.share import mine

pytestmark = pytest.mark.django_db
NOW = instant("2018-03-05 09:00")
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
MEMORY = (1 << 30) + (64 << 20)


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def kept(people):
    """What keeps a file as it is, without a look at the door."""

    def keep(content, name="a.pdf", **more):
        kind = more.pop("content_type", TYPES.get(name[-3:], "application/ofd"))
        said = {"book": county_book(), "by": people.window, "at": NOW}
        file = keep_bytes(content, name=name, content_type=kind, **said)
        Attachment.objects.filter(pk=file.pk).update(**more)
        file.refresh_from_db()
        return file

    return keep


def drawn(page):
    with page.open() as file:
        return Image.open(io.BytesIO(file.read()))


# — what is not drawn ————————————————————————————————————————————————————————————————


def test_what_waits_is_harmful_or_was_never_scanned_is_not_opened(kept, settings, monkeypatch):
    settings.CLAMD = "unix:/nowhere"
    monkeypatch.setattr(previews.subprocess, "run", None)  # nothing is started
    for scan, says in (
        (Scan.WAITING, "还在查毒"),
        (Scan.INFECTED, "已隔离"),
        (Scan.NONE, "没有查过毒"),
    ):
        file = kept(pdf_of(1) + str(scan).encode(), scan=scan)
        with pytest.raises(NotShown, match=says):
            draw(file, 1)
    assert not default_storage.exists("previews")


def test_drawn_before_it_is_no_longer_shown_once_found_harmful(kept):
    file = kept(pdf_of(1))
    draw(file, 1)
    file.scan = Scan.INFECTED
    with pytest.raises(NotShown, match="已隔离"):
        draw(file, 1)


def test_other_kinds_and_pages_that_are_not_there_are_said(kept):
    with pytest.raises(NotShown, match="不能预览，请下载"):
        draw(kept(b"x", "a.txt", content_type="text/plain"), 1)
    file = kept(pdf_of(2))
    for page in (0, 3, -1):
        with pytest.raises(NotShown, match="共2页"):
            draw(file, page)
    long = kept(pdf_of(MOST_PAGES + 1))
    assert pages_of(long) == MOST_PAGES + 1
    with pytest.raises(NotShown, match=f"可以预览{MOST_PAGES}页"):
        draw(long, MOST_PAGES + 1)


def test_a_count_that_somebody_else_is_about_to_write_is_counted_anew(kept):
    file = kept(pdf_of(3), "三页.pdf")
    place = Path(default_storage.path(f"{previews._folder(file)}/pages"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()  # made, but not written yet: two persons confirm one scan
    assert pages_of(file) == 3


def test_a_page_that_somebody_else_is_writing_is_served_whole(kept):
    file = kept(pdf_of(1), "一页.pdf")
    place = Path(default_storage.path(f"{previews._folder(file)}/1"))
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_name("1.part")  # as the store writes: beside the place
    half.write_bytes(b"\x89PNG half")
    assert drawn(draw(file, 1)).size == (1131, 1600)
    assert half.exists(), "it is somebody else's"


def test_what_fails_is_not_tried_again_at_once(kept, monkeypatch):
    file = kept(PDF)
    with pytest.raises(NotShown, match="不能预览；原件完整保留"):
        draw(file, 1)
    monkeypatch.setattr(previews.subprocess, "run", None)
    with pytest.raises(NotShown, match="不能预览；原件完整保留"):
        draw(file, 1)


def test_too_many_at_once_wait_and_then_hear_why(kept, monkeypatch):
    monkeypatch.setattr(previews, "QUEUE", 0.01)
    with previews.AT_ONCE, previews.AT_ONCE, pytest.raises(Busy, match="请稍后再试"):
        draw(kept(pdf_of(1)), 1)
    assert draw(kept(pdf_of(1)), 1).pages == 1, "later it is"


def test_where_two_wait_already_the_next_hears_it_at_once(kept):
    """Waiting holds a thread of the site; a page with fifteen papers must not hold them all."""
    file, begun = kept(pdf_of(1)), time.monotonic()
    with ExitStack() as held:
        for one in (previews.AT_ONCE, previews.AT_ONCE, previews.WAITING, previews.WAITING):
            held.enter_context(one)
        with pytest.raises(Busy, match="请稍后再试"):
            draw(file, 1)
    assert time.monotonic() - begun < previews.QUEUE / 2
    assert draw(file, 1).pages == 1, "later it is"


def test_a_child_that_takes_too_long_is_ended(kept, monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(previews, "CHILD", slow)
    monkeypatch.setattr(previews, "PATIENCE", 0.3)
    begun = time.monotonic()
    with pytest.raises(NotShown):
        draw(kept(pdf_of(1)), 1)
    assert time.monotonic() - begun < 5


# — what the child can do ————————————————————————————————————————————————————————————

TRIES = """
import sys
sys.path.insert(0, {folder!r})
import child
child.bound()
child.without_network()
import socket, resource
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    try:
        socket.socket(family)
        print("a socket of", family)
    except PermissionError:
        pass
try:
    socket.socketpair()
    print("a pair")
except PermissionError:
    pass
try:
    b"x" * (child.MEMORY + 1)
    print("memory")
except MemoryError:
    pass
print(resource.getrlimit(resource.RLIMIT_CPU)[1] == child.SECONDS)
"""


def test_the_child_has_no_network_and_bounds():
    folder = str(Path(previews.__file__).parent)
    words = [sys.executable, "-I", "-c", TRIES.format(folder=folder)]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["True"], said.stdout


def test_hostile_files_end_in_a_picture_or_a_sentence(kept):
    """Nothing of the corpus crashes the server, takes long, or takes more memory than a child may."""
    begun, slowest, seen = time.monotonic(), 0.0, 0
    for what, name, content in CORPUS:
        if name[-3:] not in TYPES or not mine(what):
            continue
        before = time.monotonic()
        try:
            page = draw(kept(content, name), 1)
            assert drawn(page).width <= 1600, what
        except NotShown:
            pass
        seen, slowest = seen + 1, max(slowest, time.monotonic() - before)
    assert seen > 20
    assert slowest < previews.PATIENCE + 5
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10 < MEMORY
    assert time.monotonic() - begun < 120


# — what is drawn ————————————————————————————————————————————————————————————————————


def test_a_page_is_drawn_once_and_kept_by_digest(kept, monkeypatch):
    file = kept(pdf_of(3))
    page = draw(file, 2)
    assert (page.content_type, page.pages) == ("image/png", 3)
    assert page.name == f"previews/{file.sha256}/2"
    assert drawn(page).size == (1131, 1600)
    monkeypatch.setattr(previews.subprocess, "run", None)
    assert draw(kept(pdf_of(3), "另一个.pdf"), 2) == page, "the same bytes are the same page"


def test_of_a_picture_nothing_but_what_is_seen_is_left(kept):
    whole = Image.new("RGB", (2400, 1200), "red")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "工地上的秘密"
    out = io.BytesIO()
    whole.save(out, "JPEG", exif=exif, comment=b"a secret")
    found = drawn(draw(kept(out.getvalue(), "a.jpg"), 1))
    assert found.size == (800, 1600), "upright, as the telephone was held"
    assert not found.getexif()
    assert "comment" not in found.info
    assert drawn(draw(kept(picture("PNG", (30, 20)), "a.png"), 1)).size == (30, 20)


def test_nothing_is_drawn_in_a_transaction_and_the_page_is_behind_the_same_door(kept, people):
    file = kept(pdf_of(2))
    Attachment.objects.filter(pk=file.pk).update(book=county_book())
    window, stranger = Browser(people.administrator, NOW), Browser(people.enterprise, NOW)
    for name, more in (("preview", ()), ("preview_page", (1,))):
        assert stranger.get(name, file.pk, *more).status_code == 404
        assert stranger.get(name, 10**9, *more).status_code == 404
    with clock.driven(NOW), CaptureQueriesContext(connection) as asked:
        window.get("preview", file.pk)
    assert not [query for query in asked if query["sql"].startswith(("SAVEPOINT", "BEGIN"))]


def test_a_store_that_is_no_disk_is_as_good(kept, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    file = kept(pdf_of(2))
    assert drawn(draw(file, 2)).size == (1131, 1600)
    assert default_storage.listdir(f"previews/{file.sha256}")[1] == ["pages", "2"]
