"""The words of an OFD (GB/T 33190): read page by page in the child that bounds itself, believed by nobody."""

import pytest

from core.documents.previews import had, insides, words
from tests.core.hostile import archive
from tests.core.test_insides import kept

pytestmark = pytest.mark.django_db
__all__ = ["kept"]


def ofd(*pages, root="Doc_0/Document.xml", **more):
    """An OFD of pages, each a list of (top, words)."""
    o = 'xmlns:o="http://www.ofdspec.org/2016"'
    named = "".join(
        f'<o:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n, _ in enumerate(pages)
    )
    parts = {
        "OFD.xml": f"<o:OFD {o}><o:DocBody><o:DocRoot>{root}</o:DocRoot></o:DocBody></o:OFD>",
        "Doc_0/Document.xml": f"<o:Document {o}><o:Pages>{named}</o:Pages></o:Document>",
    }
    for n, page in enumerate(pages):
        said = "".join(
            f'<o:TextObject ID="1" Boundary="10 {top} 90 5"><o:TextCode X="0" Y="4">{text}</o:TextCode></o:TextObject>'
            for top, text in page
        )
        parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<o:Page {o}><o:Content>{said}</o:Content></o:Page>"
        )
    return archive({**parts, **more})


def test_words_of_an_ofd_are_read_page_by_page_and_line_by_line(kept):
    first = [("20", "关于示例项目的"), ("20", "批复"), ("30.5", "经研究，&lt;原则&gt;同意。")]
    assert words(kept(ofd(first, [("20", "第二页")]), "ofd")) == [
        "关于示例项目的批复", "经研究，<原则>同意。", "第二页",
    ]  # fmt: skip
    assert words(kept(ofd(first, root="/Doc_0/Document.xml"), "ofd"))[0] == "关于示例项目的批复"
    long = words(kept(ofd([(str(n), f"第{n}行") for n in range(500)]), "ofd"))
    assert (len(long), long[-1]) == (insides.MOST_LINES + 1, "……（后面还有，请下载原件查看）")


def test_an_ofd_that_leads_elsewhere_or_is_broken_shows_no_words(kept):
    page = "Doc_0/Pages/Page_0/Content.xml"
    many = archive({"OFD.xml": b"<a>" * 300_000})
    for content in (
        ofd([], root="../../../etc/passwd"), ofd([], root="Doc_0/none.xml"), many,
        ofd([("1", "x")], **{page: "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}),
        ofd([("1", "x")], **{page: "<o:Page>"}), ofd([("1", "x")], **{page: b" " * (5 << 20)}),
    ):  # fmt: skip
        assert not had(words, kept(content, "ofd"))
