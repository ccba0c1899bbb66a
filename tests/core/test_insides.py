"""What a file that is not drawn carries: its picture and first words, read in the same child, believed by nobody."""

import io
import resource
import struct
import time
import zipfile

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from xlsxwriter import Workbook

from core.documents import previews
from core.documents.models import READ_AS, Attachment
from core.documents.previews import NotShown, carried, draw, draw_any, had, insides, words
from core.documents.services import keep_bytes
from core.documents.stages import Scan
from core.ledger.services import county_book
from tests.conftest import instant
from tests.core.hostile import CORPUS, DOCX, OFD, XLSX, archive, picture, png_of
from tests.share import mine

pytestmark = pytest.mark.django_db
NOW = instant("2018-03-05 09:00")
TYPES = {kind: content_type for content_type, kind in READ_AS.items()}
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MEMORY = (1 << 30) + (64 << 20)


@pytest.fixture
def kept(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"

    def keep(content, kind="docx", **more):
        said = {"book": county_book(), "by": people.window, "at": NOW}
        file = keep_bytes(content, name=f"a.{kind}", content_type=TYPES[kind], **said)
        Attachment.objects.filter(pk=file.pk).update(**more)
        file.refresh_from_db()
        return file

    return keep


def docx(body, **more):
    text = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return archive({**DOCX, "word/document.xml": text, **more})


def paragraph(said):
    return f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"


def xlsx(*sheets):
    made = io.BytesIO()
    with Workbook(made) as book:
        for name, rows, hidden in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if hidden:
                sheet.hide()
    return made.getvalue()


def dwg(content, kind=6, *, at=None, size=None, count=1, version=b"AC1027"):
    """A drawing whose head names one picture behind it, or says so."""
    begin = 0x40
    after = begin + len(insides.SENTINEL) + 5 + insides.RECORD.size
    said = insides.RECORD.pack(
        kind, after if at is None else at, len(content) if size is None else size
    )
    head = version.ljust(13, b"\0") + struct.pack("<L", begin)
    return (
        head.ljust(begin, b"\0") + insides.SENTINEL + struct.pack("<LB", 9, count) + said + content
    )


def dib(size):
    """A picture as a drawing keeps it: without the head of a file."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "DIB")
    return out.getvalue()


def seen(page):
    with page.open() as file:
        return Image.open(io.BytesIO(file.read()))


# — what is not read —————————————————————————————————————————————————————————————————


def test_what_waits_is_harmful_or_was_never_scanned_is_not_read(kept, settings, monkeypatch):
    settings.CLAMD = "unix:/nowhere"
    monkeypatch.setattr(previews.subprocess, "run", None)  # nothing is started
    for scan in (Scan.WAITING, Scan.INFECTED, Scan.NONE):
        file = kept(docx(paragraph(scan)), scan=scan)
        for read in (carried, words):
            with pytest.raises(NotShown, match=r"查毒|查过毒"):
                had(read, file)
    assert not default_storage.exists("previews")


def test_why_it_is_not_drawn_and_what_to_do_is_said_for_each_kind(kept):
    for kind, says in (
        ("docx", "用 WPS 文字或者 Word 打开"),
        ("xlsx", "用 WPS 表格或者 Excel 打开"),
        ("ofd", "用 OFD 阅读器"),
        ("dwg", "用 CAD 软件"),
    ):
        with pytest.raises(NotShown, match=f"不能逐页预览.*请下载原件，{says}"):
            draw(kept(b"x", kind), 1)
    with pytest.raises(NotShown, match="不能逐页预览"):
        draw_any(kept(docx("")), 0)


def entities():
    lots = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = f'{lots}<w:document xmlns:w="{W}"><w:body>{paragraph("&b;")}</w:body></w:document>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield archive({**DOCX, "word/document.xml": body})
    yield archive({**DOCX, "word/document.xml": body.replace(lots, outside).replace("&b;", "&a;")})
    yield archive({**DOCX, "word/document.xml": body.encode("utf-16")})


def test_nothing_that_is_declared_is_unfolded_or_fetched(kept):
    for content in entities():
        with pytest.raises(NotShown, match="打不开或者太复杂"):
            words(kept(content))
    for declared in ("<!DOCTYPE ofd [<!ENTITY a 'x'>]>", "<!DOCTYPE ofd SYSTEM 'http://a/'>"):
        with pytest.raises(NotShown, match="打不开或者太复杂"):
            carried(kept(archive({**OFD, "OFD.xml": f"{declared}<ofd/>"}), "ofd"))


def wide(place):
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{place[1]}"><c r="{place[0]}{place[1]}"><v>1</v></c></row>'
    whole = zipfile.ZipFile(io.BytesIO(xlsx(("a", [["1"]], False))))
    parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    begin, _between, _end = parts[sheet].partition(b"<sheetData>")
    parts[sheet] = begin + b"<sheetData>" + cells.encode() + b"</sheetData></worksheet>"
    return archive(parts)


def hostile():
    """Files that would cost much, lead elsewhere, or say of themselves what is not so."""
    for place in (("XFD", 1_048_576), ("ZZ", 99_999), ("A", 10**18)):
        yield "xlsx", wide(place)
    yield "docx", archive({**DOCX, "docProps/thumbnail.jpeg": b"\0" * (9 << 20)})
    yield "docx", archive({**DOCX, "docProps/thumbnail.png": png_of(60_000, 60_000)})
    yield "docx", archive({**DOCX, "docProps/thumbnail.jpeg": b"GIF89a" + b"\0" * 99})
    yield "docx", docx("<w:p>" * 200_000)
    yield "docx", b"PK\x03\x04" + b"\0" * 100
    for cover in ("../../../../etc/passwd", "/etc/passwd", "Doc_0/Document.xml", "a" * (2 << 20)):
        named = f'<o:OFD xmlns:o="http://www.ofdspec.org/2016"><o:Cover>{cover}</o:Cover></o:OFD>'
        yield "ofd", archive({**OFD, "OFD.xml": named})
    png = picture("PNG")
    for content in (
        dwg(png, at=2**32 - 1),
        dwg(png, size=2**32 - 1),
        dwg(png, size=0),
        dwg(b"x" * 40, 2),
        dwg(b"", count=255),
        dwg(png, 3),
        dwg(struct.pack("<LllHHLL", 40, 60_000, 60_000, 1, 24, 0, 0) + b"\0" * 16, 2),
        b"AC1027" + b"\xff" * 30,
        b"AC1027",
    ):
        yield "dwg", content


def test_hostile_files_show_nothing_and_cost_little(kept):
    slowest = 0.0
    for kind, content in hostile():
        file, before = kept(content, kind), time.monotonic()
        assert had(carried, file) is None, kind
        assert len(had(words, file) or []) <= insides.MOST_LINES + 1
        slowest = max(slowest, time.monotonic() - before)
    assert slowest < previews.PATIENCE
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10 < MEMORY


@pytest.mark.hunt
def test_the_corpus_of_hostile_uploads_ends_in_a_picture_words_or_nothing(kept):
    for what, name, content in CORPUS:
        kind = name.rpartition(".")[2]
        if kind in TYPES and mine(what):
            file = kept(content, kind)
            page, said = had(carried, file), had(words, file) or []
            assert len(said) <= insides.MOST_LINES + 1, what
            assert page is None or seen(page).width <= 1600, what


# — what is read —————————————————————————————————————————————————————————————————————


def test_the_picture_a_file_carries_is_drawn_anew_and_kept(kept, monkeypatch):
    named = (
        '<o:OFD xmlns:o="http://www.ofdspec.org/2016"><o:Cover>/Doc_0/cover.png</o:Cover></o:OFD>'
    )
    big = picture("PNG", (2000, 1000))
    for kind, content, size in (
        ("docx", archive({**DOCX, "docProps/thumbnail.jpeg": picture("JPEG", (64, 32))}), (64, 32)),
        ("xlsx", archive({**XLSX, "docProps/thumbnail.png": big}), (1600, 800)),
        (
            "ofd",
            archive({**OFD, "OFD.xml": named, "Doc_0/cover.png": picture("PNG", (30, 20))}),
            (30, 20),
        ),
        ("dwg", dwg(picture("PNG", (50, 40))), (50, 40)),
        ("dwg", dwg(dib((48, 24)), 2), (48, 24)),
    ):
        file = kept(content, kind)
        page = carried(file)
        assert (page.content_type, seen(page).size, seen(page).format) == (
            "image/jpeg",
            size,
            "JPEG",
        )
        assert draw_any(file, 0) == page
    monkeypatch.setattr(previews.subprocess, "run", None)
    assert carried(file) == page, "drawn once"


def test_where_there_is_none_it_is_asked_once(kept, monkeypatch):
    file = kept(docx(paragraph("一")))
    assert carried(file) is None
    assert words(file) == ["一"]
    monkeypatch.setattr(previews.subprocess, "run", None)
    assert carried(file) is None
    assert words(file) == ["一"]


def test_words_of_a_text_are_those_a_reader_sees_once(kept):
    body = (
        paragraph("项目&amp;名称")
        + "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>"
        + "<w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>"
        + "<w:p><w:r><w:instrText>DATE</w:instrText></w:r></w:p>"
        + '<w:p><mc:A xmlns:mc="http://m"><mc:Choice><w:r><w:t>框</w:t></w:r></mc:Choice>'
        + "<mc:Fallback><w:r><w:t>框</w:t></w:r></mc:Fallback></mc:A></w:p>"
        + paragraph("\u202e反\u0007着")
    ).replace("\u0007", "")
    assert words(kept(docx(body))) == ["项目&名称", "甲 乙", "框", "反着"]


def test_long_texts_are_cut_and_say_so(kept):
    said = words(kept(docx("".join(map(paragraph, range(500))))))
    assert said[: insides.MOST_LINES] == [str(n) for n in range(insides.MOST_LINES)]
    assert said[insides.MOST_LINES :] == ["……（后面还有，请下载原件查看）"]
    (line,) = words(kept(docx(paragraph("长" * 5000))))
    assert line == "长" * insides.LONGEST_LINE + "…"


def test_sheets_are_named_the_hidden_ones_too(kept):
    book = xlsx(
        ("清单", [["名称", "数"], ["", ""], ["\x1e水\n泵", 2]], False), ("底稿", [["=1+1"]], True)
    )
    assert words(kept(book, "xlsx")) == [
        "〔工作表：清单〕",
        "名称 | 数",
        "水 泵 | 2.0",
        "〔隐藏的工作表：底稿〕",
        "0.0",
    ]
