"""成文: HTML in, PDF bytes out, one paper at a time, by a child process that is kept warm and bounded.

What a page may take is a number: memory, seconds of the processor, seconds by the clock. Where it takes more, the child
is ended and the page's error names the bound; whoever asked lives on, and the next page has a new child. A child is
made on first use (1.5-3 s), serves some hundred papers, and is replaced before its font cache grows too large. Where an
older one has no memory left for a page, a new one prints it: only what a new one cannot print is the page's own fault.
"""

import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from core.documents import fonts
from core.documents.press.child import (
    DEEP,
    FAULTY,
    HEAD,
    LOOSE,
    MEMORY,
    PAGE,
    READY,
    REFUSED,
)

PAPERS_PER_PRESS = 300
CHILD = Path(__file__).with_name("child.py")
# No key and no address of the database is handed on.
HANDED_ON = ("PATH", "LANG", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
log = logging.getLogger("chengnuo.papers")


class PaperError(Exception):
    """No paper can be made of this content; the message says why, for the person who issues it."""


class _LostError(Exception):
    """The child ended, and no bound was the reason."""


@dataclass(frozen=True)
class Bounds:
    """What one page may take: `memory` (bytes beyond the press itself), `seconds` (processor), `patience` (clock).

    A page of 2,000 rows takes 3 s and 140 MB; the seconds by the clock allow for a machine that is busy otherwise.
    """

    memory: int = 512 << 20
    seconds: int = 30
    patience: float = 120.0


class Press:
    """One child, made ready with the style sheet and the fonts. Not for two threads at once."""

    def __init__(self, stylesheet: Path, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.printed, self.owner = 0, os.getpid()
        self.folder = tempfile.mkdtemp(prefix="press")
        self.process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={n: os.environ[n] for n in HANDED_ON if n in os.environ} | {"TMPDIR": self.folder},
        )  # fmt: skip
        self.end = weakref.finalize(self, _ended, self.process, self.folder, os.getpid())
        self._make_ready(stylesheet)

    def _make_ready(self, stylesheet: Path) -> None:
        present = fonts.installed()
        first = {
            "sheet": fonts.stylesheet(present) + stylesheet.read_text(encoding="utf-8"),
            "faces": {f"{fonts.SCHEME}:{name}": str(path) for name, path in present.items()},
            "memory": self.bounds.memory,
            "seconds": self.bounds.seconds,
        }
        try:
            self._say(first)
            mark, said = self._answer()
        except (_LostError, PaperError) as lost:  # no page was asked for yet
            raise OSError(f"the press does not start ({lost})") from lost
        if mark not in (READY, LOOSE):
            self.end()
            raise OSError(f"the press has no style sheet or fonts ({said.decode()})")
        if mark == LOOSE:
            log.warning(
                "the kernel takes no filter: only the closed fetcher keeps papers from the network"
            )

    @property
    def alive(self) -> bool:
        """Whether the next paper can be printed by it: it is this process's, runs, and has served few enough."""
        return self.end.alive and self.process.poll() is None and self.printed < PAPERS_PER_PRESS

    def print(self, html: str, identifier: str) -> bytes:
        """Return the PDF; PaperError names what is wrong with the page, or the bound that it passed."""
        self.printed += 1
        self._say({"html": html, "identifier": identifier})
        mark, said = self._answer()
        if mark == PAGE:
            return said
        if mark == MEMORY:
            self.end()  # what of it was left is not known
            raise self._full()
        raise PaperError(self._why(mark, said.decode("utf-8", "replace")))

    def _why(self, mark: int, said: str) -> str:
        reasons = {
            REFUSED: _("文书引用了不允许的资源：%(what)s") % {"what": said[:120]},
            DEEP: _("文书结构嵌套过深"),
            FAULTY: _("文书排版失败：%(what)s") % {"what": said[:200]},
        }
        return reasons[mark]

    def _full(self) -> Exception:
        """Return what a want of memory means: of a child that is new the page's, else it may be what came before."""
        if self.printed > 1:
            return _LostError("memory")
        said = {"limit": self.bounds.memory >> 20}
        return PaperError(_("文书排版所需内存超过上限（%(limit)d MB），没有成文") % said)

    def _say(self, words: dict[str, object]) -> None:
        body = json.dumps(words).encode()
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(HEAD.pack(0, len(body)) + body)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._over() from None

    def _answer(self) -> tuple[int, bytes]:
        until = time.monotonic() + self.bounds.patience
        mark, size = HEAD.unpack(self._read(HEAD.size, until))
        return mark, self._read(size, until)

    def _read(self, size: int, until: float) -> bytes:
        """Read so many bytes of an answer; PaperError where the clock, or the child, ends before."""
        assert self.process.stdout is not None
        source, parts = self.process.stdout.fileno(), []
        waits = select.poll()
        waits.register(source, select.POLLIN)
        while size:
            left = until - time.monotonic()
            if left <= 0 or not waits.poll(left * 1000):
                self.end()
                said = {"limit": int(self.bounds.patience)}
                raise PaperError(_("文书排版超过%(limit)d秒仍未完成，没有成文") % said)
            part = os.read(source, min(size, 1 << 20))
            if not part:
                raise self._over()
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _over(self) -> Exception:
        """Return what the end of the child means."""
        code = self.process.wait()
        self.end()
        if code == -signal.SIGXCPU:
            said = {"limit": self.bounds.seconds}
            return PaperError(_("文书排版用时超过上限（处理器%(limit)d秒），没有成文") % said)
        # Libraries of C know no error for a want of memory: they give up, or fall.
        if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGTRAP):
            return self._full()
        return _LostError(str(code))


def _ended(process: "subprocess.Popen[bytes]", folder: str, owner: int) -> None:  # fmt: skip
    """Leave no child and nothing of its folder; in a process that was forked, both are somebody else's."""
    if owner != os.getpid():
        return
    process.kill()
    process.wait()
    for end in (process.stdin, process.stdout):
        if end is not None:
            with suppress(OSError), end:
                pass
    shutil.rmtree(folder, ignore_errors=True)


_lock = threading.Lock()
_press: Press | None = None


def print_page(html: str, *, stylesheet: Path, identifier: str) -> bytes:
    """The PDF of one HTML page. Raises PaperError for a lost resource, a failed layout or a bound that was passed."""
    with _lock:
        try:
            return _ready(stylesheet).print(html, identifier)
        except _LostError:  # killed from outside, it may be: a page that kills it does so again
            log.warning("the press was lost and is made anew")
        try:
            return _ready(stylesheet).print(html, identifier)
        except _LostError as lost:
            raise PaperError(_("文书排版程序意外中断，没有成文")) from lost


def warm_up(stylesheet: Path) -> None:
    """Have a child ready (1.5-3 s), so that the first paper need not wait."""
    with _lock:
        _ready(stylesheet)


def _ready(stylesheet: Path) -> Press:
    """The process's press, made on first use and whenever the one before has ended."""
    global _press  # noqa: PLW0603 - the one child, under the lock
    if _press is None or not _press.alive or _press.owner != os.getpid():
        if _press is not None:
            _press.end()
        _press = Press(stylesheet)
    return _press
