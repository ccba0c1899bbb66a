"""What is about to be public, read once more as it will be served: the page, and the file of the paper (T62).

The gate looks at fields; what a template or a summary adds is only seen in what was produced.
The office's own telephones and the codes that a machine drew are not a person's, and are left out before reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.documents.models import Paper
from core.ledger.witness import place_of
from public_notice.rules.gate import OFFICE_PHONES, still_personal
from public_notice.rules.personal import numbers_left

PUBLISHED = (
    "public_notice",
    "default_bulletin",
)  # the papers that stand on a page of their own for all
SHORTEST_KNOWN = 7
# Our own tags keep two cells apart; what somebody wrote as one is escaped on the page, and is not taken for one.
TAG, APART = re.compile(r"<[^>]*>"), " " * 8


def names_somebody(content: Mapping[str, Any]) -> bool:
    """Tell whether a paper's content holds what belongs to a person; then strangers are not served it.

    Its check address and the digest of the version it corrects are drawn by chance, and some of their digits may read
    like a telephone number; the office's own numbers are no person's either.
    """
    content = {**content, "verify_url": ""}
    if said := content.get("corrects"):
        of_persons = {"digest": "", "changes": of_others(said["changes"])}
        content["corrects"] = {**said, **of_persons}
    return bool(still_personal(content))


def of_others(changes: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Return the changes of a correction that are not about the office's own address and numbers."""
    return [one for one in changes if one.get("place", "").partition(".")[0] not in OFFICE_PHONES]


def left_in_page(content: Mapping[str, Any]) -> bool:
    """Tell whether the page of a notice, as it would be shown, has a personal number in it."""
    page = render_to_string("public_notice/said.html", {"said": content})
    return numbers_left(_without(TAG.sub(APART, page), _office(content)))


def left_in_file(paper: Paper, made: bytes) -> str:
    """Say why a produced file is not served; empty where nothing personal is in its text or its metadata."""
    if paper.template not in PUBLISHED:
        return ""
    known = [*_office(paper.content), *_codes(paper)]
    if any(numbers_left(_without(text, known)) for text in _texts(made)):
        return _("文书里还有疑似身份证号、银行卡号或手机号码，不能公开：请先更正，再重新制作。")
    return ""


def _texts(made: bytes) -> Iterator[str]:
    from pypdf import PdfReader  # noqa: PLC0415 - only whoever prints needs it

    reader = PdfReader(BytesIO(made))
    yield "\n".join(
        str(value) for name, value in (reader.metadata or {}).items() if "Date" not in name
    )
    yield "\n".join(page.extract_text() for page in reader.pages)


def _office(content: Mapping[str, Any]) -> list[str]:
    """Return the numbers of the office itself, and those that name a project, an enterprise and a paper."""
    said = [value for name in OFFICE_PHONES for value in dict(content.get(name) or {}).values()]
    named = [
        dict(content.get("project") or {}).get("code"),
        dict(content.get("enterprise") or {}).get("uscc"),
    ]
    changes = dict(content.get("corrects") or {}).get("changes", [])
    others = of_others(changes)
    own = [one[word] for one in changes if one not in others for word in ("was", "now")]
    return [str(value) for value in (*said, *named, *own, content.get("verify_url")) if value]


def _codes(paper: Paper) -> Iterator[str]:
    yield paper.code
    yield paper.content_sha256[:16]
    yield from (str(value) for value in place_of(paper.book_id, paper.content_sha256).values())


def _without(text: str, known: list[str]) -> str:
    """Return a text without what is known, even where it is set apart or breaks over lines."""
    for one in sorted(set(known), key=len, reverse=True):
        if len(one) >= SHORTEST_KNOWN:
            text = re.sub(r"\s*".join(map(re.escape, one)), " # ", text)
    return text
