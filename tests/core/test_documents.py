"""Files as they are handed in: taken by content and by name, kept as they are, named by chance."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.contents import check_upload, clean_name
from core.documents.services import draw_number, keep
from core.ledger.services import open_book
from tests.core.hostile import picture
from tests.core.threads import alone, at_once, shared_database
from tests.files import PDF, PNG

JPEG = picture("JPEG")
EXE = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00"


def office(kind):
    """The beginning of a document as an office program writes it."""
    out = io.BytesIO()
    part = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", part):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("材料.pdf", PDF, "application/pdf"),
        ("材料.PDF", PDF, "application/pdf"),
        ("照片.png", PNG, "image/png"),
        ("照片.jpg", JPEG, "image/jpeg"),
        ("照片.jpeg", JPEG, "image/jpeg"),
        (
            "表.docx",
            office("docx"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "表.xlsx",
            office("xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_what_is_taken(name, content, kind):
    assert check_upload(upload(name, content)) == kind


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.pdf", b"", "空的"),
        ("程序.exe", EXE, "扩展名须与内容一致"),
        ("程序.pdf", EXE, "扩展名须与内容一致"),
        ("网页.pdf", b"<html><script>alert(1)</script></html>", "text/html"),
        ("材料.exe", PDF, "扩展名须与内容一致"),
        ("材料.pdf.exe", PDF, "扩展名须与内容一致"),
        ("材料.png", PDF, "application/pdf"),
        ("材料", PDF, "扩展名须与内容一致"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg"),
        ("包.docx", office("xlsx"), "spreadsheetml"),
        ("包.zip", b"PK\x05\x06" + b"\x00" * 18, "application/zip"),
    ],
)
def test_what_is_not_taken_is_told_why(name, content, says):
    with pytest.raises(ValidationError, match=says):
        check_upload(upload(name, content))


def test_a_file_may_be_as_large_as_the_setting_says(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF)
    check_upload(upload("a.pdf", PDF))
    settings.UPLOAD_MAX_BYTES = len(PDF) - 1

    with pytest.raises(ValidationError, match="超过"):
        check_upload(upload("a.pdf", PDF))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("/absolute/b.pdf", "b.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("", "file"),
        ("..", ".."),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_shown(name, shown):
    assert clean_name(name) == shown


@pytest.mark.django_db
def test_a_file_is_kept_as_it_is_under_a_name_of_chance(people, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    book = open_book("test:file")

    kept = keep(
        upload("../../材料.pdf", PDF), book=book, by=people.enterprise, at=at("2018-06-15 09:30")
    )
    again = keep(
        upload("../../材料.pdf", PDF), book=book, by=people.enterprise, at=at("2018-06-15 09:31")
    )

    assert kept.name == "材料.pdf"
    assert (kept.size, kept.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert kept.file.read() == PDF
    assert kept.file.name != again.file.name
    assert kept.file.name.startswith("attachments/")
    assert [path.parent.name for path in tmp_path.rglob("*") if path.is_file()] == [
        "attachments",
        "attachments",
    ]


@pytest.mark.django_db
def test_what_cannot_be_taken_is_not_kept(people, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    book = open_book("test:file")

    with pytest.raises(ValidationError):
        keep(upload("a.pdf", EXE), book=book, by=people.enterprise, at=at("2018-06-15 09:30"))

    assert not book.attachments.exists()
    assert not list(tmp_path.rglob("*"))


# — numbers ——————————————————————————————————————————————————————————————————————


@pytest.mark.django_db
def test_numbers_run_by_series_and_year():
    drawn = [draw_number(*series) for series in [("甲", 2018), ("甲", 2018), ("乙", 2018)]]

    assert [*drawn, draw_number("甲", 2019), draw_number("甲", 2018)] == [
        "甲〔2018〕1号",
        "甲〔2018〕2号",
        "乙〔2018〕1号",
        "甲〔2019〕1号",
        "甲〔2018〕3号",
    ]


@pytest.mark.slow
def test_numbers_drawn_at_once_have_no_hole_and_no_double(transactional_db, tmp_path):
    from django.db import transaction

    def draw(*, fails):
        with transaction.atomic():
            number = draw_number("丙", 2018)
            if fails:
                raise RuntimeError(number)
        return number

    with shared_database(tmp_path):
        results = at_once(*[lambda fails=n % 3 == 0: draw(fails=fails) for n in range(9)])
        last = alone(lambda: draw(fails=False))

    drawn = {result for result in results if isinstance(result, str)}
    assert drawn == {f"丙〔2018〕{n}号" for n in range(1, 7)}, results
    assert last == "丙〔2018〕7号"
