"""替岗 in real browsers: the head lets a second act, who answers while the first is away; the roll is contested."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from approvals.stages import Stage
from desk.rules.people import PASSWORD
from prereview.models import RollContest
from prereview.stages import Position
from tests.e2e.audit import audit
from tests.files import PDF
from tests.walk import walk

pytestmark = pytest.mark.browser
PHONE = 360


def test_a_second_answers_and_the_roll_is_contested(site, people, at):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.hold(w.meeting, absent=["QXJ"], silent=["ZJJ"])
    user = User.objects.create_user(username="zjj-second", name="周示例", password=PASSWORD)
    first = people.department("ZJJ")
    Membership.objects.create(
        user=user, organisation=first.organisation, role="clerk", valid_from=first.valid_from
    )
    site.stand(w.now)
    today = timezone.localdate(w.now)
    wrong = []

    def looks(person, name):
        person.shoot(name)
        wrong.extend(audit(person.page))

    head = site.person(people.head("ZJJ").user.username, width=1440)
    head.goes(reverse("prereview:stand_ins"))
    head.follow("修改规定")
    head.page.get_by_label("只有授权名册上的人员可以办理").check()
    head.press("保存规定")
    head.follow("列入授权名册")
    looks(head, "mandate")
    head.page.get_by_label("办理人员").select_option(label="周示例 · 部门经办人")
    head.page.get_by_label("替谁（B角）").select_option(label=f"{first.user.name} · 部门经办人")
    head.choose("duties", "提出意见")
    head.fill(valid_from=today.isoformat(), valid_to=today.replace(day=30).isoformat())
    head.hand_over("upload", {"name": "授权.pdf", "mimeType": "application/pdf", "buffer": PDF})
    head.press("列入名册")
    head.follow("登记外出")
    head.page.get_by_label("外出的人").select_option(label=f"{first.user.name} · 部门经办人")
    head.fill(from_on=today.isoformat(), until_on=today.isoformat(), reason="培训")
    head.press("登记")
    head.sees("周示例", "B角", "授权有效", "培训")
    looks(head, "stand-ins")

    second = site.person("zjj-second", width=PHONE)
    second.goes(reverse("prereview:opinions", args=[w.filing.public_id]))
    second.follow("提出意见", exact=True)
    second.sees("本单位内部", "申请回避")
    looks(second, "opinion-inside")
    second.choose("position", "同意")
    second.press("提出意见")
    second.sees("意见已提出")
    given = w.filing.slots.filter(opinion__given_by__user=user)
    assert [slot.opinion.position for slot in given] == [Position.AGREE]

    away = site.person(people.head("QXJ").user.username, width=PHONE)
    away.goes(reverse("prereview:after", args=[w.meeting.public_id]))
    away.sees("缺席", "到会记录已于")
    looks(away, "after-department")
    away.follow("对到会记录提出异议")
    away.fill(text="本单位9时已在会场，签到页打不开")
    away.press("提出异议")
    away.sees("异议待决定", "决定以前不认定缺席")
    assert RollContest.objects.get().invitation.department.code == "QXJ"

    watch = site.person("supervisor", width=1440)
    watch.takes_up("到会记录的异议")
    looks(watch, "decide-roll")
    watch.choose("upheld", "异议成立，不以缺席论")
    watch.fill(reason="核对会场照片")
    watch.press("作出决定")
    watch.sees("异议成立", "法定审批")
    looks(watch, "after-supervisor")
    assert not wrong, "\n".join(wrong)
    assert not site.faults()
