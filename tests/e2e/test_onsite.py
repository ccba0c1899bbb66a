"""A clerk on a site with a telephone: no network, a lost login, another person on the same device; nothing is lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from approvals.stages import Stage
from prereview import services
from prereview.models import SiteFinding, SitePhoto, SitePresence, SiteSignature
from tests.e2e.audit import audit
from tests.prereview.onsite import digest, jpeg, running
from tests.walk import walk

pytestmark = pytest.mark.browser
UNHEARD = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "401",
    "403",
    "409",
)  # what the test itself brings about


@pytest.fixture
def survey(site, people, at):
    """A survey that runs on its site."""
    w = running(people, at("2018-05-07 09:00"))
    site.stand(w.now)
    return w


def kept(page):
    """The page is at hand: the worker has it."""
    for _time in range(50):
        if page.evaluate("caches.match(location.origin + location.pathname).then(one => !!one)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker has not kept the page")


def bar(page, *words):
    """The bar says this."""
    for one in words:
        expect(page.locator("#unsent")).to_contain_text(one)


def counts():
    """What the server has."""
    return tuple(
        model.objects.count() for model in (SitePresence, SiteFinding, SitePhoto, SiteSignature)
    )


def comes(page, name, card):
    """Enter a person."""
    form = page.locator("[data-entry=presence]")
    form.get_by_label("姓名").fill(name)
    form.get_by_label("证号").fill(card)
    form.get_by_role("button", name="登记到场").click()


def finds(point, label, text=""):
    """Enter a finding at a point."""
    point.get_by_label(label, exact=True).check()
    point.get_by_label("说明").fill(text)
    point.get_by_role("button", name="记下这一项").click()


def test_without_a_network_and_without_a_login_nothing_is_lost(site, survey):
    clerk = site.person("zjj", width=360)
    page, here = clerk.page, reverse("prereview:site", args=[survey.stop.pk])
    clerk.goes(reverse("prereview:site_stops", args=[survey.survey.public_id]))
    page.wait_for_url(f"**{here}")
    clerk.shoot("site-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert audit(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    kept(page)

    clerk.context.set_offline(True)
    comes(page, "勘察示例甲", "示例001")
    first, second = page.locator("#point-site"), page.locator("#point-terrain")
    first.get_by_role("button", name="记下这一项").click()
    expect(first.get_by_role("alert")).to_have_text("请选择结果。")
    taken = jpeg()
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": taken}
    first.locator("input[type=file]").set_input_files(photo)
    bar(page, "本机有2条没有发送", "没有网络")
    finds(first, "无问题")
    expect(first).to_be_hidden()
    page.get_by_text("全部要点").click()
    page.locator(".point-list").get_by_role("link", name="地形地势").click()
    finds(second, "需补充", "坡脚须护坡")
    bar(page, "本机有4条没有发送")
    clerk.shoot("site-offline-360")
    page.reload()
    bar(page, "本机有4条没有发送", "照片", "到场人员")
    assert counts() == (0, 0, 0, 0)

    clerk.context.clear_cookies(name="sessionid")
    clerk.context.set_offline(False)
    bar(page, "登录已失效", "本机有4条没有发送")
    page.get_by_role("link", name="登录后继续发送").click()
    clerk.enters("zrj", arrives=f"**{here}")
    expect(page.locator("#unsent")).to_be_hidden()
    clerk.sees_not("勘察示例甲")
    assert counts() == (0, 0, 0, 0), (
        "another person on the same telephone sends nothing of it, and sees nothing"
    )

    clerk.context.clear_cookies(name="sessionid")
    clerk.goes(f"{reverse('account_login')}?next={here}")
    clerk.enters("zjj", arrives=f"**{here}")
    bar(page, "全部已发送")
    assert counts() == (1, 2, 1, 0)
    assert SitePhoto.objects.get().sha256 == digest(taken)
    assert SitePhoto.objects.get().digested_on_device

    # The answer is lost on its way: the entry stays, is sent again, and is there once.
    def lost(route):
        route.fetch()
        route.abort()

    page.route("**/site-photo/", lost)
    page.locator("article:visible input[type=file]").set_input_files(
        {**photo, "buffer": jpeg("green")}
    )
    bar(page, "本机有1条没有发送")
    expect(page.get_by_role("button", name="现在发送")).to_be_visible()
    assert SitePhoto.objects.count() == 2
    page.unroute("**/site-photo/")
    page.get_by_role("button", name="现在发送").click()
    bar(page, "全部已发送")
    assert SitePhoto.objects.count() == 2

    # What is refused stays, with its reason, until the person decides.
    page.get_by_role("button", name="签字确认本部门记录").click()
    bar(page, "没有被接收：", "第三十四条", "本机有1条没有发送")
    comes(page, "勘察示例乙", "示例002")
    bar(page, "本机有1条没有发送")
    page.get_by_role("button", name="再发一次").click()
    bar(page, "签字已保存", "全部已发送")
    assert len(SiteSignature.objects.get().covers) == 4
    survey.now = SiteSignature.objects.get().received_at
    services.close_item(survey.stop, by=survey.people.convenor, at=survey.now)
    finds(page.locator("article:visible"), "无问题")
    bar(page, "只作留存，不计入勘察记录")
    clerk.goes(here)
    clerk.sees("结束以后到达的记录", "不计入")
    clerk.shoot("site-closed-360")
    assert [one for one in site.faults() if not any(words in one for words in UNHEARD)] == []


def test_what_comes_too_early_waits_and_what_the_device_cannot_keep_is_said(site, people, at):
    w = walk(people, at("2018-05-07 09:00"), to=Stage.ACCEPTED)
    w.call_survey()
    w.acknowledge(w.survey)
    w.until(w.survey.opens_at)
    site.stand(w.now)
    clerk = site.person("zjj", width=360)
    page, here = clerk.page, reverse("prereview:site", args=[w.survey.agenda.get().pk])
    clerk.goes(here)
    finds(page.locator("#point-site"), "无问题")
    bar(page, "本机有1条没有发送", "还没有宣布开始", "稍后自动再试")
    assert "没有被接收" not in page.locator("#unsent").inner_text()
    w.do(services.open_session, w.survey, by=people.convenor)
    site.stand(w.now)
    page.get_by_role("button", name="现在发送").click()
    bar(page, "全部已发送")
    assert SiteFinding.objects.count() == 1

    page.evaluate("void (IDBObjectStore.prototype.put = () => { throw new Error('full'); })")
    clerk.context.set_offline(True)
    point = page.locator("article:visible")
    finds(point, "需补充", "坡脚须护坡")
    expect(point.get_by_role("alert")).to_contain_text("内容还在表单里")
    expect(point.get_by_label("说明")).to_have_value("坡脚须护坡")
    page.evaluate("void (File.prototype.arrayBuffer = () => Promise.reject())")
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    point.locator("input[type=file]").set_input_files(photo)
    expect(point.get_by_text("照片无法读取")).to_be_visible()
    assert [one for one in site.faults() if not any(words in one for words in UNHEARD)] == []
