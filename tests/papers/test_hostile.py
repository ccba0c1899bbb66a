"""Hostile content ends in a sentence, a changed file in another digest; nothing gets out of the renderer."""

import ctypes
import hashlib
import io
import os
import random
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import pypdf
import pytest

from core.documents import pdf
from tests.chance import drawn
from tests.papers.making import AT, NAMES, example, made, squeezed, template_of

CANARY = "canary-81c2"


def refused(**parts: Any) -> str:
    with pytest.raises(pdf.PaperError) as error:
        pdf.render(
            "public_notice", {**example("public_notice"), **parts}, identifier="x", created_at=AT
        )
    return str(error.value)


def test_what_is_too_long_too_deep_or_reordered_is_refused_before_it_is_drawn() -> None:
    row = example("public_notice")["clauses"][0]
    assert "more than 2000 entries" in refused(clauses=[row] * 3_000)
    deep: Any = "底"
    for _ in range(200):
        deep = {"box": deep}
    assert "nested deeper" in refused(declined=[deep])
    assert "20000" in refused(basis="长" * 30_000)
    assert "characters and entries in all" in refused(
        clauses=[{**row, "standard": "长" * 400}] * 1_500
    )
    for mark in "\u202e\u2066\x00\ud800\ue000":
        assert "U+" in refused(basis=f"依据{mark}gnp.exe")


def test_a_bit_changed_anywhere_is_found_by_the_digest_of_the_whole_file() -> None:
    """3,000 single bits: a signature check alone misses one in eleven (M9), the digest none."""
    stream = made("withdrawal").stream
    stream.seek(0)
    data = bytearray(stream.read())
    kept, dice = hashlib.sha256(data).digest(), random.Random(drawn("flips"))
    for _ in range(3_000):
        at, bit = dice.randrange(len(data)), 1 << dice.randrange(8)
        data[at] ^= bit
        assert hashlib.sha256(data).digest() != kept
        data[at] ^= bit
    assert hashlib.sha256(data).digest() == kept
    assert hashlib.sha256(data + b"\n").digest() != kept


WAYS = (
    '<img src="{u}">',
    "<style>@import url({u});</style>",
    '<link rel="attachment" href="{u}">',
    "url({u})",
    '<svg><image href="{u}"/></svg>',
    '<object data="{u}"></object>',
    "{{% include '{u}' %}}",
    '"><script src="{u}">',
    "{u}",
    "data:image/svg+xml,<svg><image href='{u}'/></svg>",
    "<base href='{u}'>",
    "\\n@font-face{{src:url({u})}}",
)


NAMES_OF_PLACES = {
    "number",
    "verify_url",
    "demo",
}  # what the press itself reads: a number, an address, a mark


def strings(value: Any, put: Any) -> Any:
    """The same content with every text replaced by what `put` makes of it; addresses and numbers stay."""
    if isinstance(value, dict):
        return {
            k: v if k in NAMES_OF_PLACES or k == "pictures" else strings(v, put)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [strings(one, put) for one in value]
    return put(value) if isinstance(value, str) else value


class Watched:
    """The canaries: a file of which the kernel tells whether anybody opened it, and a port that nobody may come to."""

    OPENED = 0x20  # IN_OPEN

    def __init__(self, folder: Path) -> None:
        self.file = folder / "secret.txt"
        self.file.write_text(CANARY, encoding="utf-8")
        libc = ctypes.CDLL(None, use_errno=True)
        self.looks = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self.looks, str(folder).encode(), self.OPENED) > 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        port = self.server.getsockname()[1]
        self.goals = [
            self.file.as_uri(),
            str(self.file),
            f"http://127.0.0.1:{port}/x",
            f"ftp://127.0.0.1:{port}/x",
        ]

    def nobody_came(self) -> bool:
        """Whether neither file was opened nor port asked since the last look."""
        try:
            os.read(self.looks, 1 << 16)
        except BlockingIOError:
            pass
        else:
            return False
        try:
            self.server.accept()
        except BlockingIOError:
            return True
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.close()
        os.close(self.looks)


def fuzzed(names: Sequence[str], folder: Path) -> int:
    """Draw each paper with every field asking for a file or an address of ours; return how many fields did.

    A paper that is refused (its numbers, its form) counts nothing, and has reached for nothing either.
    """
    seed = drawn("canary")
    print(f"seed {seed}")
    dice, fields = random.Random(seed), 0
    with Watched(folder) as watched:
        asked = list[str]()

        def put(_text: str) -> str:
            asked.append(dice.choice(WAYS).format(u=dice.choice(watched.goals)))
            return asked[-1]

        for name in names:
            asked.clear()
            content = strings(example(name), put)
            try:
                data = pdf.render(template_of(name), content, identifier=name, created_at=AT)
            except pdf.PaperError:
                assert watched.nobody_came(), (name, asked)
                continue
            fields += len(asked)
            assert watched.nobody_came(), (name, asked)
            assert not pypdf.PdfReader(io.BytesIO(data)).attachments
            assert CANARY not in squeezed(pypdf.PdfReader(io.BytesIO(data)))
    return fields


def test_the_canaries_sing(tmp_path: Path) -> None:
    """Else a watch that sees nothing would prove nothing."""
    with Watched(tmp_path) as watched:
        assert watched.nobody_came()
        watched.file.read_text(encoding="utf-8")
        assert not watched.nobody_came()
        assert watched.nobody_came()
        socket.create_connection(watched.server.getsockname()).close()
        assert not watched.nobody_came()


def test_no_field_of_a_paper_opens_a_file_or_a_socket(tmp_path: Path) -> None:
    """Two kinds of paper, others in each run."""
    dice = random.Random(drawn("kinds"))
    assert fuzzed(dice.sample(NAMES, 2), tmp_path) >= 10


@pytest.mark.hunt
def test_no_field_of_two_thousand_opens_a_file_or_a_socket(tmp_path: Path) -> None:
    """Every kind of paper, each of its fields."""
    assert fuzzed(NAMES, tmp_path) >= 2_000
