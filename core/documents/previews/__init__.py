"""预览: a page of a PDF or a picture, drawn anew, so that nothing of a file of others reaches a browser.

A child process with bounds draws it (`child`); what it drew is kept in the storage by the file's digest and its page,
and may be thrown away at any time. Nothing is drawn inside a transaction, and nothing of a file that waits for the
scanner, was found harmful, or was never scanned where the county has a scanner. Of what is not drawn (office files,
OFD, DWG) the same child reads the picture it carries and the first of its words.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _

from core.documents.models import DRAWN_AS, Attachment
from core.documents.previews.insides import (
    HIDDEN_SHEET,
    LONGEST_LINE,
    MOST_LINES,
    SHOWN_SHEET,
    WORDED,
)

FOLDER = "previews"
MOST_PAGES = 200
PATIENCE = 20  # seconds for one page, by the wall
AT_ONCE = BoundedSemaphore(2)  # children of one server process
WAITING = BoundedSemaphore(
    2
)  # requests that wait: each holds a thread that others of the site want
QUEUE = 10  # seconds until one of them is free
NOT_AGAIN = 600  # seconds in which what could not be drawn is not tried again
CHILD = Path(__file__).with_name("child.py")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
PAGES = re.compile(rb"^Pages:\s+(\d{1,6})$", re.MULTILINE)
MARKS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
CARRIED, WORDS = "carried", "words"  # names under the digest of a file that is not drawn
NOTHING = b"-"  # what is kept where a file carries no picture
MOST_WORDS = 512 << 10  # bytes


class NotShown(Exception):
    """There is no preview; the reason is a sentence for whoever wanted it."""


class Busy(NotShown):
    """Others are being drawn; it may be asked for again in a moment."""


@dataclass(frozen=True)
class Drawn:
    """A page that was drawn: where it is kept, its type, and how many pages of the file can be seen."""

    name: str
    content_type: str
    pages: int

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Open the drawn page, as a file field does."""
        return default_storage.open(self.name, mode)  # type: ignore[return-value]


def pages_of(file: Attachment) -> int:
    """Return how many pages a file has; NotShown where it cannot be previewed at all."""
    if why := file.not_previewed:
        raise NotShown(why)
    if file.content_type != "application/pdf":
        return 1
    name = f"{_folder(file)}/pages"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            if said := kept.read():  # empty for as long as somebody else is about to write it
                return int(said)
    found = PAGES.search(_drawn(file, "count", 0))
    if found is None or not int(found[1]):
        raise _fails(file, "count", 0)
    _keep(name, found[1])
    return int(found[1])


def draw(file: Attachment, page: int) -> Drawn:
    """Return a page of a file as a picture, drawn now or before; NotShown, with the reason, where there is none."""
    pages = pages_of(file)
    if not 1 <= page <= min(pages, MOST_PAGES):
        said = {"page": page, "all": pages, "most": min(pages, MOST_PAGES)}
        raise NotShown(_("没有第%(page)d页可以预览：共%(all)d页，可以预览%(most)d页。") % said)
    kind, content_type = DRAWN_AS[file.content_type]
    name = f"{_folder(file)}/{page}"
    if not default_storage.exists(name):
        picture = _drawn(file, kind, page)
        if not picture.startswith(MARKS[content_type]):
            raise _fails(file, kind, page)
        _keep(name, picture)
    return Drawn(name, content_type, min(pages, MOST_PAGES))


def carried(file: Attachment) -> Drawn | None:
    """Return the picture that a file carries of itself, drawn anew; None where it carries none.

    Nobody has checked that it shows what the file holds. NotShown where the file is not opened; Busy for a moment.
    """
    _may_be_read(file)
    name = f"{_folder(file)}/{CARRIED}"
    if not default_storage.exists(name):
        picture = _drawn(file, "carried", file.read_as)
        if picture and not picture.startswith(MARKS["image/jpeg"]):
            raise _fails(file, "carried", file.read_as)
        _keep(name, picture or NOTHING)
    with default_storage.open(name) as kept:
        empty = kept.read(len(NOTHING)) == NOTHING
    return None if empty else Drawn(name, "image/jpeg", 1)


def words(file: Attachment) -> list[str]:
    """Return the first lines of the words of a file (of a workbook, with the names of its sheets), as they are.

    NotShown where the file is not opened, or cannot be; Busy for a moment. Longer lines and more lines are cut.
    """
    _may_be_read(file)
    if file.read_as not in WORDED:
        return []
    name = f"{_folder(file)}/{WORDS}"
    if not default_storage.exists(name):
        _keep(name, _drawn(file, "words", file.read_as)[:MOST_WORDS])
    with default_storage.open(name) as kept:
        said = kept.read(MOST_WORDS).decode("utf-8", "replace").split("\n")
    shown = [_line(one) for one in said[:MOST_LINES] if one]
    return [*shown, _("……（后面还有，请下载原件查看）")] if len(said) > MOST_LINES else shown


def draw_any(file: Attachment, page: int) -> Drawn:
    """Return a page, or under 0 the picture that a file of another kind carries; NotShown where there is none."""
    if page or not file.read_as:
        return draw(file, page)
    found = carried(file)
    if found is None:
        raise NotShown(file.not_previewed)
    return found


def had(read: Callable[[Attachment], Any], file: Attachment) -> Any:
    """Return what is read; None where the file cannot be opened for it, which keeps nothing else from being shown."""
    try:
        return read(file)
    except NotShown as fault:
        if isinstance(fault, Busy) or file.not_opened:
            raise
        return None


def _line(said: str) -> str:
    """One line as plain text; the name of a sheet says that it is one."""
    plain = "".join(ch for ch in said if ch.isprintable())
    cut = plain[:LONGEST_LINE] + ("…" if len(plain) > LONGEST_LINE else "")
    heading = {
        SHOWN_SHEET: _("〔工作表：%(name)s〕"),
        HIDDEN_SHEET: _("〔隐藏的工作表：%(name)s〕"),
    }.get(said[0])
    return heading % {"name": cut} if heading else cut


def _may_be_read(file: Attachment) -> None:
    if why := file.not_opened:
        raise NotShown(why)
    if not file.read_as:
        raise NotShown(_("这种文件不能预览，请下载原件查看。"))


def draw_small(place: str) -> bytes:
    """Return a picture on the disk as a small JPEG for a paper: the same file gives the same bytes; nothing is kept.

    NotShown where it cannot be opened; Busy where it may be had in a moment.
    """
    busy = Busy(_("正在生成别的预览，请稍后再试，或者下载原件查看。"))
    if not _has_a_turn():
        raise busy
    try:
        with tempfile.TemporaryDirectory(prefix="preview") as folder:
            made = _run(["small", place, "1"], Path(folder))
    except subprocess.TimeoutExpired as late:
        raise busy from late
    except subprocess.CalledProcessError as fault:
        raise NotShown(_("图片打不开")) from fault
    finally:
        AT_ONCE.release()
    if not made.startswith(MARKS["image/jpeg"]):
        raise NotShown(_("图片打不开"))
    return made


def _folder(file: Attachment) -> str:
    return f"{FOLDER}/{file.sha256}"


def _keep(name: str, content: bytes) -> None:
    """Keep what was drawn; somebody who drew the same at the same moment was as good."""
    with suppress(FileExistsError):
        kept = default_storage.save(name, ContentFile(content))
        if kept != name:
            default_storage.delete(kept)


def _tried(file: Attachment, kind: str, page: int | str) -> str:
    return f"preview:{file.sha256}:{kind}:{page}"


def _fails(file: Attachment, kind: str, page: int | str) -> NotShown:
    cache.set(_tried(file, kind, page), True, NOT_AGAIN)
    return NotShown(_("这个文件打不开或者太复杂，不能预览；原件完整保留，请下载查看。"))


def _drawn(file: Attachment, kind: str, page: int | str) -> bytes:
    """Return what the child wrote; NotShown where it failed, took too long, or does so since a while."""
    if cache.get(_tried(file, kind, page)):
        raise _fails(file, kind, page)
    if not _has_a_turn():
        raise Busy(_("正在生成别的预览，请稍后再试，或者下载原件查看。"))
    try:
        with tempfile.TemporaryDirectory(prefix="preview") as folder, _at_hand(file, folder) as at:
            return _run([kind, at, str(page)], Path(folder))
    except (OSError, subprocess.SubprocessError) as fault:
        raise _fails(file, kind, page) from fault
    finally:
        AT_ONCE.release()


def _has_a_turn() -> bool:
    """Take one of the children, after a while where only a few wait; False at once where more do."""
    if AT_ONCE.acquire(blocking=False):
        return True
    if not WAITING.acquire(blocking=False):
        return False
    try:
        return AT_ONCE.acquire(timeout=QUEUE)
    finally:
        WAITING.release()


@contextmanager
def _at_hand(file: Attachment, folder: str) -> Iterator[str]:
    """Yield the path of a file; from a store that is no disk it is copied for the while."""
    if isinstance(file.file.storage, FileSystemStorage):
        path = file.file.path
    else:
        path = f"{folder}/file"
        with file.file.open("rb") as kept, Path(path).open("wb") as copy:
            shutil.copyfileobj(kept, copy, 1 << 16)
    yield path


def _run(words: list[str], folder: Path) -> bytes:
    file = folder / "out"
    with file.open("wb") as target:
        subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(CHILD), *words],
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=ENVIRONMENT,
            timeout=PATIENCE,
            check=True,
        )
    return file.read_bytes()
