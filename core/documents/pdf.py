"""From a paper's frozen content to its PDF: check, fill the template, measure, print.

A template sees only the content and what is derived from it here (QR code, digest, sizes, small pictures).
Templates are `templates/papers/<name>.html`, each with a `<name>.required` beside it, and a
`<name>.correctable` where words of it may be corrected.
"""

import base64
import hashlib
import io
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import segno
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from core.composed import Composed, encode
from core.documents import fonts, long_rows, plates, press
from core.documents.press import PaperError
from core.documents.required import (
    Missing,
    Needed,
    excess,
    in_order,
    missing,
    needed,
    read_rules,
)

__all__ = ["PaperError", "check", "content_digest", "missing_fields", "render", "warm_up"]

MAX_TAG_DEPTH = 60
MAX_ROWS = 2_000
TEXT_WIDTH_PT = 442
OFFICIAL = "official"

# HTML elements without an end tag: they must not count as open.
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
# No template has these; they could only come from markup that slipped in.
STRANGE = frozenset({"script", "iframe", "object", "embed", "base", "form", "input", "link"})


def missing_fields(template: str, content: Mapping[str, Any]) -> list[Missing]:
    """Each required place of paper `template` that is absent or blank in `content`."""
    gaps = missing(_rules(template), content)
    if content.get("draft"):
        return [gap for gap in gaps if gap.path != "number"]
    return gaps


def check(template: str, content: Mapping[str, Any]) -> None:
    """Raise PaperError unless `content` can become a paper. Cheap: call it before freezing."""
    plain = isinstance(content, Composed) and in_order(_needed(template), content)
    if not plain:
        _complain(template, content)
    if not re.fullmatch(r"https?://\S{1,500}", str(content["verify_url"])):
        raise PaperError(_("文书的核验地址不是网页地址"))


def _complain(template: str, content: Mapping[str, Any]) -> None:
    """Raise PaperError for what cannot be printed, or is missing, naming the place."""
    if reason := excess(content):
        raise PaperError(_("文书内容无法排印：%(reason)s") % {"reason": reason})
    if gaps := missing_fields(template, content):
        named = "、".join(str(gap) for gap in gaps)
        raise PaperError(_("文书缺少必填内容：%(fields)s") % {"fields": named})


@cache
def correctable_places(template: str) -> frozenset[str]:
    """Return the places whose words may be corrected (`<name>.correctable`, as `.required`); none without the file."""
    file = _path(_name(template)).with_suffix(".correctable")
    return frozenset(path for path, _label in read_rules(file)) if file.is_file() else frozenset()


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the content as canonical JSON: sorted keys, no blanks, UTF-8."""
    text = content.text if isinstance(content, Composed) else encode(content)
    return hashlib.sha256(text.encode()).hexdigest()


def render(
    template: str,
    content: Mapping[str, Any],
    *,
    identifier: bytes | str,
    created_at: datetime,
    witness: Mapping[str, Any] | None = None,
) -> bytes:
    """The PDF of paper `template` (a name under templates/papers/, without suffix).

    `witness` is its place in the ledger with the newest checkpoint, printed in the imprint. Same arguments, fonts and
    library versions give the same bytes. Raises PaperError for blank or oversized content, for markup beyond the limits
    and for any resource that is not packaged.
    """
    if created_at.tzinfo is None:
        raise ValueError("created_at must be aware")
    check(template, content)
    html = _fill(template, content, created_at, witness or {})
    _measure(html)
    raw = identifier.encode() if isinstance(identifier, str) else identifier
    return press.print_page(
        html, stylesheet=_stylesheet(), identifier=hashlib.sha256(raw).hexdigest()[:32]
    )


def warm_up() -> None:
    """Load the renderer and its fonts at start, so that the first paper need not wait."""
    press.warm_up(_stylesheet())


def _fill(
    template: str, content: Mapping[str, Any], created_at: datetime, witness: Mapping[str, Any]
) -> str:
    digest = content_digest(content)
    derived = {
        "form": form_of(template),
        "qr": _qr(str(content["verify_url"])),
        "digest": " ".join(digest[at : at + 4] for at in range(0, 16, 4)),
        "head_pt": _head_size(str(content.get("heading") or content["issuer"]["name"])),
        "imprint_mm": _imprint_height(content) + (9 if witness else 0),  # two lines of small print
        "witness": witness,
        "fonts": fonts.substitution_note(fonts.installed()),
        "created": created_at.isoformat(timespec="seconds"),
        "plates": plates.sheets_of(content),
    }
    with translation.override("zh-hans"):
        page = get_template(_name(template)).render({**content, "paper": derived})
    return long_rows.marked(page)


def form_of(template: str) -> str:
    """Return the form of a paper in the layout of GB/T 9704: official, letter, minutes or own (`forms.txt`)."""
    return _forms().get(template, OFFICIAL)


@cache
def _forms() -> dict[str, str]:
    lines = (
        _path("papers/base.html").with_name("forms.txt").read_text(encoding="utf-8").splitlines()
    )
    named = [line.split("#", 1)[0].split() for line in lines]
    return {words[0]: words[1] for words in named if words}


def _qr(address: str) -> str:
    """The address as an SVG data URI, error level M, with a title for screen readers."""
    out = io.BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(out, kind="svg", border=0, xmldecl=False, title="二维码：核验本文书")
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def _head_size(text: str) -> float:
    """Points for the red head so that it fills the line without leaving it (14 to 42 pt)."""
    return max(14.0, min(42.0, 0.94 * TEXT_WIDTH_PT / max(len(text), 1)))


def _imprint_height(content: Mapping[str, Any]) -> int:
    """Millimetres to keep free for the imprint, which is set on the foot of the last page.

    Lines of 14 pt hold 28 characters; the small print needs five lines and one more for each
    90 characters of a long address.
    """
    copies = len("，".join(content.get("copy_to") or []))
    lines = 1 + (-(-(copies + 4) // 28) if copies else 0)
    return 30 + round(9.4 * lines) + 5 * (len(str(content["verify_url"])) // 90)


def _name(template: str) -> str:
    if not re.fullmatch(r"[a-z_]{1,60}", template):
        raise PaperError(_("没有这种文书：%(name)s") % {"name": template[:60]})
    return f"papers/{template}.html"


@cache
def _rules(template: str) -> tuple[tuple[str, str], ...]:
    try:
        file = _path(_name(template))
    except TemplateDoesNotExist:
        raise PaperError(_("没有这种文书：%(name)s") % {"name": template}) from None
    if not file.with_suffix(".required").is_file():
        raise PaperError(_("没有这种文书：%(name)s") % {"name": template})
    common = file.with_name("common.required")
    return (*read_rules(common), *read_rules(file.with_suffix(".required")))


@cache
def _needed(template: str) -> Needed:
    return needed(_rules(template))


@cache
def _stylesheet() -> Path:
    return _path("papers/base.html").with_name("paper.css")


def _path(name: str) -> Path:
    loaded: Any = get_template(name)  # the engines share no type that knows its file
    return Path(loaded.origin.name)


class _Ruler(HTMLParser):
    """Counts rows and open elements, and notes elements that no paper has."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.deepest = self.rows = 0
        self.strange = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr"
        self.strange = tag if tag in STRANGE else self.strange
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID


def _measure(html: str) -> None:
    """Raise PaperError for markup that would exhaust the renderer (rows, depth) or is no paper."""
    ruler = _Ruler()
    ruler.feed(html)
    if ruler.strange:
        raise PaperError(_("文书含有不允许的元素：%(tag)s") % {"tag": ruler.strange})
    if ruler.rows > MAX_ROWS:
        raise PaperError(_("文书表格超过 %(limit)d 行") % {"limit": MAX_ROWS})
    if ruler.deepest > MAX_TAG_DEPTH:
        raise PaperError(_("文书结构嵌套过深"))
