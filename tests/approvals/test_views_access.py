"""Who gets in: other people's cases do not exist, reading writes nothing, files and papers follow the case."""

import pytest
from django.core.files.base import ContentFile

from approvals.stages import Stage
from approvals.urls import urlpatterns
from core.documents import press
from core.documents.models import Paper
from core.ledger.models import Entry
from core.steps.offers import offered
from core.steps.papers import render_one
from tests.approvals.browse import Browser, text
from tests.share import mine, turns
from tests.walk import walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
WITH_CASE = [
    p.name for p in urlpatterns if "public_id" in str(p.pattern) and "code" not in str(p.pattern)
]
OF_LIMIT = {
    "suspend_limit",
    "resume_limit",
    "extend_limit",
}  # tests/stories/test_stopped_limit.py
OF_A_PART = (
    "finish_change",
    "hand_in_change",
    "return_change",
    "decide_later",
    "end_authority",
    "decide_paper",
    "take_back_paper",
)
PAGES = [name for name in WITH_CASE if name not in (*OF_A_PART, *OF_LIMIT)]


def test_pages_of_a_case_are_listed():
    assert len(PAGES) > 15


def test_reading_every_page_as_everybody_writes_nothing(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    before = Entry.objects.count()
    code = w.filing.items.first().code
    for person in (people.enterprise, people.window, people.supervisor, people.department("ZJJ")):
        browser = Browser(person, w.now)
        for name in PAGES:
            if not mine(name, person.role) or not turns(name, person.role, of=2):
                continue
            assert browser.get(name, w.filing.public_id).status_code in (200, 403, 404, 405), name
        for name in ("strike", "approval", "take_up"):
            assert browser.get(name, w.filing.public_id, code).status_code in (200, 403), name
    assert Entry.objects.count() == before


@pytest.mark.dealt
@pytest.mark.parametrize("name", PAGES)
def test_a_strangers_case_does_not_exist(people, at, name):
    w = walk(people, at(NOW), to=Stage.SUBMITTED)
    stranger = Browser(people.other_enterprise, w.now)
    assert stranger.get(name, w.filing.public_id).status_code in (404, 405)
    assert stranger.post(name, w.filing.public_id).status_code in (404, 405)
    nobody = Browser(None, w.now)
    assert nobody.get(name, w.filing.public_id).status_code == 302


def test_a_draft_is_the_enterprises_own(people, at):
    w = walk(people, at(NOW), to=Stage.DRAFT)
    assert Browser(people.window, w.now).get("questionnaire", w.filing.public_id).status_code == 404


def test_wrong_role_is_refused(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    enterprise, window = Browser(people.enterprise, w.now), Browser(people.window, w.now)
    for name in ("accept", "refuse", "ask_correction", "eligibility", "licence", "verify", "start"):
        assert enterprise.get(name, w.filing.public_id).status_code == 403, name
        assert enterprise.post(name, w.filing.public_id).status_code == 403, name
    for name in ("hand_in", "withdraw", "sign", "project", "submit"):
        assert window.post(name, w.filing.public_id, reason="x").status_code == 403, name


def test_attachments_are_saved_not_opened_and_follow_the_case(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    kept = w.filing.materials.exclude(attachment=None).first().attachment
    answer = Browser(people.window, w.now).get("attachment", kept.pk)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Browser(people.other_enterprise, w.now).get("attachment", kept.pk).status_code == 404
    assert Browser(None, w.now).get("attachment", kept.pk).status_code == 302
    concerned = w.filing.items.first().department.code
    theirs = Browser(people.department(concerned), w.now).get("attachment", kept.pk)
    assert theirs.status_code == 200
    assert theirs.getvalue().startswith(b"%PDF")


def test_a_paper_waits_until_it_is_set_then_serves(people, at, monkeypatch):
    monkeypatch.setattr(press, "_press", None)
    w = walk(people, at(NOW), to=Stage.LISTED)
    paper = w.filing.checklist_paper
    browser = Browser(people.enterprise, w.now)
    waiting = browser.get("paper", paper.code)
    assert waiting.status_code == 202
    assert waiting["Refresh"]
    assert "正在成文" in text(waiting)
    assert "前面还有" not in text(waiting)
    assert press._press is None, "no request prints: none waits for it"
    newer = Paper.objects.create(
        book=paper.book, kind="DOC09", title="后来的", template="x", number="示例〔2018〕1号", content={},
        content_sha256="0" * 64, issued_by=people.window, issued_at=w.now,
    )  # fmt: skip
    assert "前面还有1份文书。" in text(browser.get("paper", paper.code)), "the newest comes first"
    assert "前面还有" not in text(Browser(people.window, w.now).get("paper", newer.code))
    assert render_one(paper.pk, w.now)
    served = browser.get("paper", paper.code)
    assert served["Content-Type"] == "application/pdf"
    assert served["Cache-Control"] == "private, no-store"
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert Browser(people.other_enterprise, w.now).get("paper", paper.code).status_code == 404
    assert Browser(None, w.now).get("paper", paper.code).status_code == 302


def test_minutes_of_a_joint_session_reach_the_enterprise(people, at):
    w = walk(people, at(NOW), to=Stage.COMMITTING)
    minutes = w.filing.minutes
    assert Browser(people.enterprise, w.now).get("paper", minutes.code).status_code == 202
    assert Browser(people.other_enterprise, w.now).get("paper", minutes.code).status_code in (
        202,
        404,
    )


def test_a_public_paper_needs_no_login(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    Paper.objects.filter(pk=w.filing.checklist_paper_id).update(public=True)
    assert Browser(None, w.now).get("paper", w.filing.checklist_paper.code).status_code == 202


def test_check_page_says_whether_a_paper_is_ours_and_nothing_of_its_content(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    paper = w.filing.checklist_paper
    nobody = Browser(None, w.now)
    page = text(nobody.get("check_paper", paper.code))
    assert paper.number in page
    assert paper.content_sha256 in page
    assert "是本系统制发的文书" in page
    assert w.filing.project_name not in page
    unknown = nobody.get("check_paper", "0" * 16)
    assert unknown.status_code == 404
    assert "不是本系统制发的文书" in text(unknown)


def test_a_file_is_compared_byte_by_byte(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    paper = w.filing.checklist_paper
    render_one(paper.pk, w.now)
    paper.refresh_from_db()
    content = paper.file.read()
    nobody = Browser(None, w.now)
    same = nobody.post("check_paper", paper.code, file=ContentFile(content, name="a.pdf"))
    assert "一个字节都不差" in text(same)
    other = nobody.post("check_paper", paper.code, file=ContentFile(content + b" ", name="a.pdf"))
    assert "后面多出1字节" in text(other)
    assert "一个字节都不差" not in text(other)


def test_a_replaced_letter_is_said_to_be_replaced(people, at):
    w = walk(people, at(NOW), to=Stage.COMMITTING)
    first = w.filing.letter().paper
    code = w.filing.items.filter(item_class="commitment").first().code
    Browser(people.enterprise, w.now).post("decline", w.filing.public_id, codes=[code])
    assert "已被新的承诺书替代" in text(Browser(None, w.now).get("check_paper", first.code))


def test_every_offer_leads_to_a_page_and_says_why_not(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    offers = {o.name: o for o in offered(w.filing, people.window)}
    assert {"review", "accept", "ask_correction", "refuse"} <= set(offers)
    assert not offers["accept"].allowed
    assert offers["accept"].silence
    for person in (people.enterprise, people.window):
        browser = Browser(person, w.now)
        for one in offered(w.filing, person):
            assert browser.client.get(one.url).status_code == 200, one.name
    assert "withdraw" in {o.name for o in offered(w.filing, people.enterprise)}
