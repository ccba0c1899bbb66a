"""A clerk with the papers of a filing before them: without the mouse, on a telephone, and without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from approvals import services
from approvals.models import Material
from approvals.stages import MaterialState, Stage
from core.documents import previews
from core.documents.models import Paper
from tests.e2e.audit import audit
from tests.e2e.test_keyboard import Keys
from tests.files import pdf_of
from tests.walk import walk

pytestmark = pytest.mark.browser
ANSWERS = {"land_route": "conversion", "in_assessed_area": "no", "eia_class": "report"}


@pytest.fixture
def handed_in(site, people, at):
    """A filing with some fifteen papers, the first of three pages."""
    way = walk(people, at("2018-05-07 09:00"), to=Stage.RECEIVED, answers=ANSWERS)
    first, *_rest = way.filing.materials.intake()
    upload = SimpleUploadedFile("总平面图.pdf", pdf_of(3))
    services.upload_material(first, upload=upload, by=people.enterprise, at=way.now)
    site.stand(way.now)
    return way


def state(paper):
    return Material.objects.get(pk=paper.pk).state


def test_papers_are_decided_by_keys_and_saved_at_once(site, handed_in):
    clerk = site.person("window", width=1440)
    page, keys = clerk.page, Keys(clerk)
    papers = list(handed_in.filing.materials.intake())
    clerk.goes(reverse("approvals:review", args=[handed_in.filing.public_id]))
    page.locator("img.drawn").first.wait_for()
    clerk.sees("问卷回答", "清单", "第1页，共3页")
    expect(page.locator("img.drawn").first).to_have_js_property("complete", True)
    assert page.locator("img.drawn").first.evaluate("image => image.naturalWidth") > 1000
    clerk.shoot("review-1440")
    correct, accept = (
        page.get_by_role("button", name=words) for words in ("保存并一次告知补正", "保存并受理")
    )
    assert (correct.is_disabled(), accept.is_disabled()) == (True, True)
    clerk.sees(f"还有{len(papers)}件没有决定")
    keys.press("n")
    clerk.sees("第2页，共3页")
    keys.press("j")
    assert keys.at()[1] == str(papers[1])
    keys.press("k")
    keys.press("a")
    assert keys.at()[1] == str(papers[1]), "decided, on to the next one"
    keys.press("r")
    assert keys.at()[0] == f"reason-{papers[1].pk}"
    page.keyboard.type("a缺第3页")  # a letter that is a key elsewhere
    keys.press("Enter")
    keys.press("3")
    for _paper in papers[3:]:
        keys.press("a")
    assert keys.at()[1] == "保存并一次告知补正"
    clerk.sees("退回 2", f"核收 {len(papers) - 2}", "退回2件", "补正交来以前不能受理")
    assert (correct.is_disabled(), accept.is_disabled()) == (False, True)
    clerk.shoot("review-decided")
    assert state(papers[0]) == MaterialState.RECEIVED, "nothing is changed before the save"
    with page.expect_navigation():
        keys.press("Enter")
    clerk.sees("已一次告知补正", "轮到企业")

    assert [state(one) for one in papers[:3]] == ["accepted", "returned", "returned"]
    notice = Paper.objects.get(book=handed_in.filing.book, kind="DOC04")
    assert [row["defect"] for row in notice.content["defects"]] == ["a缺第3页", "没有盖章或者签字"]
    assert site.faults() == []


def test_a_key_held_down_decides_once_and_a_busy_preview_is_asked_for_again(site, handed_in):
    clerk = site.person("window", width=1440)
    page, keys = clerk.page, Keys(clerk)
    with previews.AT_ONCE, previews.AT_ONCE, previews.WAITING, previews.WAITING:
        clerk.goes(reverse("approvals:review", args=[handed_in.filing.public_id]))
        page.get_by_text("请稍后再试").first.wait_for()
    keys.press("j")
    keys.press("k")
    page.get_by_text("第1页，共3页").first.wait_for()
    for _time in range(4):
        page.keyboard.down("a")
    page.keyboard.up("a")
    page.get_by_text("核收 1 ·").first.wait_for()
    assert state(handed_in.filing.materials.intake()[0]) == MaterialState.RECEIVED


def test_on_a_telephone_the_columns_come_one_after_the_other(site, handed_in):
    clerk = site.person("window", width=360)
    clerk.goes(reverse("approvals:review", args=[handed_in.filing.public_id]))
    clerk.page.locator("img.drawn").first.wait_for()
    clerk.shoot("review-360")
    wide = clerk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    clerk.page.get_by_role("navigation", name="本页各栏").get_by_role("link", name="清单").click()
    assert clerk.page.locator("#list").is_visible()
    assert site.faults() == []


def test_the_pages_stand_the_audit(site, handed_in):
    first, *_rest = handed_in.filing.materials.intake()
    clerk = site.person("window")
    wrong = []
    for name, path in {
        "review": reverse("approvals:review", args=[handed_in.filing.public_id]),
        "preview": reverse("approvals:preview", args=[first.attachment_id]),
        "incoming": reverse("approvals:incoming"),
    }.items():
        clerk.goes(path)
        wrong += [f"{name} {fault}" for fault in audit(clerk.page)]
    assert wrong == []
    assert site.faults() == []


def test_without_scripts_it_is_a_plain_form(site, handed_in):
    clerk = site.person("window", width=1280, scripts=False)
    first, *_rest = handed_in.filing.materials.intake()
    clerk.goes(reverse("approvals:review", args=[handed_in.filing.public_id]))
    assert clerk.page.locator("img.drawn").count() == 1, "one page is drawn, not fifteen"
    one = clerk.page.locator(f"#m{first.pk}")
    one.get_by_label("退回", exact=True).check()
    one.get_by_role("textbox").fill("缺第3页")
    clerk.press("保存决定")
    clerk.sees("已保存1件材料的决定")
    assert state(first) == MaterialState.RETURNED
