"""The child in which a page becomes a PDF: WeasyPrint behind one closed door, and nothing of the house beside it.

Run as `python -I child.py`, in an empty folder of its own. First comes one frame with the style sheet, the faces and
the bounds; it makes everything ready, takes its bounds, has the kernel refuse it every socket, and says so. From then
on each frame is a page, each answer a mark with the PDF or the reason why there is none. It ends when nobody speaks.

It opens no network and no file but the packaged fonts. Whatever else a page asks for is an error, never a blank:
WeasyPrint itself drops what it may not load and prints the rest, which an official paper cannot bear. Sharing the fonts
and the compiled style sheet among its pages is what makes a paper take tenths of a second instead of several seconds.
"""

import json
import logging
import os
import resource
import runpy
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

HEAD = struct.Struct(">BQ")  # the mark of a frame, and how many bytes follow
READY, PAGE, REFUSED, DEEP, FAULTY, MEMORY, LOOSE = range(7)
OUTPUT = 64 << 20  # bytes of one file: a font that is drawn from
FILES = 128  # open at once
HARDEST = 1 << 20  # seconds of the processor, behind the bound of each page

# What is made ready once: WeasyPrint's reader of pages, its options, the fetcher.
Closed = dict[str, Any]


def put(out: BinaryIO, mark: int, body: bytes = b"") -> None:
    """Write one frame."""
    out.write(HEAD.pack(mark, len(body)) + body)
    out.flush()


def taken(source: BinaryIO) -> dict[str, Any]:
    """Read one frame; SystemExit where nobody speaks any more."""
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        raise SystemExit
    said: dict[str, Any] = json.loads(source.read(HEAD.unpack(head)[1]))
    return said


def made_ready(sheet: str, faces: Mapping[str, str]) -> Closed:
    """Return WeasyPrint with its fonts, the compiled style sheet and the closed fetcher; ValueError names a fault."""
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _closed_fetcher(faces)
    shared = {"font_config": FontConfiguration(), "counter_style": CounterStyle()}
    with _complaints(logging.WARNING) as heard:
        css = weasyprint.CSS(string=sheet, url_fetcher=fetcher, base_url="paper:", **shared)
    if faults := heard + fetcher.refused:
        raise ValueError(faults[0])
    return {
        "html": weasyprint.HTML,
        "fetcher": fetcher,
        "options": {**shared, "stylesheets": [css], "pdf_variant": "pdf/a-3a"},
    }


def _closed_fetcher(faces: Mapping[str, str]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]
        """Answers for packaged fonts and inline pictures; refuses, and remembers, the rest."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in faces:
                return URLFetcherResponse(url, Path(faces[url]).read_bytes())
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            self.refused.append(url)
            raise FatalURLFetchingError(url)

    return ClosedFetcher()


@contextmanager
def _complaints(level: int) -> Iterator[list[str]]:
    """Collect what WeasyPrint logs at `level` or above: it reports some lost resources only there."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    listener = Listener(level)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)


def bound(memory: int) -> bool:
    """Take `memory` bytes beyond what is in use, no new process, no socket; whether the kernel took all of it."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, used + memory),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    closing = Path(__file__).parent.parent / "previews" / "child.py"
    try:
        runpy.run_path(str(closing))["without_network"]()
    except (OSError, KeyError):
        return False
    return True


def bound_seconds(seconds: int) -> None:
    """From now on, so many seconds of the processor: then the kernel ends this process."""
    now = resource.getrusage(resource.RUSAGE_SELF)
    most = int(now.ru_utime + now.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, HARDEST))


def drawn(ready: Closed, html: str, identifier: str) -> tuple[int, bytes]:
    """Return the mark and the PDF, or the reason why there is none."""
    from weasyprint.urls import FatalURLFetchingError

    fetcher = ready["fetcher"]
    fetcher.refused.clear()
    with _complaints(logging.ERROR) as heard:
        try:
            # An unknown base makes every relative address reach the fetcher, which refuses it.
            page = ready["html"](string=html, base_url="paper:", url_fetcher=fetcher)
            data: bytes = page.write_pdf(pdf_identifier=identifier, **ready["options"])
        except FatalURLFetchingError as error:  # a BaseException: `except Exception` misses it
            return REFUSED, str(error).encode()
        except RecursionError:
            return DEEP, b""
        except (MemoryError, SystemError):  # a library that had no memory for the error itself
            return MEMORY, b""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the page's and is said
            return FAULTY, str(error).encode()
    lost = fetcher.refused + heard
    return (REFUSED, lost[0].encode()) if lost else (PAGE, data)


def main() -> None:
    """Make ready, take the bounds, draw page after page."""
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    asked = taken(source)
    try:
        ready = made_ready(asked["sheet"], asked["faces"])
    except ValueError as fault:
        put(out, FAULTY, str(fault).encode())
        return
    put(out, READY if bound(asked["memory"]) else LOOSE)
    while True:
        page = taken(source)
        bound_seconds(asked["seconds"])
        put(out, *drawn(ready, page["html"], page["identifier"]))


if __name__ == "__main__":
    main()
