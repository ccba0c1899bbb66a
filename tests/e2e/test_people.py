"""代办、移交、纸质收件 in real browsers: what an agent types over midnight stays, and paper wants two people."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from approvals import services
from approvals.models import PaperIntake
from approvals.stages import Stage
from core import clock
from tests.conftest import instant
from tests.e2e.audit import audit
from tests.walk import pdf, walk

pytestmark = pytest.mark.browser
PHONE = 360


def of_case(name, w, *more):
    return reverse(f"approvals:{name}", args=[w.filing.public_id, *more])


def test_an_agents_words_outlive_the_authority(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.DRAFT)
    services.grant_authority(
        w.filing, agent=people.other_enterprise, valid_from=w.now.date(),
        valid_to=at("2018-03-16 00:00").date(), upload=pdf("授权委托书.pdf"),
        by=people.enterprise, at=w.now,
    )  # fmt: skip
    site.stand(instant("2018-03-16 23:50"))
    agent, own = site.person("enterprise-02", width=PHONE), site.person("enterprise-01")
    agent.goes("/")
    agent.goes(reverse("approvals:list"))
    agent.sees("代办：示例新材料有限公司")
    agent.goes(of_case("project", w))
    agent.page.get_by_label("建设规模和内容").fill("半夜写好的一段话")
    site.stand(instant("2018-03-17 00:10"))
    agent.press("保存项目信息")
    agent.sees(
        "已于2018年3月16日届满", "由示例新材料有限公司重新授权", "半夜写好的一段话", "桐峪镇"
    )
    agent.shoot("authority-ended")
    wrong = audit(agent.page)

    own.goes(reverse("desk:case", args=[w.filing.public_id]))
    own.page.get_by_role("link", name="授权代办、移交").click()
    own.sees("不在授权期内", "钱示例乙")
    own.shoot("people")
    wrong += audit(own.page)
    own.page.get_by_role("link", name="授权他人代办").click()
    own.shoot("grant")
    wrong += audit(own.page)
    services.grant_authority(
        w.filing, agent=people.other_enterprise, valid_from=timezone.localdate(clock.now()),
        valid_to=at("2018-04-16 00:00").date(), upload=pdf(), by=people.enterprise, at=clock.now(),
    )  # fmt: skip
    agent.press("授权续期后，再次提交")
    agent.sees("项目信息已保存")
    assert w.filing.scale == "半夜写好的一段话"
    assert not wrong, "\n".join(wrong)
    assert not [fault for fault in site.faults() if "403" not in fault]


def test_two_editors_and_a_paper_that_two_people_take_in(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.DRAFT)
    site.stand(w.now)
    user = User.objects.create_user(username="colleague", name="孙示例丙", password="示例口令")
    Membership.objects.create(
        user=user, organisation=people.enterprise.organisation, role="enterprise",
        valid_from=people.enterprise.valid_from,
    )  # fmt: skip
    one = site.person("enterprise-01", width=PHONE)
    one.goes(of_case("project", w))
    other = Membership.objects.get(user=user)
    services.save_project(w.filing, scale="同事写的规模", by=other, at=clock.now())
    one.page.get_by_label("建设规模和内容").fill("我写的规模")
    one.press("保存项目信息")
    one.sees("孙示例丙在", "同事写的规模", "已核对，以本页为准保存")
    assert one.page.get_by_label("建设规模和内容").input_value() == "我写的规模"
    one.shoot("stale")
    wrong = audit(one.page)
    one.press("已核对，以本页为准保存")
    assert w.filing.scale == "我写的规模"

    w.now = clock.now()
    w.to(Stage.LISTED)
    w.morning(2)
    site.stand(w.now)
    window, second = site.person("window"), site.person("convenor", width=PHONE)
    window.goes(reverse("desk:case", args=[w.filing.public_id]))
    window.page.get_by_role("link", name="登记纸质收件").click()
    window.page.get_by_label("材料交到窗口的时间").fill("2018-03-06T10:00")
    window.page.get_by_label("交件人").fill("李示例丁")
    for box in window.page.get_by_role("checkbox").all():
        box.check()
    window.page.get_by_label("凭证扫描件（纸面收件登记和材料）").set_input_files(
        {"name": "登记.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}
    )
    window.shoot("paper-form")
    window.press("登记，交第二人确认")
    window.sees("已登记，待第二人确认", "等窗口的另一名人员确认")
    window.shoot("paper-entered")
    window.goes(of_case("paper_intake", w))
    wrong += audit(window.page)
    second.goes("/desk/")
    second.page.get_by_role("link", name="确认纸质收件（第二人）").click()
    second.shoot("paper-decide")
    wrong += audit(second.page)
    second.page.get_by_label("与纸质材料一致，确认").check()
    second.press("决定")
    second.sees("已确认（补录）")
    second.shoot("paper-confirmed")
    assert PaperIntake.objects.get().state == "confirmed"
    window.goes(reverse("desk:case", args=[w.filing.public_id]))
    window.sees("补录，录入时间")
    window.shoot("case-late")
    assert not wrong, "\n".join(wrong)
    assert not [fault for fault in site.faults() if "409" not in fault]
