"""Photographs on a paper are drawn small when it is printed, from the very file that the paper names."""

import base64
import hashlib
import io
import random
import re

import pypdf
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from core.documents import pdf, plates
from core.documents.models import Attachment
from core.documents.plates import MOST, ON_A_PAGE, sheets_of
from core.documents.press import PaperError
from core.documents.previews import Busy
from core.documents.previews.child import SMALL_BYTES, SMALL_SIDE
from core.documents.services import keep_bytes
from core.documents.stages import Scan
from core.ledger.services import county_book
from tests.conftest import instant
from tests.papers.making import example
from tests.prereview.onsite import jpeg

pytestmark = pytest.mark.django_db
NOW = instant("2018-03-07 10:00")


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def kept(people):
    """What keeps a photograph, and says it as a paper names it."""

    def keep(content, number=1):
        said = {"book": county_book(), "by": people.window, "at": NOW}
        file = keep_bytes(content, name="现场.jpg", content_type="image/jpeg", **said)
        return {
            "number": str(number), "department": "国土资源局", "at_text": "2018年3月7日9时20分",
            "file": file.pk, "sha256": file.sha256,
        }  # fmt: skip

    return keep


def noise(side):
    """A photograph that no quality makes small: every dot by chance, and where it was taken in its data."""
    image = Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3))
    data = Image.Exif()
    data[0x010F] = "示例手机"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=data)
    return out.getvalue()


def source(named):
    ((one,),) = sheets_of({"pictures": [named]})
    return one["source"]


def test_a_paper_that_names_no_picture_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sheets_of({}) == sheets_of({"pictures": []}) == []


def test_a_large_one_is_drawn_small_the_same_each_time_and_without_the_devices_data(kept):
    named = kept(noise(900))
    head, _comma, body = source(named).partition(",")
    made = base64.b64decode(body)
    picture = Image.open(io.BytesIO(made))

    assert head == "data:image/jpeg;base64"
    assert len(made) <= SMALL_BYTES
    assert max(picture.size) <= SMALL_SIDE
    assert not picture.getexif()
    assert b"Exif" not in made
    assert source(named) == f"{head},{body}"


def test_a_file_that_is_not_the_one_named_is_never_printed(kept):
    named = kept(jpeg())
    file = Attachment.objects.get(pk=named["file"])
    default_storage.delete(file.file.name)
    with pytest.raises(FileNotFoundError):  # the paper waits until the store has it again
        source(named)
    with default_storage.open(file.file.name, "wb") as place:
        place.write(jpeg("blue"))
    with pytest.raises(PaperError, match="与所记摘要不符"):
        source(named)
    with pytest.raises(PaperError, match="没有存卷"):
        source({**named, "file": named["file"] + 1})


def test_what_may_not_be_opened_or_is_no_picture_leaves_a_word_in_its_place(kept):
    broken = jpeg()[:200] + b"\xff\xd9"
    assert source(kept(broken)) == ""
    named = kept(jpeg())
    Attachment.objects.filter(pk=named["file"]).update(scan=Scan.INFECTED)
    assert source(named) == ""
    pages = pages_of(record([named, kept(jpeg("green"), 2)]))
    assert len(pictures_in(pages)) == 1
    assert sum(page.extract_text().count("这张照片不能缩印，见存卷原件。") for page in pages) == 1


def test_where_others_are_drawn_the_paper_waits(kept, monkeypatch):
    monkeypatch.setattr(plates, "draw_small", _busy)
    with pytest.raises(Busy):
        source(kept(jpeg()))


def _busy(_place):
    raise Busy


def test_more_than_a_dozen_are_no_paper(kept):
    named = kept(jpeg())
    with pytest.raises(PaperError, match=f"超过{MOST}张"):
        sheets_of({"pictures": [named] * (MOST + 1)})


def pages_of(made):
    """The pages of a paper."""
    return pypdf.PdfReader(io.BytesIO(made)).pages


def pictures_in(pages):
    """The different pictures of a paper, which all its pages share."""
    return {image.data for page in pages for image in page.images}


def record(pictures, template="survey_record", **more):
    """A record of a survey, or of a check, with pictures, as it is printed."""
    photos = [
        {
            "number": one["number"], "department": one["department"], "point": "位置", "at_text": one["at_text"],
            "position": "未附位置", "digest_front": one["sha256"][:32], "digest_back": one["sha256"][32:],
        }
        for one in pictures
    ]  # fmt: skip
    content = {**example(template), "photos": photos, "pictures": pictures, **more}
    return pdf.render(template, content, identifier="x", created_at=NOW)


def squeezed(pages):
    """All that stands on pages, without blanks."""
    return "".join("".join(page.extract_text() for page in pages).split())


def test_a_full_record_has_at_most_so_many_on_a_page_each_with_number_time_and_digest(kept):
    pictures = [kept(noise(300 + number), number) for number in range(1, MOST + 1)]
    made = record(pictures)
    pages = pages_of(made)
    counted = [len(re.findall(r"照片\d+", page.extract_text())) for page in pages]
    text = squeezed(pages)

    assert len(pictures_in(pages)) == MOST
    assert sum(counted) == MOST
    assert max(counted) == ON_A_PAGE
    for one in pictures:  # the list above them has the whole digest; under each stands whose it is
        assert f"照片{one['number']}{one['department']}{one['at_text']}{one['sha256'][:16]}" in text
    assert len(made) < 700_000
    assert hashlib.sha256(record(pictures)).digest() == hashlib.sha256(made).digest()


def test_on_the_record_of_a_check_each_photograph_and_the_signature_bear_their_digest(kept):
    """The caption names the very picture above it, and what cannot be printed keeps its caption."""
    photos = [{**kept(noise(200 + n), n), "signature": False} for n in (1, 2)]
    broken = {**kept(jpeg()[:200] + b"\xff\xd9", 3), "signature": False}
    signed = {**kept(noise(64)), "number": "签名", "signature": True}
    said = {
        "who": "示例人",
        "at_text": "2018年3月7日9时30分",
        "outcome": "已签名",
        "note": "在设备上签名",
    }
    pages = pages_of(record([*photos, broken, signed], "check_record", said=[said]))
    text = squeezed(pages)

    for one in (*photos, broken):
        assert f"照片{one['number']}{one['at_text']}{one['sha256'][:16]}" in text
    assert f"已签名摘要{signed['sha256'][:16]}" in text
    assert text.count("这张照片不能缩印，见存卷原件。") == 1
    assert len(pictures_in(pages)) == 3
    assert f"照片签名{signed['at_text']}" not in text
