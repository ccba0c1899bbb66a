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
    """Three filings that wait for a survey."""
    ways = [
        walk(
            people, at("2018-05-07 09:00"), to=Stage.ACCEPTED, project_name=f"示例{n}号项目",
            project_code=f"2018-140722-13-03-00020{n}",
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    site.stand(max(way.now for way in ways))
    return ways


def narrow(page):
    page.set_viewport_size({"width": 360, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth")


def speaks(page, language):
    whole = page.evaluate("location.origin")  # not this page alone
    cookie = {"name": "django_language", "value": language, "url": whole}
    page.context.add_cookies([cookie])


def test_from_the_plan_to_the_summons(site, two_sites):
    desk = site.person("convenor", width=1440)
    desk.goes(f"{reverse('prereview:plan')}?kind=survey")
    for box in desk.page.get_by_role("checkbox").all()[:2]:
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

    # a second visit at an hour at which its departments are on the first: named, and taken only by who says so
    desk.goes(f"{reverse('prereview:plan')}?kind=survey")
    desk.page.get_by_role("checkbox").check()
    desk.press("看日程和最早时间")
    desk.fill(opens_at="2018-05-09T09:30", place="示例村西口")
    desk.press("召集并送达通知")
    desk.sees("部门已有会次", session.number, "仍定在这个时间", "时间冲突")
    desk.shoot("clash-1440")
    wrong += audit(desk.page)
    assert narrow(desk.page) <= 360
    desk.shoot("clash-360")
    speaks(desk.page, "en")
    desk.leaves_by(desk.page.locator("main form.form button[type=submit]").last)
    desk.sees("Keep this time all the same", "Clashes")
    desk.faults.clear()  # the browser notes a refusal that was asked for
    assert narrow(desk.page) <= 360
    desk.shoot("clash-en-360")
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
