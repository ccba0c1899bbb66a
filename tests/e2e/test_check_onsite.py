"""Two officers on the works without a network: a check with a photograph and a signature, on the server once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from approvals.stages import Stage
from inspection.models import Check, CheckPhoto, CheckStatement, Finding
from tests.e2e.audit import audit
from tests.e2e.test_onsite import UNHEARD, bar, kept
from tests.e2e.works import officers
from tests.prereview.onsite import digest, jpeg
from tests.walk import walk

pytestmark = pytest.mark.browser


def signs(page):
    """Draw on the pad."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + step * 30, box["y"] + (20 if step % 2 else 90))
    page.mouse.up()


def comes_later(clerk, signature):
    """A position is of one photograph; an entry is told by its own words; a file that is lost takes no words away."""
    page, place = clerk.page, clerk.page.locator("[data-place-said]")
    clerk.context.grant_permissions(["geolocation"])
    clerk.context.set_geolocation({"latitude": 37.08, "longitude": 113.37, "accuracy": 9})
    page.get_by_role("button", name="附上位置").click()
    expect(place).to_contain_text("±9 m")
    clerk.context.set_offline(True)
    for count, colour in enumerate(("blue", "green"), start=1):
        photo = {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour)}
        page.locator("[data-entry=photo] input[type=file]").set_input_files(photo)
        bar(page, f"本机有{count}条没有发送")
        expect(place).to_be_empty()

    page.get_by_text("记录陈述和签名").click()
    saying = page.locator("[data-entry=statement]")
    saying.get_by_label("现场签名", exact=True).check()
    said = {"陈述": "防护网已补装", "姓名": "示例工长", "身份": "现场负责人"}
    for label, words in said.items():
        saying.get_by_label(label).first.fill(words)
    signature.write_bytes(jpeg())
    saying.locator("input[type=file]").set_input_files(signature)
    signature.unlink()
    saying.get_by_role("button", name="记录陈述").click()
    expect(saying.get_by_role("alert")).to_contain_text("照片无法读取")
    for label, words in said.items():
        expect(saying.get_by_label(label).first).to_have_value(words)

    # As on the page of a survey, which sends what waits and has no word for it.
    page.evaluate(
        "for (const word of ['photo', 'uncounted']) { delete document.getElementById('site').dataset[word]; }"
    )
    clerk.context.set_offline(False)
    bar(page, "全部已发送", "照片 已收到，但检查已经记录")
    expect(page.locator("#unsent")).not_to_contain_text("undefined")
    late = CheckPhoto.objects.filter(counted=False).order_by("pk")
    assert [bool(one.position) for one in late] == [True, False]


def test_a_check_without_a_network_is_on_the_server_once(site, people, at, tmp_path):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    check = w.plan_check("ZJJ")
    site.stand(w.minutes())
    clerk = site.person("zjj", width=360)
    page, here = clerk.page, reverse("inspection:check_site", args=[check.pk])
    clerk.goes(reverse("inspection:check", args=[check.pk]))
    clerk.follow("现场检查（手机）")
    page.wait_for_url(f"**{here}")
    clerk.shoot("check-site-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert audit(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    kept(page)

    clerk.context.set_offline(True)
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    number = w.clauses("ZJJ")[0].number
    page.locator("[data-entry=photo]").get_by_label("条款").select_option(number)
    page.locator("[data-entry=photo] input[type=file]").set_input_files(photo)
    bar(page, "本机有1条没有发送", "没有网络")

    saying = page.locator("[data-entry=statement]")
    saying.get_by_role("button", name="记录陈述").click()
    expect(saying.get_by_role("alert")).to_contain_text("请填写")
    saying.get_by_label("拒绝签名", exact=True).check()
    expect(saying.get_by_label("见证人1")).to_be_visible()
    saying.get_by_label("现场签名", exact=True).check()
    expect(saying.get_by_label("见证人1")).to_be_hidden()
    saying.get_by_label("陈述", exact=False).first.fill("防护网正在补装")
    saying.get_by_label("姓名").fill("示例工长")
    saying.get_by_label("身份").fill("现场负责人")
    saying.get_by_role("button", name="记录陈述").click()
    expect(saying.get_by_role("alert")).to_contain_text("签名")
    signs(page)
    clerk.shoot("check-signature-360")
    saying.get_by_role("button", name="记录陈述").click()
    bar(page, "本机有2条没有发送")

    officers(clerk)
    clauses = page.locator("[data-entry=hold] section.card-line")
    for place in range(1, clauses.count()):
        clauses.nth(place).get_by_label("符合", exact=True).check()
    clauses.first.get_by_label("不符合", exact=True).check()
    clauses.first.locator("select[name^=severity_]").select_option("minor")
    clauses.first.get_by_label("问题", exact=False).first.fill("防护网缺失")
    page.wait_for_timeout(600)
    page.reload()
    expect(clauses.first.get_by_label("问题", exact=False).first).to_have_value("防护网缺失")
    page.locator("[data-entry=hold]").get_by_label("检查情况").fill("现场查看")
    hold = page.get_by_role("button", name="记录检查结果")
    hold.click()
    expect(page.locator("[data-entry=hold]").get_by_role("alert")).to_contain_text("整改要求")
    clauses.first.get_by_label("整改要求").fill("补装防护网")
    clauses.first.get_by_label("整改期限").fill("10")
    hold.click()
    bar(page, "本机有3条没有发送")
    hold.click()
    expect(page.locator("[data-entry=hold]").get_by_role("alert")).to_contain_text("等待发送")
    clerk.shoot("check-offline-360")
    assert not CheckPhoto.objects.exists()
    assert Check.objects.get().open

    # The grade was changed without a reason: the record is refused, stays with what was said, and is mended.
    clerk.context.set_offline(False)
    bar(page, "本机有1条没有发送", "没有被接收", "改为其他程度须写明理由")
    clerk.shoot("check-refused-360")
    page.reload()
    bar(page, "没有被接收")
    page.get_by_role("button", name="改好再发").click()
    holding = page.locator("[data-entry=hold]")
    expect(holding.get_by_role("alert")).to_contain_text("改好以前这条一直留在本机")
    expect(clauses.first.get_by_label("问题", exact=False).first).to_have_value("防护网缺失")
    clerk.shoot("check-mending-360")
    clauses.first.get_by_label("改变程度的理由").fill("一处，当场可以补")
    assert Check.objects.get().open

    # The answer to the record is lost on its way: it is sent again, and is there once.
    def lost(route):
        route.fetch()
        route.abort()

    page.route("**/hold/", lost)
    hold.click()
    expect(page.get_by_role("button", name="现在发送")).to_be_visible()
    bar(page, "本机有1条没有发送")
    page.unroute("**/hold/")
    page.get_by_role("button", name="现在发送").click()
    bar(page, "全部已发送", "检查已记录")
    expect(page.locator("[data-entry=hold]")).to_be_hidden()
    held, said = Check.objects.get(), CheckStatement.objects.get()
    assert (held.open, Finding.objects.count()) == (False, 1)
    assert CheckPhoto.objects.get().sha256 == digest(jpeg())
    assert (said.drawn, said.signature.content_type, said.counted) == (True, "image/png", True)
    assert len(held.paper.content["pictures"]) == 2
    clerk.goes(here)
    clerk.sees("检查已于", "现场签名", "防护网正在补装")
    clerk.shoot("check-held-360")
    comes_later(clerk, tmp_path / "签名.jpg")
    heard = (*UNHEARD, "422")  # the record without its reason
    assert [one for one in site.faults() if not any(words in one for words in heard)] == []
