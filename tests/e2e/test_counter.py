"""窗口收纸质申报 in real browsers: typed by one, held against the scan by another; and one agent for all filings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rules import with_check_characters
from approvals import services
from approvals.models import Filing, Region
from approvals.stages import Stage
from core import clock
from tests.e2e.audit import audit
from tests.walk import ANSWERS, PROJECT, pdf

pytestmark = pytest.mark.browser
PHONE = 360
SCAN = {"mimeType": "application/pdf", "buffer": pdf().read()}


def test_an_application_on_paper_and_an_agent_for_all(site, people, at):
    site.stand(at("2018-03-05 10:00"))
    window, second = site.person("window"), site.person("convenor", width=PHONE)
    window.goes("/desk/")
    window.page.get_by_role("link", name="窗口收纸质申报").click()
    window.page.get_by_label("统一社会信用代码").fill(with_check_characters("9114072200PAPER1"))
    window.page.get_by_label("企业名称").fill("示例纸质企业")
    window.shoot("counter")
    wrong = audit(window.page)
    window.press("建立并开始录入")
    window.sees("已为示例纸质企业建立纸质申报")
    filing = Filing.objects.get(on_paper=True)
    # The pages of a draft are told elsewhere; here they are filled in behind the window's back.
    services.save_answers(filing, answers=ANSWERS, by=people.window, at=clock.now())
    site_of = Region.objects.get(code="140722101")
    start = timezone.localdate(clock.now()) + timedelta(days=90)
    fields = {**PROJECT, "site": site_of, "planned_start": start}
    services.save_project(filing, **fields, by=people.window, at=clock.now())
    window.goes(reverse("desk:case", args=[filing.public_id]))
    window.shoot("counter-case")
    wrong += audit(window.page)
    window.page.get_by_role("link", name="送第二人确认").first.click()
    window.page.get_by_label("申请书交到窗口的时间").fill("2018-03-05T09:30")
    window.page.get_by_label("交件人").fill("李示例丁")
    window.page.get_by_label("签字盖章的申请书扫描件").set_input_files(
        {"name": "申请书.pdf", **SCAN}
    )
    window.shoot("counter-enter")
    wrong += audit(window.page)
    window.press("登记，交第二人确认")
    window.sees("等窗口的另一名人员确认", "收回修改")

    second.goes("/desk/")
    second.page.get_by_role("link", name="确认纸质收件（第二人）").click()
    second.sees("示例纸质企业", "1200", "录入的问卷")
    second.shoot("counter-decide")
    wrong += audit(second.page)
    second.page.get_by_label("与纸质材料一致，确认").check()
    second.press("决定")
    second.sees("查询码", "请连同收件回执当面交给交件人")
    second.shoot("counter-confirmed")
    wrong += audit(second.page)
    filing.refresh_from_db()
    assert filing.stage == Stage.SUBMITTED

    own = site.person("enterprise-01", width=PHONE)
    own.goes("/desk/")
    own.page.get_by_role("link", name="代办全部申报件").click()
    known = people.other_enterprise
    own.page.get_by_label("代办人的用户名").fill(known.user.username)
    own.page.get_by_label("代办单位的统一社会信用代码").fill(known.organisation.uscc)
    own.page.get_by_label("授权起始日").fill("2018-03-05")
    own.page.get_by_label("授权截止日").fill("2018-12-20")
    own.page.get_by_label("授权委托书扫描件").set_input_files({"name": "委托书.pdf", **SCAN})
    own.press("授权代办")
    own.sees("已授权", "2018年12月20日", "授权有效")
    own.shoot("agents")
    wrong += audit(own.page)
    assert not wrong, "\n".join(wrong)
    assert not site.faults()
