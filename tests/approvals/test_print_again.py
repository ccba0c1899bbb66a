"""再次成文: a paper that failed to print is printed again for window or administrator; one that is printed, never."""

import logging

import pytest
from django.core.exceptions import PermissionDenied

from approvals.stages import Stage
from core.documents.models import Paper
from core.ledger.queries import verify_all
from core.steps.papers import render_waiting
from core.steps.printing import print_again
from core.steps.reasons import NotNow
from desk.queries.health import checks
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
WHY = "缺少字体"

walked, served = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))


@pytest.fixture
def failed(served, settings, tmp_path, caplog):
    """A paper of the case whose printing failed."""
    caplog.set_level(logging.CRITICAL, "chengnuo.papers")
    settings.MEDIA_ROOT = tmp_path / "files"
    paper = Paper.objects.filter(book=served.filing.book).last()
    paper.file, paper.failure, paper.rendered_at = "", WHY, served.now
    paper.save()
    return paper


def again(w, paper, by=None):
    return w.do(print_again, paper, by=by or w.people.window)


@pytest.mark.parametrize("who", ["enterprise", "other_enterprise", "supervisor"])
def test_nobody_else_has_it_printed_again(served, failed, who):
    with pytest.raises(PermissionDenied):
        again(served, failed, getattr(served.people, who))
    page = text(Browser(served.people.enterprise, served.now).get("paper", failed.code))
    assert "请联系县管理员" in page
    assert WHY not in page
    assert "再次成文" not in page
    for by, status in ((served.people.enterprise, 403), (served.people.other_enterprise, 404)):
        answer = Browser(by, served.now).post("paper_again", failed.code)
        assert answer.status_code == status


def test_what_is_printed_or_waits_is_not_printed_again(served, failed):
    failed.failure, failed.rendered_at = "", None
    failed.save()
    with pytest.raises(NotNow, match="正在等待成文"):
        again(served, failed)
    render_waiting(served.now)
    failed.refresh_from_db()
    assert failed.ready
    kept = failed.file_sha256
    with pytest.raises(NotNow, match="不再重新生成"):
        again(served, failed)
    failed.refresh_from_db()
    assert failed.file_sha256 == kept


@pytest.mark.parametrize("who", ["window", "convenor", "administrator"])
def test_it_is_asked_for_on_its_page_with_the_reason_and_printed_as_it_was_frozen(
    served, failed, who
):
    frozen = failed.content_sha256
    browser = Browser(getattr(served.people, who), served.now)
    page = text(browser.get("paper", failed.code))
    for words in (WHY, "再次成文", "文号和内容不变", "期限照常计算"):
        assert words in page
    assert "送达" not in page
    answer = browser.post("paper_again", failed.code)
    assert (answer.status_code, answer["Location"]) == (302, f"/papers/{failed.code}/")
    assert browser.get("paper", failed.code)["Refresh"], "it waits, and the page with it"
    assert browser.post("paper_again", failed.code).status_code == 409, "twice"
    assert render_waiting(served.now) >= 1
    failed.refresh_from_db()
    assert (failed.ready, failed.failure, failed.content_sha256) == (True, "", frozen)
    assert acts(served.filing.book)[-2:] == ["print_again", "render_paper"]
    assert verify_all()[2] == []


def test_the_house_is_not_well_while_a_paper_cannot_be_opened(served, failed):
    def papers():
        return next(one for one in checks(served.now) if one.name == "papers")

    assert (papers().state, "成文失败" in papers().said) == ("bad", True)
    again(served, failed)
    assert papers().state == "ok"


def test_a_program_does_the_same(client, served, failed):
    here = f"papers/{failed.code}/again/"
    assert Program(client, served.people.enterprise).post(here, {}).status_code == 403
    program = Program(client, served.people.administrator)
    assert program.post(here, {}).status_code == 200
    late = program.post(here, {})
    assert late.status_code == 409
    assert "正在等待成文" in text(late)
