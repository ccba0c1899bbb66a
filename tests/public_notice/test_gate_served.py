"""Of generated persons nothing is left in what is served: page, feeds, files, search, site map, and the printed paper.

The paper is printed and its text, its metadata and the name of its file are read; every outlet is asked by its address.
"""

import copy
import random
import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from core import clock
from core.documents.models import Paper
from core.steps.papers import issue, render_one
from public_notice.models import Notice
from public_notice.queries.register import WORDS
from public_notice.rules.gate import admit
from public_notice.services.notices import keep_open, make_findable
from tests.chance import drawn
from tests.doors.visit import Visit
from tests.public_notice.hostile import Somebody

pytestmark = pytest.mark.django_db
OUTLETS = (
    "/notices/{id}/", "/notices/", "/notices/?q={words}", "/notices/feed/", "/notices/export/?form=csv",
    "/open/v1/notices.json", "/open/v1/notices.csv", "/open/v1/notices.atom", "/open/v1/projects.json", "/hall/",
    "/api/v1/notices/", "/api/v1/notices/{id}/", "/papers/check/{code}/", "/sitemap-1.xml",
)  # fmt: skip
# Where nothing stands that anybody wrote.
WITHOUT_WORDS = ("/sitemap-1.xml", "file name", "xmp")
# A digest of ours, with a letter in it; the digits of many would make anybody's number in the end.
DIGEST = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{16,64}\b")


def said_by(many, notice):
    """What would be published of the notice if everybody had written all that they could; and who they are."""
    content, written = copy.deepcopy(notice.content), []

    def put(holder, *names):
        for name in names:
            one = Somebody(many)
            holder[name] = one.written(many)
            written.append((one, holder[name]))

    put(content, "title", "gaps_text")
    put(content["project"], "name", "location", "scale")
    put(content["enterprise"], "name")
    for clause in content["clauses"][:4]:
        put(clause, "item", "standard", "basis")
    content["declined"] = [{"consequence": "按一般程序事先审批"}]
    put(content["declined"][0], "item")
    return content, written


def published(noticed, inside):
    """Let the notice be what the gate lets through, with its paper, its words and its row in the open files."""
    notice = noticed.notice
    content = admit(inside)
    paper = issue(
        "public_notice", content, book=notice.book, kind="DOC17", by=noticed.people.window, at=noticed.now
    )  # fmt: skip
    Notice.objects.filter(pk=notice.pk).update(
        title=content["title"][:200], content=content, paper=paper
    )
    notice = Notice.objects.select_related("paper", "filing__industry").get(pk=notice.pk)
    make_findable(notice)
    keep_open(notice)
    assert render_one(paper.pk, noticed.now), Paper.objects.get(pk=paper.pk).failure
    return notice


def served(noticed, notice):
    """Yield what anybody gets, address by address; of the paper its text, its metadata and the name of its file."""
    visit = Visit(None, noticed)
    for path in OUTLETS:
        words = {"id": notice.public_id, "code": notice.paper.code, "words": notice.paper.number}
        answer = visit.get(path.format(**words))
        assert answer.status_code == 200, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield path, body.decode() + answer.headers.get("Content-Disposition", "")
    answer = visit.get(f"/papers/{notice.paper.code}/")
    assert answer["Content-Type"] == "application/pdf"
    yield "file name", answer["Content-Disposition"]
    reader = PdfReader(BytesIO(b"".join(answer.streaming_content)))
    yield "metadata", "\n".join(str(value) for value in reader.metadata.values())
    yield "xmp", reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ""
    yield "text", "\n".join(page.extract_text() for page in reader.pages)


def nobody_is_left(noticed, many):
    seed = drawn("gate served")
    dice, left, people = random.Random(seed), [], 0
    while people < many:
        inside, written = said_by(dice, noticed.notice)
        with clock.driven(noticed.now):
            notice = published(noticed, inside)
            for outlet, shown in served(noticed, notice):
                # A name may break over lines in print.
                whole = DIGEST.sub("", shown.replace("\n", "") if outlet == "text" else shown)
                assert "某" in whole or outlet in WITHOUT_WORDS, outlet
                for one, text in written:
                    if found := one.left_in(whole):
                        left.append((seed, outlet, found, text))
            assert not any(WORDS.keys(one.mobile, 5) for one, _text in written)
        people += len(written)
    assert left == []


def test_of_twenty_people_nothing_is_served(noticed):
    nobody_is_left(noticed, 19)


@pytest.mark.hunt
def test_of_ten_thousand_people_nothing_is_served(noticed):
    nobody_is_left(noticed, 10_000)
