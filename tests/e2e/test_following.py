"""Following a case: the enterprise reads its two words, an agent without an account types them on a phone."""

import pytest
from django.urls import reverse

from approvals.stages import Stage
from tests.e2e.audit import audit
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE = 360


def asks(somebody, filing, code):
    """From the front page by its link, both words typed as they come to hand."""
    somebody.goes("/")
    somebody.page.get_by_role("link", name="办件进度查询").first.click()
    somebody.fill(number=f" {filing.number[:3]} [{filing.number[4:8]}] 1", code=code.lower())
    somebody.press("查询")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_agent_follows_a_case_on_a_phone(site, people, at, scripts):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    site.stand(w.now)
    enterprise = site.person("enterprise-01")
    enterprise.goes(reverse("desk:case", args=[w.filing.public_id]))
    enterprise.sees("不登录查进度", w.filing.number, w.filing.query_code)

    agent = site.person(width=PHONE, scripts=scripts)
    asks(agent, w.filing, "22222222")
    agent.sees("对不上")
    wrong = audit(agent.page) if scripts else []
    agent.shoot("following-wrong")
    asks(agent, w.filing, w.filing.query_code)
    agent.sees(w.filing.project_name, "在等：窗口", "视为受理", "申报材料", "收件回执")
    agent.shoot("following")
    wrong += audit(agent.page) if scripts else []
    assert agent.page.url.endswith("/progress/")
    assert w.filing.query_code not in agent.text()

    old = w.filing.query_code
    enterprise.goes(reverse("approvals:query_code", args=[w.filing.public_id]))
    enterprise.press("更换查询码")
    enterprise.sees("查询码已更换", w.filing.query_code)
    enterprise.shoot("query-code")
    asks(agent, w.filing, old)
    agent.sees("对不上")
    assert w.filing.query_code != old
    assert not wrong, "\n".join(wrong)
    expected = [fault for fault in site.faults() if "404" not in fault]
    assert not expected
