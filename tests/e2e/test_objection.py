"""Objecting on a phone without an account: find the notice, see what will be public, send, follow it by code."""

import pytest
from django.urls import reverse

from approvals.stages import Stage
from public_notice.models import Objection
from public_notice.services import reply_objection
from public_notice.stages import Finding
from tests.e2e.audit import audit
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE = 360
WORDS = "承诺的排水标准与现场不符。"


def test_somebody_objects_follows_it_and_reads_the_answer(site, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.NOTICED)
    site.stand(w.now)
    phone = site.person(width=PHONE)
    phone.goes(reverse("public_notice:list"))
    address = reverse("public_notice:notice", args=[w.notice.public_id])
    phone.leaves_by(phone.page.locator(f"main a[href='{address}']").first)
    phone.sees("有异议可以提出", "版本", "台账检查点", w.notice.paper.number)
    wrong = audit(phone.page)
    phone.shoot("notice-phone")
    phone.leaves_by(phone.page.get_by_role("link", name="提出异议"))
    phone.fill(name="王示例", contact="13800138000", text=WORDS)
    phone.press("预览将要公开的内容")
    phone.sees("王某", WORDS)
    phone.sees_not("王示例", "13800138000")
    done = phone.page.locator("input[name=nonce]:not([value=''])")
    done.wait_for(state="attached")  # the machine has done its work
    wrong += audit(phone.page)
    phone.shoot("objection-preview")
    phone.press("提出异议")
    objection = Objection.objects.get()
    phone.sees(objection.number, objection.code, "台账检查点")
    phone.shoot("objection-receipt")

    reply_objection(
        objection,
        finding=Finding.NOT_UPHELD,
        reply="经核查，标准一致。",
        by=people.window,
        at=w.now,
    )
    phone.leaves_by(phone.page.get_by_role("link", name="查询办理情况"))
    phone.fill(code=objection.code)
    phone.press("查询")
    phone.sees("异议不成立", "经核查，标准一致。")
    phone.leaves_by(phone.page.locator(f"main a[href='{address}']").first)
    phone.sees(objection.number, "王某", "经核查，标准一致。")
    desk = site.person()
    desk.goes(address)
    desk.shoot("notice")
    assert not wrong, "\n".join(wrong)
    assert not site.faults()
