"""The convenor plans a visit to two sites on one route, on a wide screen and on a telephone; a department asks."""

import pytest
from django.urls import reverse

from approvals.stages import Stage
from prereview.models import Session
from tests.e2e.audit import audit
from tests.walk import walk

pytestmark = pytest.mark.browser


@pytest.fixture
def two_sites(site, people, at):
    """Two filings that wait for a survey."""
    ways = [
        walk(
            people, at("2018-05-07 09:00"), to=Stage.ACCEPTED, project_name=f"示例{n}号项目",
            project_code=f"2018-140722-13-03-00020{n}",
        )
        for n in (1, 2)
    ]  # fmt: skip
    site.stand(max(way.now for way in ways))
    return ways


def narrow(page):
    page.set_viewport_size({"width": 360, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth")


def speaks(page, language):
    cookie = {"name": "django_language", "value": language, "url": page.url}
    page.context.add_cookies([cookie])


def test_from_the_plan_to_the_summons(site, two_sites):
    desk = site.person("convenor", width=1440)
    desk.goes(f"{reverse('prereview:plan')}?kind=survey")
    for box in desk.page.get_by_role("checkbox").all():
        box.check()
    desk.press("看日程和最早时间")
    desk.sees("最早可行的时间", "2018年5月9日", "为什么不能更早", "不够提前通知的天数")
    desk.shoot("plan-1440")
    wrong = audit(desk.page)
    assert narrow(desk.page) <= 360
    desk.shoot("plan-360")
    desk.fill(place="示例村口")
    desk.press("召集并送达通知")
    session = Session.objects.get()
    desk.sees("通知已送达", session.number, "打印勘察路线")
    assert session.agenda.filter(planned_at__isnull=False).count() == 2
    desk.shoot("session-360")
    wrong += audit(desk.page)
    speaks(desk.page, "en")  # its words are longer
    desk.goes(reverse("prereview:list"))
    assert narrow(desk.page) <= 360
    speaks(desk.page, "zh-hans")
    desk.page.set_viewport_size({"width": 1440, "height": 900})

    code = session.invitations.order_by("department__code").last().department.code
    clerk = site.person(code.lower(), width=360)
    clerk.goes(reverse("prereview:session", args=[session.public_id]))
    clerk.sees("下载卷宗", "加入日历", "卷宗摘要")
    clerk.follow("会前提问")
    clerk.fill(text="集合地点能停几辆车")
    clerk.press("提问")
    clerk.sees("已提问", "待召集人答复")
    clerk.shoot("asked-360")

    desk.goes(reverse("prereview:session", args=[session.public_id]))
    desk.follow("改期", exact=True)
    desk.sees("重新签收、重新答复")
    desk.fill(opens_at="2018-05-10T09:00", reason="车辆检修")
    desk.press("改期并重新送达通知")
    desk.sees("已改期", "改期自")
    desk.shoot("moved-1440")
    wrong += audit(desk.page)
    assert (wrong, site.faults()) == ([], [])
