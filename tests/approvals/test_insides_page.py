"""What is not drawn says why and what to do; beside it stand, as unchecked, the picture it carries and its words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from core import clock
from core.documents.models import Attachment
from core.documents.previews import AT_ONCE, WAITING
from core.documents.stages import Scan
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.approvals.test_previews_page import handed_in, walked
from tests.core.hostile import DOCX, archive, picture
from tests.core.test_insides import docx, dwg, paragraph

pytestmark = pytest.mark.django_db
__all__ = ["handed_in", "walked"]


@pytest.fixture
def kept(handed_in, settings, tmp_path):
    """What keeps a file of a case."""
    settings.MEDIA_ROOT = tmp_path / "files"
    paper = handed_in.filing.materials.intake()[0]

    def keep(name, content):
        said = {"by": handed_in.people.enterprise, "at": handed_in.now}
        with clock.driven(handed_in.now):
            upload = SimpleUploadedFile(name, content)
            return services.upload_material(paper, upload=upload, **said).attachment

    return keep


def test_strangers_see_neither_picture_nor_words(handed_in, kept):
    file = kept("说明.docx", docx(paragraph("秘密"), **{"docProps/thumbnail.png": picture("PNG")}))
    stranger = Browser(handed_in.people.other_enterprise, handed_in.now)
    assert stranger.get("preview", file.pk).status_code == 404
    assert stranger.get("preview_page", file.pk, 0).status_code == 404
    assert Browser(None, handed_in.now).get("preview", file.pk).status_code == 302


def test_withheld_nothing_of_it_is_shown_even_if_it_was_read_before(handed_in, kept):
    file = kept("说明.docx", docx(paragraph("秘密"), **{"docProps/thumbnail.png": picture("PNG")}))
    window = Browser(handed_in.people.window, handed_in.now)
    assert "秘密" in text(window.get("preview", file.pk))
    assert window.get("preview_page", file.pk, 0).status_code == 200
    Attachment.objects.filter(pk=file.pk).update(scan=Scan.INFECTED)
    for name, more in (("preview", ()), ("preview_page", (0,))):
        answer = window.get(name, file.pk, *more)
        assert answer.status_code == 409
        assert "秘密" not in text(answer)


def test_the_page_says_why_and_labels_what_it_shows(client, handed_in, kept):
    hostile = "<w:p><w:r><w:t>&lt;script&gt;alert(1)&lt;/script&gt;</w:t></w:r></w:p>"
    file = kept("说明.docx", docx(hostile, **{"docProps/thumbnail.png": picture("PNG", (90, 60))}))
    window = Browser(handed_in.people.window, handed_in.now)
    answer = window.get("preview", file.pk)
    shown = text(answer)
    assert answer.status_code == 200
    for words in (
        "Word 文件（DOCX）不能逐页预览", "下载原件", "没有核对过它是不是文件的内容", "只有文字：没有版面",
        f"/attachments/{file.pk}/preview/0/",
    ):  # fmt: skip
        assert words in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content.decode()
    page = window.get("preview_page", file.pk, 0)
    assert (page["Content-Type"], page["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert window.get("preview_page", file.pk, 1).status_code == 422
    listed = text(window.get("materials", handed_in.filing.public_id))
    assert "看缩略图和文字" in listed

    program = Program(client, handed_in.people.window)
    here = f"attachments/{file.pk}/preview/"
    found = program.get(here).json()
    assert (found["pages"], found["carried"]) == (0, True)
    assert found["words"] == ["<script>alert(1)</script>"]
    assert "不能逐页预览" in found["said"]
    assert program.get(f"{here}0/")["Content-Type"] == "image/jpeg"
    assert program.get(f"{here}1/").status_code == 409


def test_a_file_that_carries_nothing_says_so(handed_in, kept):
    window = Browser(handed_in.people.window, handed_in.now)
    file = kept("图.dwg", dwg(b"", count=0))
    shown = text(window.get("preview", file.pk))
    assert "CAD 图纸（DWG）不能逐页预览" in shown
    assert "没有自带缩略图，也没有读出文字" in shown
    assert window.get("preview_page", file.pk, 0).status_code == 422
    broken = kept("坏.docx", archive({**DOCX, "docProps/thumbnail.jpeg": b"x" * 99}))
    assert "没有自带缩略图，也没有读出文字" in text(window.get("preview", broken.pk))


def test_while_others_are_drawn_it_asks_again_by_itself(handed_in, kept):
    file = kept("图.dwg", dwg(picture("PNG")))
    window = Browser(handed_in.people.window, handed_in.now)
    taken = [turn for turn in (AT_ONCE, AT_ONCE, WAITING, WAITING) if turn.acquire(blocking=False)]
    try:
        answer = window.get("preview", file.pk)
    finally:
        for turn in taken:
            turn.release()
    assert (answer.status_code, answer["Refresh"]) == (503, "5")
