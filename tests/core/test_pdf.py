"""The renderer of papers: closed to the outside, complete or refused, the same bytes each time."""

import io
import json
import random
import runpy
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from django.core import checks as django_checks
from django.core.management import CommandError, call_command
from gunicorn.arbiter import Arbiter

from core.documents import checks, fonts, pdf, press
from desk import ticker
from tests.chance import drawn
from tests.house.source import ROOT

EXAMPLES = Path(__file__).parents[1] / "papers" / "examples"
AT = datetime(2018, 6, 22, 1, 0, tzinfo=UTC)
CANARY = "canary-3f9a"


def example(name: str) -> dict:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def printed(html: str) -> bytes:
    return press.print_page(html, stylesheet=pdf._stylesheet(), identifier="0" * 32)


def page(body: str) -> str:
    return f'<html lang="zh-CN"><head><title>t</title></head><body>{body}</body></html>'


def text_of(data: bytes) -> str:
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_same_content_gives_the_same_bytes() -> None:
    content = example("public_notice")
    first, second = (
        pdf.render("public_notice", content, identifier=content["number"], created_at=AT)
        for _ in range(2)
    )
    assert first == second
    other = pdf.render("public_notice", content, identifier="another", created_at=AT)
    assert other != first


def test_threads_wait_for_each_other_and_agree() -> None:
    content, made = example("public_notice"), []

    def work() -> None:
        made.append(pdf.render("public_notice", content, identifier="x", created_at=AT))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert len(set(made)) == 1


def test_paper_is_archival_tagged_chinese_and_embeds_its_fonts() -> None:
    data = pdf.render("public_notice", example("public_notice"), identifier="x", created_at=AT)
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert "/OutputIntents" in root
    xmp = root["/Metadata"].get_object().get_data()
    assert b"pdfaid:part" in xmp
    assert reader.metadata.title.endswith("左承公〔2018〕9号")
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        pdf.render(
            "public_notice",
            example("public_notice"),
            identifier="x",
            created_at=datetime(2018, 6, 1),
        )


def test_draft_needs_no_number_and_says_so() -> None:
    content = {**example("public_notice"), "draft": True, "number": ""}
    text = text_of(pdf.render("public_notice", content, identifier="x", created_at=AT))
    assert "草稿" in text
    assert "未编号" in text


def test_unknown_paper_is_refused() -> None:
    for name in ("nothing_like_it", "../settings", "base", "a/b", ""):
        with pytest.raises(pdf.PaperError):
            pdf.render(name, example("public_notice"), identifier="x", created_at=AT)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "verify", "http:// x"]
)
def test_address_of_verification_must_be_a_web_address(address: str) -> None:
    content = {**example("public_notice"), "verify_url": address}
    with pytest.raises(pdf.PaperError, match="核验地址"):
        pdf.check("public_notice", content)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text(CANARY)
    return file


@pytest.fixture
def listener() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title>{}</svg>'
WAYS = [
    '<img alt="a" src="{url}">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">a</a>',
    '<object data="{url}">a</object>',
    '<embed src="{url}">',
    "<style>@import url({url});</style>",
    '<style>@import "{url}";</style>',
    '<style>@font-face {{ font-family: x; src: url("{url}"); }} p {{ font-family: x; }}</style><p>x</p>',
    '<p style="background: url({url})">x</p>',
    '<p style="list-style: url({url}); display: list-item">x</p>',
    '<style>p::before {{ content: url("{url}"); }}</style><p>x</p>',
    SVG.format('<image href="{url}" width="9" height="9"/>'),
    SVG.format('<use href="{url}#a"/>'),
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_of_the_renderer(way: str, secret: Path, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    hosts = [
        secret.as_uri(),
        f"http://127.0.0.1:{port}/x.png",
        f"ftp://127.0.0.1:{port}/x",
        "x.png",
    ]
    for url in hosts:
        try:
            data = printed(page(way.format(url=url)))
        except pdf.PaperError:
            continue
        # Some ways are simply not followed; then nothing may have come in.
        assert CANARY.encode() not in data
        assert not pypdf.PdfReader(io.BytesIO(data)).attachments
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "http://127.0.0.1:9/x", "x.png", "paper-font:../x"]
)
def test_picture_from_elsewhere_is_an_error_and_no_blank(url: str) -> None:
    with pytest.raises(pdf.PaperError, match="不允许的资源"):
        printed(page(f'<img alt="a" src="{url}">'))


def test_broken_picture_is_an_error() -> None:
    with pytest.raises(pdf.PaperError):
        printed(page('<img alt="a" src="data:image/png;base64,AAAA">'))
    with pytest.raises(pdf.PaperError):
        printed(page('<img alt="a" src="data:text/html,x">'))


def test_renderer_works_again_after_a_refusal() -> None:
    with pytest.raises(pdf.PaperError):
        printed(page('<img alt="a" src="file:///etc/hostname">'))
    assert "好" in text_of(printed(page("<p>好</p>")))


def test_markup_in_content_is_shown_and_not_obeyed(secret: Path) -> None:
    content = example("public_notice")
    content["objection"]["how"] = f'<img src="{secret.as_uri()}"><script>x</script>{{% now "Y" %}}'
    data = pdf.render("public_notice", content, identifier="x", created_at=AT)
    assert "<script>" in text_of(data).replace("\n", "")
    assert CANARY.encode() not in data


def test_markup_beyond_the_limits_is_refused_before_layout() -> None:
    for html in (page("<div>" * 61), page("<tr>" * 2_001), page("<iframe></iframe>")):
        with pytest.raises(pdf.PaperError):
            pdf._measure(html)


def test_deep_layout_ends_with_a_paper_error() -> None:
    with pytest.raises(pdf.PaperError):
        printed(page("<div>" * 900))


def test_random_content_gives_a_paper_or_a_paper_error() -> None:
    seed = drawn("papers")
    print(f"seed {seed}")
    dice = random.Random(seed)
    alphabet = "甲乙喆㎡<>&\"'{}%|\\\n\t@/:;()[]a1—〔〕\u200b\u0301🙂𠮷"
    for _ in range(12):
        content = example("public_notice")
        for clause in content["clauses"]:
            clause["standard"] = "".join(dice.choices(alphabet, k=dice.randint(1, 400)))
        try:
            data = pdf.render("public_notice", content, identifier="x", created_at=AT)
        except pdf.PaperError:
            continue
        assert data.startswith(b"%PDF")


def test_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert pdf.content_digest({"a": 1, "b": "二"}) == pdf.content_digest({"b": "二", "a": 1})
    assert len(pdf.content_digest({})) == 64


def test_papers_are_set_without_the_packaged_fonts(settings, monkeypatch) -> None:
    settings.CHENGNUO_FONTS_DIR = None
    monkeypatch.setattr(press, "_press", None)
    assert fonts.installed() == {}
    data = pdf.render("public_notice", example("public_notice"), identifier="x", created_at=AT)
    text = text_of(data)
    assert "思源宋体" in text
    monkeypatch.setattr(press, "_press", None)


def test_checks_speak_in_single_lines(settings, tmp_path: Path, monkeypatch) -> None:
    settings.CHENGNUO_FONTS_DIR = tmp_path
    monkeypatch.setattr(checks, "_loads", lambda library: "subset" not in library)
    found = {message.id: message for message in checks.papers_can_be_set(None)}
    assert {"documents.E004", "documents.I001"} <= set(found)
    assert found["documents.E004"].level == django_checks.ERROR
    assert all("\n" not in message.msg for message in found.values())
    monkeypatch.setattr(checks, "_loads", lambda _library: False)
    errors = [m for m in checks.papers_can_be_set(None) if m.level >= django_checks.ERROR]
    assert "libpango-1.0-0" in errors[0].msg


def test_a_machine_without_the_subsetter_is_not_served(monkeypatch, capsys) -> None:
    """With the command that every start runs: `make run` before anything else, a server in each of its processes."""
    monkeypatch.setattr(checks, "_loads", lambda library: "subset" not in library)
    with pytest.raises(CommandError, match="libharfbuzz-subset0"):
        call_command("check", tags=["papers"], fail_level="ERROR")
    told: list[str] = []
    hook = runpy.run_path(str(ROOT / "deploy" / "gunicorn.py"))["post_worker_init"]
    monkeypatch.setattr(ticker, "start", lambda: told.append("started"))
    with pytest.raises(SystemExit) as ended:
        hook(None)
    assert ended.value.code == Arbiter.WORKER_BOOT_ERROR, (
        "the server ends, and does not try for ever"
    )
    assert "libharfbuzz-subset0" in capsys.readouterr().err
    assert told == [], "nothing else was begun"
