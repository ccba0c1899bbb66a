"""A page that would take everything ends in a sentence that names the bound; whoever asked lives, prints the next."""

import os
import random
import re
import resource
import signal
import socket
from pathlib import Path

import pytest

from core.documents import pdf, press
from tests.chance import drawn
from tests.house.source import PACKAGES, ROOT

ONE = "0" * 32


def page(body: str) -> str:
    return f'<html lang="zh-CN"><head><title>t</title></head><body>{body}</body></html>'


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    sheet = tmp_path / "plain.css"
    sheet.write_text("p { margin: 0 }")
    return sheet


def test_no_socket_no_key_and_killed_from_outside_it_is_made_anew(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "_press", None)
    first = press.print_page(page("<p>一</p>"), stylesheet=plain, identifier=ONE)
    held = press._press
    assert held is not None
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        with pytest.raises(press.PaperError, match="不允许的资源"):
            held.print(page(f'<img alt="a" src="{address}">'), ONE)
        with pytest.raises(BlockingIOError):
            server.accept()
    with pytest.raises(press.PaperError, match="嵌套过深"):
        held.print(page("<div>" * 900), ONE)
    assert held.alive  # what is refused in order costs no press
    kept = Path(f"/proc/{held.process.pid}/environ").read_bytes()
    assert not [word for word in (b"DJANGO", b"SECRET", b"DATABASE") if word in kept]
    assert "Seccomp:\t2" in Path(f"/proc/{held.process.pid}/status").read_text()
    os.kill(held.process.pid, signal.SIGKILL)
    assert press.print_page(page("<p>一</p>"), stylesheet=plain, identifier=ONE) == first
    after = press._press
    assert after is not None
    assert after is not held
    monkeypatch.setattr(after, "bounds", press.Bounds(patience=0.2))
    with pytest.raises(press.PaperError, match="超过0秒"):
        press.print_page(page("<p>页</p>" * 9_000), stylesheet=plain, identifier=ONE)
    assert after.process.poll() is not None
    assert not Path(after.folder).exists()


def test_memory_is_named(plain: Path) -> None:
    one = press.Press(plain, press.Bounds(memory=4 << 20))
    with pytest.raises(press.PaperError, match="4 MB"):
        one.print(page("<p>页</p>" * 3_000), ONE)
    assert not one.alive


def test_what_an_older_child_has_no_room_for_is_printed_by_a_new_one(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Papers before it used the memory up: that puts no paper down."""
    monkeypatch.setattr(press, "_press", None)
    press.print_page(page("<p>一</p>"), stylesheet=plain, identifier=ONE)
    held = press._press
    assert held is not None
    used = int(Path(f"/proc/{held.process.pid}/statm").read_text().split()[0])
    most = used * resource.getpagesize() + (2 << 20)
    resource.prlimit(held.process.pid, resource.RLIMIT_AS, (most, most))
    much = page("<p>页</p>" * 3_000)
    assert press.print_page(much, stylesheet=plain, identifier=ONE).startswith(b"%PDF")
    assert press._press is not held
    press._press.end()


@pytest.mark.parametrize(
    ("sheet", "bounds"),
    [
        ("p { nonsense: 1 }", press.Bounds()),
        ("p { margin: 0 }", press.Bounds(patience=0)),
    ],
    ids=["faulty sheet", "too slow"],
)
def test_a_press_that_does_not_start_puts_no_paper_down(
    tmp_path: Path, sheet: str, bounds: press.Bounds
) -> None:
    """It is the machine's fault: whoever prints waits until it is mended."""
    path = tmp_path / "sheet.css"
    path.write_text(sheet)
    with pytest.raises(OSError, match="the press"):
        press.Press(path, bounds)


# Who prints: the background worker and its command; whoever asks for a paper is answered at once that it is coming.
PRINTS = {
    r"\brender_waiting\b": {
        "core/steps/papers.py",
        "desk/ticker.py",
        "core/steps/management/commands/render_papers.py",
    },
    r"\brender_one\b": {"core/steps/papers.py"},
    r"\bpdf\.render\b": {"core/steps/papers.py"},
    r"\bpress\.(?:print_page|Press)\b": {"core/documents/pdf.py"},
    r"\bwarm_up\b": {"desk/ticker.py", "core/documents/pdf.py", "core/documents/press/__init__.py"},
}


def test_nobody_prints_while_somebody_waits_for_the_answer() -> None:
    """A request that printed would wait for the press, and for whatever else it is at (two seconds are the bound)."""
    sources = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    found = {
        name: {path for path, source in sources.items() if re.search(name, source)}
        for name in PRINTS
    }
    assert found == PRINTS


@pytest.mark.hunt
def test_two_hundred_hostile_pages_end_in_a_bound_and_no_worker_dies() -> None:
    """Far beyond what is counted before the layout, with the bounds of real papers but for the seconds (T56)."""
    seed = drawn("hostile")
    print(f"seed {seed}")
    dice, bounds = random.Random(seed), press.Bounds(seconds=3)
    one, ended = press.Press(pdf._stylesheet(), bounds), list[str]()
    for _ in range(200):
        rows = dice.randint(3_000, 60_000)
        html = dice.choice((
            f"<table>{'<tr><td>行</td></tr>' * rows}</table>",
            f"<div style='height: {rows}m'>{'<p>页</p>' * rows}</div>",
            "<div>" * dice.randint(200, 5_000),
            f"<table><tr>{'<td>' * dice.randint(200, 3_000)}</table>",
            f"<p style='font-size: {rows}pt'>字</p>" * 50,
            '<img src="http://127.0.0.1/x">',
        ))  # fmt: skip
        one = one if one.alive else press.Press(pdf._stylesheet(), bounds)
        try:
            assert one.print(page(html), ONE).startswith(b"%PDF")
        except press.PaperError as error:
            ended.append(str(error))
    known = ("上限", "嵌套", "资源", "秒", "排版失败")
    assert not [said for said in ended if not any(word in said for word in known)]
    assert len(ended) >= 20
