"""An enterprise promises its nodes with the start report and reports one; the promise stands beside reality."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.stages import Stage
from tests.e2e.audit import audit
from tests.files import PDF
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE, WIDE = 360, 1440


def test_a_node_is_promised_reported_and_compared(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    case, day = w.filing.public_id, timezone.localdate(w.now)
    site.stand(w.minutes())
    wrong = []

    def looks(person, name):
        person.shoot(name)
        wrong.extend(audit(person.page))

    firm = site.person("enterprise-01", width=PHONE)
    firm.goes(reverse("inspection:report_start", args=[case]))
    looks(firm, "nodes-start-phone")
    firm.fill(
        text="基础开挖", node_N2=(day + timedelta(20)).isoformat(), node_N3=(day + timedelta(60)).isoformat()
    )  # fmt: skip
    firm.page.locator("[name=without_N4]").check()
    firm.press("报告开工")
    firm.goes(reverse("inspection:change_node", args=[case]))
    firm.page.locator("[name=node]").select_option("N3")
    firm.fill(promised_on=(day + timedelta(75)).isoformat(), reason="连续降雨，构件晚到")
    looks(firm, "nodes-change-phone")
    firm.press("变更日期")
    firm.goes(reverse("inspection:report_progress", args=[case]))
    firm.page.locator("[name=node]").select_option("N2")
    firm.fill(percent="20", text="基础完成")
    firm.press("报告进度")
    firm.sees("节点报告要附证据")
    looks(firm, "nodes-progress-phone")
    firm.hand_over("upload", {"name": "验槽.pdf", "mimeType": "application/pdf", "buffer": PDF})
    firm.press("报告进度")

    office = site.person("zjj", width=WIDE)
    office.goes(reverse("inspection:closing", args=[case]))
    office.sees("基础完成", "主体完成", "早20天", "原承诺", "连续降雨，构件晚到")
    looks(office, "nodes-compared")
    office.goes(reverse("desk:case", args=[case]))
    office.sees("工程没有这个节点", "未到或者未报告")
    looks(office, "nodes-case")
    assert wrong == []
    assert [
        one for one in site.faults() if "422" not in one
    ] == []  # the report without its evidence
