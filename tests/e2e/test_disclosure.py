"""依申请公开 in the browser: asked on a phone without an account, confirmed and answered at the window, read again."""

import pytest
from django.urls import reverse

from core.steps.papers import render_waiting
from public_notice.models import Disclosure
from tests.e2e.audit import audit

pytestmark = pytest.mark.browser
PHONE = 360


def test_a_request_to_its_answer(site, people, at):
    site.stand(at("2018-09-10 10:00"))
    somebody = site.person(width=PHONE)
    somebody.goes("/")
    somebody.page.get_by_role("link", name="依申请公开").first.click()
    somebody.page.wait_for_url("**/disclosures/")
    wrong = audit(somebody.page)
    somebody.shoot("disclosures")
    somebody.leaves_by(somebody.page.get_by_role("link", name="申请公开", exact=True).last)
    somebody.page.get_by_label("自然人").check()
    somebody.page.get_by_label("电子文本").check()
    somebody.fill(
        name="张示例", identity="示例证件号", contact="示例电话", wanted="示例项目的承诺书。"
    )
    wrong += audit(somebody.page)
    somebody.shoot("disclosure-apply")
    somebody.press("提交申请")
    one = Disclosure.objects.get()
    somebody.sees(one.number, one.code, "待确认收到", "公开申请收件回执")
    wrong += audit(somebody.page)
    somebody.shoot("disclosure-mine")

    site.stand(at("2018-09-11 10:00"))
    window = site.person("window")
    window.goes(reverse("public_notice:disclosure_desk"))
    window.sees(one.number, "待确认收到")
    wrong += audit(window.page)
    window.shoot("disclosure-desk")
    window.leaves_by(window.page.get_by_role("link", name=one.number).first)
    window.leaves_by(window.page.get_by_role("link", name="确认收到"))
    window.press("确认收到")
    window.sees("答复办理中", "10月15日（周一） 24:00")
    window.shoot("disclosure")
    wrong += audit(window.page)
    window.leaves_by(window.page.get_by_role("link", name="答复", exact=True))
    window.page.get_by_label("办理结果").select_option("disclosed")
    window.fill(reply="承诺书随本件提供。")
    wrong += audit(window.page)
    window.press("答复")
    window.sees("申请已答复")

    render_waiting(at("2018-09-11 10:00"))
    somebody.goes(reverse("public_notice:disclosure_lookup"))
    somebody.fill(number=one.number, code=one.code)
    somebody.press("查询")
    somebody.sees("申请已答复", "承诺书随本件提供", "公开申请答复书")
    somebody.goes(reverse("public_notice:disclosure_year", args=[2018]))
    somebody.sees("予以公开", "结转下年度")
    wrong += audit(somebody.page)
    somebody.shoot("disclosure-year")
    assert not wrong, "\n".join(wrong)
    assert not site.faults()
