"""A clerk with a telephone sees a workshop in use before it has passed; desk, case, clause and comparison show it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.stages import Stage
from inspection.models import Finding
from tests.e2e.audit import audit
from tests.e2e.works import officers
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE, WIDE = 360, 1440


def test_use_is_recorded_from_the_site_and_seen_by_all_whom_it_concerns(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    case = w.filing.public_id
    site.stand(w.minutes())
    wrong = []

    def looks(person, name):
        person.shoot(name)
        wrong.extend(audit(person.page))

    clerk = site.person("zjj", width=PHONE)
    clerk.goes(reverse("desk:home"))
    clerk.sees("计划检查：")
    looks(clerk, "desk-visits-phone")
    clerk.goes(reverse("inspection:record_use", args=[case]))
    looks(clerk, "use-phone")
    officers(clerk)
    clerk.fill(
        since=timezone.localdate(w.now).isoformat(), text="一号车间已经开机生产",
        demand="立即停止使用，验收合格前断电封存", days="5",
    )  # fmt: skip
    clerk.page.locator("[name=severity]").select_option("general")
    clerk.press("记录并发整改通知书")
    clerk.sees("改为其他程度须写明理由")
    clerk.fill(why_severity="只试机一天，没有产品出厂")
    clerk.press("记录并发整改通知书")
    clerk.sees("已记录验收合格前投入使用")
    looks(clerk, "use-recorded-phone")
    finding = Finding.objects.get()
    clerk.goes(reverse("inspection:finding", args=[finding.pk]))
    clerk.sees("只试机一天", "投入使用日期")
    looks(clerk, "use-finding-phone")

    firm = site.person("enterprise-01", width=WIDE)
    firm.goes(reverse("desk:case", args=[case]))
    firm.sees("验收合格前投入使用")
    looks(firm, "use-case")
    firm.goes(reverse("inspection:clause", args=[case, finding.clause_id]))
    firm.sees("验收合格前投入使用")
    looks(firm, "use-clause")
    firm.goes(reverse("inspection:report_completion", args=[case]))
    looks(firm, "completion-empty")
    firm.fill(text="全部建成", built_m2="1234.5", invested_wan="880")
    firm.shoot("completion")
    firm.press("报告竣工")
    looks(firm, "completion-done")
    firm.goes(reverse("inspection:closing", args=[case]))
    firm.sees("承诺的规模、投资和实际", "1,234.5")
    looks(firm, "closing-amounts")
    assert not wrong, "\n".join(wrong)
    assert [
        fault for fault in site.faults() if "422" not in fault
    ] == []  # the grade without its reason
