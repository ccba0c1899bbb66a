"""A preview is behind the door of its file, in the browser and for programs; files in coming can be given up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.stages import Stage
from core import clock
from core.documents.models import Incoming
from core.documents.previews import AT_ONCE as AT_ONCE_DRAWN
from core.documents.previews import WAITING
from core.documents.receiving import AT_ONCE, begin
from core.documents.stages import Scan
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _handed_in(people):
    return walk(people, instant("2018-03-05 09:00"), to=Stage.RECEIVED)


walked, handed_in = standing(_handed_in)


@pytest.fixture
def kept(handed_in, settings, tmp_path):
    """A file of three pages of a case."""
    settings.MEDIA_ROOT, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"
    paper = handed_in.filing.materials.intake()[0]
    upload = SimpleUploadedFile("图纸.pdf", pdf_of(3))
    by = handed_in.people.enterprise
    with clock.driven(handed_in.now):
        yield services.upload_material(paper, upload=upload, by=by, at=handed_in.now).attachment


def test_a_page_comes_with_strict_heads_and_to_those_alone_who_see_the_file(handed_in, kept):
    strangers = (handed_in.people.other_enterprise,)
    for by in strangers:
        assert Browser(by, handed_in.now).get("preview_page", kept.pk, 1).status_code == 404
        assert Browser(by, handed_in.now).get("preview", kept.pk).status_code == 404
    assert Browser(None, handed_in.now).get("preview", kept.pk).status_code == 302

    for by in (handed_in.people.window, handed_in.people.enterprise):
        browser = Browser(by, handed_in.now)
        page = browser.get("preview_page", kept.pk, 2)
        assert (page.status_code, page["Content-Type"]) == (200, "image/png")
        assert page["X-Content-Type-Options"] == "nosniff"
        assert (
            page["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        assert page["Cache-Control"] == "private, no-store"
        assert b"".join(page.streaming_content).startswith(b"\x89PNG")


def test_the_page_around_it_leads_on_and_says_what_is_not_there(handed_in, kept):
    browser = Browser(handed_in.people.window, handed_in.now)
    shown = text(browser.get("preview", kept.pk, page=2))
    for words in ("第2页，共3页", "上一页", "下一页", "下载原件"):
        assert words in shown
    for page in ("4", "0", "x", "99999"):
        answer = browser.get("preview", kept.pk, page=page)
        assert (answer.status_code, "下载原件" in text(answer)) == (422, True)
    assert "共3页" in text(answer)
    listed = text(browser.get("materials", handed_in.filing.public_id))
    assert f"/attachments/{kept.pk}/preview/" in listed


def test_withheld_there_is_neither_page_nor_download(handed_in, kept):
    browser = Browser(handed_in.people.window, handed_in.now)
    assert browser.get("preview_page", kept.pk, 1).status_code == 200, "drawn before"
    for scan in (Scan.WAITING, Scan.INFECTED):
        kept.scan = scan
        kept.save()
        for name, more in (("preview", ()), ("preview_page", (1,))):
            answer = browser.get(name, kept.pk, *more)
            assert answer.status_code == 409
            assert "下载原件" not in text(answer)


def test_programs_ask_how_many_pages_and_fetch_them(client, handed_in, kept):
    program = Program(client, handed_in.people.window)
    here = f"attachments/{kept.pk}/preview/"
    drawn = {"pages": 3, "said": "", "busy": False, "carried": False, "words": []}
    assert program.get(here).json() == drawn
    page = program.get(f"{here}3/")
    assert (page.status_code, page["Content-Type"]) == (200, "image/png")
    assert program.get(f"{here}4/").status_code == 409
    other = Program(client, handed_in.people.other_enterprise)
    assert other.get(here).status_code == 404
    assert other.get(f"{here}1/").status_code == 404


def test_a_program_reviews_as_the_page_does(client, handed_in, kept):
    papers = list(handed_in.filing.materials.intake())
    program = Program(client, handed_in.people.window)
    shown = program.get("materials/", filing=handed_in.filing.public_id, page_size=200).json()
    seen = {row["id"]: row["standing"] for row in shown["results"]}
    decisions = [{"material": one.pk, "verdict": "fine", "seen": seen[one.pk]} for one in papers]
    here = f"filings/{handed_in.filing.public_id}/review/"
    body = {"decisions": decisions, "then": "accept"}
    assert Program(client, handed_in.people.enterprise).post(here, body).status_code == 403
    wrong = {"decisions": [{"material": papers[0].pk, "verdict": "return"}]}
    assert program.post(here, wrong).status_code == 422
    assert program.post(here, body).json()["stage"] == Stage.ACCEPTED
    late = program.post(here, body)
    assert late.status_code == 409
    assert "您的决定没有保存" in text(late)


# — files in coming ——————————————————————————————————————————————————————————————————


def test_a_full_quota_is_no_dead_end(handed_in, kept):
    by = handed_in.people.enterprise
    for number in range(AT_ONCE):
        begin(name=f"图{number}.pdf", size=9, by=by, at=handed_in.now)
    with pytest.raises(Exception, match="在“没有传完的文件”中放弃一些"):
        begin(name="图.pdf", size=9, by=by, at=handed_in.now)
    browser = Browser(by, handed_in.now)
    assert "/incoming/" in text(browser.get("materials", handed_in.filing.public_id))
    page = text(browser.get("incoming"))
    for words in ("图0.pdf", "现有40个", "2018年3月12日", "放弃"):
        assert words in page

    coming = Incoming.objects.get(name="图0.pdf")
    stranger = Browser(handed_in.people.other_enterprise, handed_in.now)
    assert "图0.pdf" not in text(stranger.get("incoming"))
    assert stranger.post("incoming", file=coming.token).status_code == 404
    assert browser.post("incoming", file=coming.token).status_code == 302
    assert "已放弃：图0.pdf" in text(browser.get("incoming"))
    assert browser.post("incoming", file=coming.token).status_code == 404
    assert browser.post("incoming").status_code == 404
    assert begin(name="图.pdf", size=9, by=by, at=handed_in.now).pk


def test_whole_but_not_handed_in_is_said_and_the_list_takes_one_query_more_or_less(
    handed_in, kept, django_assert_max_num_queries
):
    by = handed_in.people.enterprise
    browser = Browser(by, handed_in.now)
    assert "没有正在上传的文件" in text(browser.get("incoming"))
    coming = begin(name="图.pdf", size=9, by=by, at=handed_in.now)
    Incoming.objects.filter(pk=coming.pk).update(received=9)
    for number in range(20):
        begin(name=f"图{number}.pdf", size=9, by=by, at=handed_in.now)
    with django_assert_max_num_queries(12):
        assert "已传完，还没有提交" in text(browser.get("incoming"))


def test_while_others_are_drawn_the_page_asks_again_by_itself(handed_in, kept):
    browser = Browser(handed_in.people.window, handed_in.now)
    taken = [AT_ONCE_DRAWN.acquire(blocking=False), AT_ONCE_DRAWN.acquire(blocking=False)]
    waiting = [WAITING.acquire(blocking=False), WAITING.acquire(blocking=False)]
    try:
        busy = browser.get("preview", kept.pk)
        image = browser.get("preview_page", kept.pk, 1)
    finally:
        for turns, turn in ((taken, AT_ONCE_DRAWN), (waiting, WAITING)):
            for had in turns:
                if had:
                    turn.release()
    assert busy.status_code == image.status_code == 503
    assert (busy["Refresh"], busy["Retry-After"]) == ("5", "5")
    assert "自动再试" in text(busy)
    again = browser.get("preview", kept.pk)
    assert again.status_code == 200
    assert "Refresh" not in again
