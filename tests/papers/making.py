"""Papers made from the full examples beside this file, and what stands on them."""

import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdf

from core.documents import pdf

EXAMPLES = Path(__file__).parent / "examples"
NAMES = sorted(file.stem for file in EXAMPLES.glob("*.json"))
AT = datetime(2018, 6, 22, 1, 0, tzinfo=UTC)
# The folder of this run's printed examples, once there is one.
KEPT_IN: list[Path] = []
# What stands on a paper beside its content: set by templates, so not looked for in the text.
UNPRINTED = {"demo", "draft"}


# One template, several cases: what the name of an example says after the template's.
CASES = ("_absence", "_deemed", "_gap", "_english", "_rejected")


def template_of(name: str) -> str:
    for case in CASES:
        name = name.removesuffix(case)
    return name


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@cache
def made(name: str) -> pypdf.PdfReader:
    """The paper of an example; it is printed once for all processes of a run (tests/papers/conftest.py)."""
    kept = KEPT_IN[0] / f"{name}.pdf" if KEPT_IN else None
    if kept and kept.exists():
        return pypdf.PdfReader(io.BytesIO(kept.read_bytes()))
    data = printed(name, example(name))
    if kept:
        half = kept.with_suffix(f".{os.getpid()}")
        half.write_bytes(data)
        half.replace(kept)
    return pypdf.PdfReader(io.BytesIO(data))


def filled(name: str, content: dict[str, Any]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed(name, content)))


def printed(name: str, content: dict[str, Any]) -> bytes:
    return pdf.render(template_of(name), content, identifier=content["number"], created_at=AT)


@cache
def texts(reader: pypdf.PdfReader) -> list[str]:
    """The text of each page; it is taken out of a paper once, however many tests read it."""
    return [page.extract_text() for page in reader.pages]


def squeezed(reader: pypdf.PdfReader) -> str:
    """All text without blanks, and without marks and page numbers in the middle of a sentence."""
    pages = ["".join(text.split()) for text in texts(reader)]
    return "".join(re.sub(r"【示例数据】[^—]*?法律效力|—\d+—", "", page) for page in pages)


def words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in UNPRINTED:
                yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value


def said(name: str, *parts: str) -> None:
    """Everything that these parts of an example hold stands on the paper."""
    content, text = example(name), squeezed(made(name))
    for part in parts:
        for word in words(content[part]):
            assert "".join(word.split()) in text, (part, word)
