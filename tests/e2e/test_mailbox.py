"""意见箱 in the browser: written on a phone without an account, answered by a department, not enough for its writer."""

import pytest
from django.urls import reverse

from public_notice.models import BoxLetter
from tests.e2e.audit import audit

pytestmark = pytest.mark.browser
PHONE = 360


def test_a_letter_to_the_end_of_its_second_look(site, people, at):
    site.stand(at("2018-09-10 10:00"))
    somebody = site.person(width=PHONE)
    somebody.goes(reverse("public_notice:mailbox"))
    somebody.shoot("mailbox")
    wrong = audit(somebody.page)
    somebody.page.set_viewport_size({"width": PHONE, "height": 740})
    somebody.leaves_by(somebody.page.get_by_role("link", name="写信").last)
    somebody.page.get_by_label("投诉拖延").check()
    somebody.fill(text="示例：材料催了两次。", name="张示例", contact="示例电话")
    somebody.page.get_by_label("反映的是哪个部门").select_option("ZJJ")
    somebody.page.get_by_label("同意公开来信和答复").check()
    somebody.shoot("mailbox-write")
    wrong += audit(somebody.page)
    somebody.page.set_viewport_size({"width": PHONE, "height": 740})
    somebody.press("下一步：核对")
    somebody.sees("张某", "将要公开的内容")
    somebody.shoot("mailbox-check")
    somebody.press("寄出")
    one = BoxLetter.objects.get()
    somebody.sees(one.number, one.code, "待转办")
    somebody.shoot("mailbox-mine")
    wrong += audit(somebody.page)
    somebody.page.set_viewport_size({"width": PHONE, "height": 740})

    supervisor = site.person("supervisor")
    supervisor.goes(reverse("desk:home"))
    supervisor.leaves_by(supervisor.page.get_by_role("link", name="转办意见箱来信").first)
    supervisor.leaves_by(supervisor.page.get_by_role("link", name="转办", exact=True))
    supervisor.page.get_by_label("承办单位").select_option("SLJ")
    wrong += audit(supervisor.page)
    supervisor.press("转办")
    supervisor.sees("部门办理中")
    supervisor.shoot("mailbox-letter")

    department = site.person(people.department("SLJ").user.username)
    department.goes(reverse("public_notice:letter_reply", args=[one.pk]))
    department.fill(text="示例答复：当日已联系企业。")
    department.press("答复")
    department.sees("已答复，待来信人评价")

    somebody.goes(reverse("public_notice:mailbox_lookup"))
    somebody.fill(number=one.number, code=one.code)
    somebody.press("查询")
    somebody.sees("示例答复")
    somebody.page.get_by_label("不满意", exact=True).check()
    somebody.fill(text="没有说什么时候办。")
    somebody.shoot("mailbox-judge")
    wrong += audit(somebody.page)
    somebody.page.set_viewport_size({"width": PHONE, "height": 740})
    somebody.press("评价")
    somebody.sees("待转办", "复核", "来信人评价")
    wrong += looked_at_again(site, people, one, supervisor, department, somebody)
    assert not wrong, "\n".join(wrong)
    assert not site.faults()


def looked_at_again(site, people, one, supervisor, department, somebody):
    """The second look: another person of the department answers, the writer reads both and closes it."""
    supervisor.desk()
    supervisor.takes_up(one.number)
    supervisor.sees("没有说什么时候办", "张示例")
    supervisor.goes(reverse("public_notice:letter_assign", args=[one.pk]))
    supervisor.page.get_by_label("承办单位").select_option("SLJ")
    supervisor.press("转办")
    again = reverse("public_notice:letter_reply", args=[one.pk])
    department.goes(again)
    department.sees("复核须由首次答复以外的另一个人答复")
    head = site.person(people.head("SLJ").user.username)
    head.takes_up(one.number)
    head.sees("没有说什么时候办")
    head.sees_not("张示例")
    wrong = audit(head.page)
    head.goes(again)
    head.fill(text="示例复核：9月底前办结。")
    head.press("答复")
    somebody.goes(reverse("public_notice:mailbox_lookup"))
    somebody.fill(number=one.number, code=one.code)
    somebody.press("查询")
    somebody.sees("示例答复：当日已联系企业", "示例复核：9月底前办结")
    somebody.page.get_by_label("满意", exact=True).check()
    somebody.press("评价")
    somebody.sees("已办结")
    return wrong + audit(somebody.page)
