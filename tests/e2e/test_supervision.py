"""A clerk on a site with a telephone: the plan, a joint check, a photograph, a clause followed; a draw repeated."""

import pytest
from django.urls import reverse

from approvals.stages import Stage
from inspection.models import Check
from tests.e2e.audit import audit
from tests.e2e.works import officers
from tests.inspection.drawing import drawn, drawn_again
from tests.prereview.onsite import jpeg
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE = 360


def test_a_plan_is_worked_off_from_the_site(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    first = drawn(w, by=people.administrator)
    drawn_again(w, first, reason="名单漏列一个项目", by=people.convenor)
    site.stand(w.minutes())
    wrong = []

    def looks(person, name):
        person.shoot(name)
        wrong.extend(audit(person.page))

    convenor = site.person("convenor", width=1440)
    plan = reverse("inspection:plan", args=[w.filing.public_id])
    convenor.goes(plan)
    convenor.sees("安全和健康条款全覆盖检查", "联合验收时核查的条款")
    looks(convenor, "plan")
    convenor.follow("安排合并检查")
    convenor.press("安排合并检查")
    convenor.sees("个部门合并检查")
    convenor.goes(reverse("inspection:draws"))
    convenor.sees("已重做一遍，结果一致", "重新抽取的理由：名单漏列一个项目")
    convenor.page.locator("main details").first.locator("summary").click()
    looks(convenor, "draws")

    clerk = site.person("zjj", width=PHONE)
    clerk.goes(plan)
    looks(clerk, "plan-phone")
    check = Check.objects.get(mode="planned", department__code="ZJJ")
    clerk.goes(reverse("inspection:hold_check", args=[check.pk]))
    officers(clerk)
    clauses = clerk.page.locator("main section.card-line")
    for number in range(clauses.count()):
        clauses.nth(number).get_by_label("符合", exact=True).check()
    clerk.fill(text="现场查看", statement="情况属实")
    clerk.hand_over("upload", {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    clerk.press("记录检查结果")
    clerk.sees("检查已记录")
    clerk.goes(plan)
    clerk.sees("已核查")
    number = w.clauses("ZJJ")[0].number
    clerk.follow(number)
    clerk.sees("关系安全和健康", "符合")
    looks(clerk, "clause-phone")

    gate = site.person("enterprise-01", width=PHONE)
    gate.goes(plan)
    gate.sees("已核查")
    assert wrong == []
    assert site.faults() == []
