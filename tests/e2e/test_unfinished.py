"""Who loses window, login or machine while filling in a step finds again what was typed; the machine keeps nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from desk.rules.people import PASSWORD
from tests.e2e.audit import audit
from tests.walk import Walk

pytestmark = pytest.mark.browser
KEPT = "已暂存，还没有提交"
OUT = "登录已失效：您填的都还在本页"


@pytest.fixture
def draft(site, people, at):
    way = Walk(people, at("2018-05-07 09:00"))
    way.draft()
    site.stand(way.now)
    return way.filing


@pytest.fixture
def enterprise(site, draft):
    one = site.person("enterprise-01", width=360)
    one.goes(reverse("approvals:project", args=[draft.public_id]))
    return one


def scale(page):
    return page.locator("[name=scale]")


def test_it_is_there_from_another_machine_and_this_one_keeps_no_word(site, draft, enterprise):
    page = enterprise.page
    scale(page).fill("填到一半的规模")
    page.get_by_text(KEPT).wait_for()
    enterprise.context.clear_cookies()
    scale(page).fill("丢了登录以后接着写的规模")
    page.get_by_text(OUT).wait_for()
    assert audit(page) == []
    enterprise.shoot("typed-out-360")
    enterprise.context.add_cookies([site._entered("enterprise-01")])  # in another window
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_text(KEPT).wait_for()
    expect(page.get_by_text(OUT)).to_be_hidden()
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept == []

    another = site.person("enterprise-01")
    another.goes(reverse("approvals:project", args=[draft.public_id]))
    another.sees("填到一半的内容", "没有提交")
    expect(scale(another.page)).to_have_value("丢了登录以后接着写的规模")
    another.shoot("typed-there")
    another.press("保存项目信息")
    another.goes(reverse("approvals:project", args=[draft.public_id]))
    another.sees_not("填到一半的内容")
    draft.refresh_from_db()
    assert draft.scale == "丢了登录以后接着写的规模"


def test_sent_without_a_login_it_comes_back_and_goes_on_after_it(site, draft, enterprise):
    page = enterprise.page
    enterprise.context.clear_cookies()
    scale(page).fill("没有登录时提交的规模")
    enterprise.press("保存项目信息")
    enterprise.sees("没有提交，也没有丢", "没有登录时提交的规模")
    assert audit(page) == []
    enterprise.shoot("lost-login-360")
    with enterprise.context.expect_page() as opened:
        page.get_by_role("main").get_by_role("link", name="在新窗口登录").click()
    form = opened.value.locator("form.form")
    form.locator("[name=login]").fill("enterprise-01")
    form.locator("[name=password]").fill(PASSWORD)
    form.get_by_role("button", name="登录").click()
    opened.value.wait_for_url("**/desk/")
    enterprise.press("登录好了，接着填")
    expect(scale(page)).to_have_value("没有登录时提交的规模")
    enterprise.press("保存项目信息")
    enterprise.sees("项目信息已保存")
