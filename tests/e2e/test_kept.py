"""What an enterprise keeps at hand, and what it had typed when its login ran out, before a real browser."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from approvals.stages import Stage
from tests.e2e.audit import audit
from tests.walk import ANSWERS, pdf, walk

pytestmark = pytest.mark.browser


def test_a_paper_is_kept_once_and_handed_in_with_one_press(site, people, at, tmp_path):
    w = walk(people, at("2018-06-04 09:00"), to=Stage.LISTED)
    site.stand(w.now)
    enterprise = site.person("enterprise-01")
    enterprise.page.get_by_role("link", name="企业常备材料").first.click()
    enterprise.sees("还没有存过")
    paper = tmp_path / "身份证.pdf"
    paper.write_bytes(pdf().read())
    form = enterprise.page.locator("#keep form")
    form.locator("[name=kind]").select_option("representative")
    form.locator("[name=uploads]").set_input_files(paper)
    enterprise.fill(valid_from="2018-01-01", valid_to="2018-06-20")
    enterprise.press("存入")
    enterprise.sees("已存入", "即将到期", "2018年6月20日")
    enterprise.shoot("standing")
    wrong = audit(enterprise.page)

    enterprise.goes(reverse("approvals:materials", args=[w.filing.public_id]))
    enterprise.shoot("standing-offered")
    wrong += audit(enterprise.page)
    row = enterprise.page.locator("section.material", has_text="委托人及委托代理人身份证")
    enterprise.leaves_by(row.get_by_role("button", name="用常备的"))
    enterprise.sees("已用常备材料交", "取自企业常备材料第1版，有效期至2018年6月20日")
    enterprise.shoot("standing-used")
    enterprise.goes("/desk/")
    enterprise.sees("常备材料即将到期")
    enterprise.shoot("standing-desk")
    assert not wrong, "\n".join(wrong)
    assert not site.faults()


def test_a_lost_login_loses_nothing(site, people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.DRAFT)
    site.stand(w.now)
    enterprise = site.person("enterprise-01")
    there = reverse("approvals:project", args=[w.filing.public_id])
    enterprise.goes(there)
    enterprise.fill(scale="停了电以前打了很久的一段话", longitude="113.377", latitude="37.083")
    enterprise.shoot("project-form")
    Session.objects.all().delete()
    enterprise.page.get_by_role("button", name="保存项目信息").click()
    enterprise.page.wait_for_url("**/accounts/login/**")
    enterprise.enters("enterprise-01", arrives=f"**{there}")
    enterprise.sees("还没有保存", "请选坐标系")
    assert enterprise.page.locator("[name=scale]").input_value() == "停了电以前打了很久的一段话"
    enterprise.shoot("typed-before")
    wrong = audit(enterprise.page)

    questions = reverse("approvals:questionnaire", args=[w.filing.public_id])
    enterprise.goes(questions)
    Session.objects.all().delete()
    enterprise.page.locator(
        "[name=takes_water][value=yes]"
    ).check()  # is sent at once, and led to the login
    enterprise.page.wait_for_url("**/accounts/login/**")
    enterprise.enters("enterprise-01", arrives=f"**{questions}")
    enterprise.sees("还没有保存")
    assert enterprise.page.locator("[name=takes_water][value=yes]").is_checked()
    w.filing.refresh_from_db()
    assert w.filing.answers == ANSWERS
    assert not wrong, "\n".join(wrong)


def test_a_trial_says_what_is_free_and_what_is_left_out(site, people):
    somebody = site.person()
    answers = "&".join(
        f"{fact}={said}"
        for fact, value in ANSWERS.items()
        for said in (value if isinstance(value, list) else [value])
    )
    somebody.goes(f"/try/?{answers.replace('site_features=none', 'site_features=trees')}")
    somebody.sees("收费：由政府统一办理，费用由财政承担", "收费情况待县公布", "按您的回答不用办的")
    somebody.page.locator("#result details").last.click()
    somebody.shoot("trial")
    assert not audit(somebody.page)
