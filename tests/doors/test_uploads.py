"""Files that are not what they say, too large, or badly named: a sentence, and nothing is kept."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.stages import Stage
from core.documents.models import Attachment
from tests.doors.visit import Visit, text
from tests.files import PDF, PNG
from tests.house.headers import faults
from tests.walk import Walk, walk

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def archive(name="a.txt"):
    """A zip that is no office document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, "text")
    return out.getvalue()


KINDS = "只接收"
WRONG = [
    ("setup.pdf", b"MZ\x90\x00\x03" + b"\0" * 200, KINDS),
    ("page.png", HTML, KINDS),
    ("drawing.svg", SVG, KINDS),
    ("drawing.png", SVG, KINDS),
    ("nothing.pdf", b"", "空"),
    ("picture.html", PNG, KINDS),
    ("both.docx", PDF, KINDS),
    ("both.pdf", PNG + PDF, KINDS),
    ("packed.docx", archive(), "缺少这种文件必有的部分"),
    ("script.pdf", b"#!/bin/sh\nrm -rf /\n", KINDS),
    ("noending", PDF, KINDS),
    ("double.pdf.exe", PDF, KINDS),
]


@pytest.fixture
def listed(people, at, settings, tmp_path):
    """The list is served; the enterprise may hand in."""
    settings.MEDIA_ROOT = tmp_path
    way = Walk(people, at("2018-03-05 09:00"))
    for step in ("draft", "submit", "serve"):
        getattr(way, step)()
    return way


def send(way, upload):
    """The enterprise uploads its first paper."""
    material = way.filing.intake_open().first()
    body = {"act": "upload", f"file-{material.pk}": upload}
    return Visit(way.enterprise, way).case("materials/", body)


@pytest.mark.parametrize(("name", "content", "says"), WRONG, ids=[row[0] for row in WRONG])
def test_a_paper_of_the_wrong_kind_is_refused(listed, name, content, says):
    answer = send(listed, SimpleUploadedFile(name, content, content_type="application/pdf"))

    assert answer.status_code == 422
    assert says in text(answer)
    assert faults(answer, personal=True) == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(("name", "content", "says"), WRONG[:4], ids=[row[0] for row in WRONG[:4]])
def test_a_scan_of_the_wrong_kind_is_refused(people, at, name, content, says):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)

    body = {"scan": SimpleUploadedFile(name, content), "same": "on"}
    answer = Visit(way.enterprise, way).case("commitment/sign/", body)

    assert answer.status_code == 422
    assert says in text(answer)
    assert way.filing.letter().signed_at is None


NAMES = [
    ("../../../etc/passwd.pdf", "passwd.pdf"),
    ("..\\..\\windows\\a.pdf", "a.pdf"),
    ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
    ("材料😀.pdf", "材料😀.pdf"),
    ('q"; filename="evil.html.pdf', None),
    ("x" * 300 + ".pdf", None),
    ("=cmd|' /C calc'!A0.pdf", None),
]


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_a_name_leads_nowhere_and_breaks_nothing(listed, tmp_path, name, shown):
    assert send(listed, SimpleUploadedFile(name, PDF)).status_code == 302
    kept = Attachment.objects.get()
    answer = Visit(listed.enterprise, listed).get(f"/attachments/{kept.pk}/")

    assert shown in {None, kept.name}
    assert len(kept.name) <= 120
    assert kept.file.path.startswith(str(tmp_path / "attachments"))
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert (
        answer["Content-Disposition"].count('"') in {0, 2} or "\\" in answer["Content-Disposition"]
    )
    assert b"".join(answer.streaming_content) == PDF


@pytest.mark.slow
def test_sixty_megabytes_get_a_sentence_and_not_a_broken_connection(listed, settings):
    large = SimpleUploadedFile("large.pdf", PDF + b"0" * (60 << 20))

    answer = send(listed, large)

    assert answer.status_code == 422
    assert "50 MB" in text(answer)
    assert not Attachment.objects.exists()


def test_of_a_file_that_is_too_large_no_more_is_kept_than_may_be(listed, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 2 << 20
    written = []
    write = "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk"
    monkeypatch.setattr(write, lambda _handler, data, _start: written.append(len(data)))

    answer = send(listed, SimpleUploadedFile("large.pdf", PDF + b"0" * (5 << 20)))

    assert answer.status_code == 422
    assert "2 MB" in text(answer)
    assert sum(written) == 2 << 20


def test_more_than_one_request_may_carry_is_refused_as_a_whole(listed, settings):
    settings.REQUEST_MAX_BYTES = 3 << 20

    answer = send(listed, SimpleUploadedFile("large.pdf", PDF + b"0" * (5 << 20)))

    assert answer.status_code == 413
    assert "内容太大" in text(answer)
    assert faults(answer) == []


def test_a_large_file_is_not_the_paper_that_somebody_checks(listed, settings):
    listed.hand_in()
    paper = listed.filing.book.papers.first()
    type(paper).objects.filter(pk=paper.pk).update(file="x", file_sha256="0" * 64)
    settings.UPLOAD_MAX_BYTES = 2 << 20

    large = SimpleUploadedFile("large.pdf", PDF + b"0" * (3 << 20))
    answer = Visit(None, listed).post(f"/papers/check/{paper.code}/", {"file": large})

    assert answer.status_code == 200
    assert "文件太大" in text(answer)
    assert 'message-success" role="status"' not in text(answer)


def test_one_wrong_file_among_good_ones_keeps_none(listed):
    first, second = listed.filing.intake_open()[:2]
    body = {
        "act": "upload",
        f"file-{first.pk}": SimpleUploadedFile("a.pdf", PDF),
        f"file-{second.pk}": SimpleUploadedFile("b.pdf", HTML),
    }

    answer = Visit(listed.enterprise, listed).case("materials/", body)

    assert answer.status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "key", ["file-", "file-0", "file-abc", "file-" + "9" * 700, "file--1", "x"]
)
def test_a_file_for_no_paper_of_the_case_is_kept_nowhere(listed, key):
    body = {"act": "upload", key: SimpleUploadedFile("a.pdf", PDF)}

    answer = Visit(listed.enterprise, listed).case("materials/", body)

    assert answer.status_code == 404
    assert not Attachment.objects.exists()
