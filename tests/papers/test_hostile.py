"""Hostile content ends in a sentence, a changed file in another digest; nothing gets out of the renderer."""

import hashlib
import random
import socket
from pathlib import Path
from typing import Any

import pytest

from core.documents import pdf
from tests.chance import drawn
from tests.papers.making import AT, example, made

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


def strings(value: Any, put: Any) -> Any:
    """The same content with every text replaced by what `put` makes of it; addresses and numbers stay."""
    if isinstance(value, dict):
        return {
            k: v if k in ("verify_url", "number", "demo") else strings(v, put)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [strings(one, put) for one in value]
    return put(value) if isinstance(value, str) else value


def fuzzed(papers: int, folder: Path) -> int:
    """Draw papers whose every field asks for a file or an address of ours; return how many fields did."""
    seed = drawn("canary")
    print(f"seed {seed}")
    dice, fields = random.Random(seed), 0
    secret = folder / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        goals = [
            secret.as_uri(),
            f"http://127.0.0.1:{port}/x",
            f"ftp://127.0.0.1:{port}/x",
            str(secret),
        ]

        def put(_text: str) -> str:
            nonlocal fields
            fields += 1
            return dice.choice(WAYS).format(u=dice.choice(goals))

        for turn in range(papers):
            content = strings(example("withdrawal"), put)
            data = pdf.render("withdrawal", content, identifier=str(turn), created_at=AT)
            assert CANARY.encode() not in data
            assert b"/EmbeddedFile" not in data
        with pytest.raises(BlockingIOError):
            server.accept()
    return fields


def test_no_field_of_a_paper_opens_a_file_or_a_socket(tmp_path: Path) -> None:
    assert fuzzed(2, tmp_path) >= 30


@pytest.mark.hunt
def test_no_field_of_two_thousand_opens_a_file_or_a_socket(tmp_path: Path) -> None:
    assert fuzzed(130, tmp_path) >= 2_000
