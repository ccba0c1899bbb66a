"""WeasyPrint behind one closed door: HTML in, PDF bytes out, one paper at a time.

It opens no network and no file but the packaged fonts. Whatever else a page asks for is an error,
never a blank: WeasyPrint itself drops what it may not load and prints the rest, which an official
paper cannot bear. Sharing the fonts and the compiled style sheet in a process is what makes a
paper take tenths of a second instead of several seconds.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.documents import fonts

VARIANT = "pdf/a-3a"
PAPERS_PER_PRESS = 300

_lock = threading.Lock()
_press: "Press | None" = None


class PaperError(Exception):
    """No paper can be made of this content; the message says why, for the person who issues it."""


@dataclass
class Press:
    """WeasyPrint made ready: shared fonts, compiled style sheet, closed fetcher."""

    weasyprint: Any
    options: dict[str, Any]
    fetcher: Any
    printed: int = 0


def print_page(html: str, *, stylesheet: Path, identifier: str) -> bytes:
    """The PDF of one HTML page. Raises PaperError for any lost resource or failed layout."""
    from weasyprint.urls import FatalURLFetchingError  # late: loading it takes seconds

    with _lock, _complaints(logging.ERROR) as heard:
        press = _ready(stylesheet)
        press.fetcher.refused.clear()
        press.printed += 1
        try:
            # An unknown base makes every relative address reach the fetcher, which refuses it.
            page = press.weasyprint.HTML(string=html, base_url="paper:", url_fetcher=press.fetcher)
            data: bytes = page.write_pdf(pdf_identifier=identifier, **press.options)
        except FatalURLFetchingError as error:  # a BaseException: `except Exception` misses it
            raise _refused(str(error)) from None
        except RecursionError:
            raise PaperError(_("文书结构嵌套过深")) from None
        except PaperError:
            raise
        except Exception as error:
            raise PaperError(_("文书排版失败：%(what)s") % {"what": error}) from error
        if lost := press.fetcher.refused + heard:
            raise _refused(lost[0])
    return data


def warm_up(stylesheet: Path) -> None:
    """Load WeasyPrint and the fonts now (1.5-3 s), so that the first paper need not wait."""
    with _lock:
        _ready(stylesheet)


def _refused(what: str) -> PaperError:
    return PaperError(_("文书引用了不允许的资源：%(what)s") % {"what": what[:120]})


def _ready(stylesheet: Path) -> Press:
    """The process's press, made on first use and renewed before its font cache grows too large."""
    global _press  # noqa: PLW0603 - the one cache, under the lock
    if _press is None or _press.printed >= PAPERS_PER_PRESS:
        _press = _build(stylesheet)
    return _press


def _build(stylesheet: Path) -> Press:
    import weasyprint
    from weasyprint.css.counters import CounterStyle
    from weasyprint.text.fonts import FontConfiguration

    present = fonts.installed()
    fetcher = _closed_fetcher(present)
    shared = {"font_config": FontConfiguration(), "counter_style": CounterStyle()}
    sheet = fonts.stylesheet(present) + stylesheet.read_text(encoding="utf-8")
    with _complaints(logging.WARNING) as heard:
        css = weasyprint.CSS(string=sheet, url_fetcher=fetcher, base_url="paper:", **shared)
    if faults := heard + fetcher.refused:
        raise PaperError(_("文书样式或字体有误：%(what)s") % {"what": faults[0]})
    options = {**shared, "stylesheets": [css], "pdf_variant": VARIANT}
    return Press(weasyprint, options, fetcher)


def _closed_fetcher(present: Mapping[str, Path]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]
        """Answers for packaged fonts and inline pictures; refuses, and remembers, the rest."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if scheme == fonts.SCHEME and name in present:
                return URLFetcherResponse(url, present[name].read_bytes())
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
