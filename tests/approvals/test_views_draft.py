"""Questionnaire, project and filing, as the enterprise does them in the browser."""

from datetime import date

import pytest

from approvals.models import Filing, Industry, Region
from approvals.rules.forecast import forecast
from approvals.stages import Stage
from core.deadlines.queries import calendar_at
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.doors.visit import Visit
from tests.walk import ANSWERS, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


@pytest.fixture
def draft(people, at):
    browser = Browser(people.enterprise, at(NOW))
    answer = browser.post("new")
    assert answer.status_code == 302
    return browser, Filing.objects.latest("pk")


def answers(browser, filing, **given):
    return browser.post("questionnaire", filing.public_id, shown=list(given), **given)


def project(**changed):
    return {
        "project_name": "示例项目",
        "project_code": "2018-140722-13-03-000001",
        "site": Region.objects.get(code="140722101").pk,
        "site_detail": "示例村",
        "scale": "新建车间一座",
        "investment_wan": "1200",
        "land_mu": "18.5",
        "planned_start": "2018-06-01",
        **changed,
    }


def test_new_filing_opens_its_questionnaire(draft):
    browser, filing = draft
    page = browser.get("questionnaire", filing.public_id)
    assert page.status_code == 200
    assert "项目按哪种方式立项" in text(page)
    assert "承诺制面向企业投资备案类项目" in text(page)  # why it is asked
    assert "是否新建取水工程" not in text(page)  # waits for "takes water"


def test_questions_appear_with_the_answers_that_call_for_them(draft):
    browser, filing = draft
    answers(browser, filing, takes_water="yes")
    page = text(browser.get("questionnaire", filing.public_id))
    assert "是否新建取水工程" in page
    assert "因为您对“是否直接从河流" in page


def test_answered_questionnaire_shows_items_papers_and_an_estimate(draft):
    browser, filing = draft
    assert answers(browser, filing, **ANSWERS).status_code == 302
    filing.refresh_from_db()
    assert filing.answers == ANSWERS
    assert not filing.open_questions()
    page = text(browser.get("questionnaire", filing.public_id))
    assert "下一步：填写项目信息" in page
    assert "最早何时可以开工（估算）" in page
    assert "申报时要交的" in page


def test_an_unticked_answer_is_open_again_and_others_stay(draft):
    browser, filing = draft
    answers(browser, filing, **ANSWERS)
    browser.post("questionnaire", filing.public_id, shown=["special_places"])
    filing.refresh_from_db()
    assert "special_places" not in filing.answers
    assert filing.answers["eia_class"] == "registration"


def test_contradictory_answers_are_refused_and_kept_on_the_page(draft):
    browser, filing = draft
    page = answers(browser, filing, site_features=["none", "trees"])
    assert page.status_code == 422
    assert "选了“均不涉及”就不能再选其他项" in text(page)
    assert text(page).count("checked") == 2
    filing.refresh_from_db()
    assert filing.answers == {}


def test_ineligible_answers_explain_the_ordinary_procedure(draft):
    browser, filing = draft
    answers(browser, filing, procedure_type="government")
    page = text(browser.get("questionnaire", filing.public_id))
    assert "可能不适用承诺制" in page
    assert "一般程序" in page
    assert "政府投资项目审批" in page


def test_forecast_stops_where_the_calendar_ends(county, at):
    calendar = calendar_at(at("2018-12-20 09:00"))
    late = forecast(calendar.last, {"P1": (1, "working_day"), "P8": (1, "working_day")}, calendar)
    assert [leg.last for leg in late] == [None, None]
    lengths = {"P1": (1, "working_day"), "P7a": (5, "working_day")}
    legs = forecast(date(2018, 3, 5), lengths, calendar)
    assert [leg.last for leg in legs] == [date(2018, 3, 6), date(2018, 3, 13)]


def test_project_is_saved(draft):
    browser, filing = draft
    assert browser.post("project", filing.public_id, **project()).status_code == 302
    filing.refresh_from_db()
    assert (filing.project_name, filing.site.name) == ("示例项目", "桐峪镇")


def test_impossible_code_is_refused_and_what_was_typed_stays(draft):
    browser, filing = draft
    page = browser.post("project", filing.public_id, **project(project_code="12345"))
    assert page.status_code == 422
    assert "24位五段数字" in text(page)
    assert "新建车间一座" in text(page)


def test_doubtful_code_is_asked_back_once(draft):
    browser, filing = draft
    foreign = project(project_code="2018-140721-13-03-000001")
    page = browser.post("project", filing.public_id, **foreign)
    assert page.status_code == 422
    assert "不是本县的140722" in text(page)
    assert "code_confirmed" in text(page)
    assert (
        browser.post("project", filing.public_id, **foreign, code_confirmed="on").status_code == 302
    )


def test_planned_dates_follow_one_another(draft):
    browser, filing = draft
    page = browser.post("project", filing.public_id, **project(planned_completion="2018-05-01"))
    assert page.status_code == 422
    assert "计划竣工不能早于计划开工" in text(page)


def test_sites_are_the_places_of_that_day(draft):
    browser, filing = draft
    page = text(browser.get("project", filing.public_id))
    assert "城区街道管理委员会" in page  # seen until October 2018
    assert "山西省" not in page


def test_submit_says_what_is_missing(draft):
    browser, filing = draft
    page = browser.get("submit", filing.public_id)
    assert "项目信息还没有填完" in text(page)
    refused = browser.post("submit", filing.public_id)
    assert refused.status_code == 409
    assert "还有问题没有回答" in text(refused)
    filing.refresh_from_db()
    assert filing.stage == Stage.DRAFT


def test_submit_hands_the_file_to_the_window(draft):
    browser, filing = draft
    answers(browser, filing, **ANSWERS)
    browser.post("project", filing.public_id, **project())
    assert "示例项目" in text(browser.get("submit", filing.public_id))
    assert browser.post("submit", filing.public_id).status_code == 302
    filing.refresh_from_db()
    assert filing.stage == Stage.SUBMITTED
    assert filing.number


def test_after_filing_the_answers_are_shown_and_stay(people, at):
    w = walk(people, at(NOW), to=Stage.SUBMITTED)
    browser = Browser(people.enterprise, w.now)
    page = text(browser.get("questionnaire", w.filing.public_id))
    assert "申报以后问卷不再修改" in page
    refused = answers(browser, w.filing, takes_water="yes")
    assert refused.status_code == 409
    assert "申报以后项目信息不再修改" in text(browser.get("project", w.filing.public_id))


def test_withdraw_needs_a_reason_and_ends_every_limit(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    browser = Browser(people.enterprise, w.now)
    assert browser.post("withdraw", w.filing.public_id).status_code == 422
    assert browser.post("withdraw", w.filing.public_id, reason="改变选址").status_code == 302
    assert w.filing.stage == Stage.WITHDRAWN
    assert not w.filing.limits.filter(ended_at=None).exists()


WRONG_FACTS = {
    "another section": ({"industry_code": "1391", "industry": "A"}, "industry_code", "对不上"),
    "no such division": ({"industry_code": "98"}, "industry_code", "没有大类98"),
    "the wrong way round": ({"longitude": "37.08", "latitude": "113.377"}, "longitude", "填反了"),
    "no datum": ({"longitude": "113.377", "latitude": "37.083"}, "datum", "请选坐标系"),
    "one alone": ({"longitude": "113.377"}, "latitude", "一起填"),
    "no floors": ({"floor_area_m2": "0"}, "floor_area_m2", "大于0"),
    "a nature that is none": ({"construction_nature": "other"}, "construction_nature", "other"),
}


@pytest.mark.parametrize(("given", "field", "says"), WRONG_FACTS.values(), ids=WRONG_FACTS)
def test_what_is_wrong_with_a_fact_is_told_beside_it_and_by_the_interface(
    draft, client, people, given, field, says
):
    browser, filing = draft
    section = given.get("industry")
    asked = {**given, "industry": Industry.objects.get(section=section).pk} if section else given
    page = browser.post("project", filing.public_id, **project(**asked))
    program = Program(client, people.enterprise)
    sent = program.post(
        f"filings/{filing.public_id}/project/", {**project(**given), "site": "140722101"}
    )

    assert page.status_code == sent.status_code == 422
    assert field in page.context["form"].errors
    assert any(says in one for one in page.context["form"].errors[field])
    assert field in sent.json()["errors"]


FACTS = {
    "industry_code": "Ｃ1391",
    "construction_nature": "new",
    "works_kind": "building",
    "longitude": "113.377",
    "latitude": "37.083",
    "datum": "cgcs2000",
    "funding": "企业自有资金",
    "land_with_design": "true",
    "floor_area_m2": "5200.5",
}


def test_the_facts_of_a_project_are_kept_and_shown(draft, client, people):
    browser, filing = draft
    answer = browser.post("project", filing.public_id, **project(**FACTS))
    filing.refresh_from_db()

    assert answer.status_code == 302
    assert (filing.industry_code, filing.industry.section, filing.industry_edition) == (
        "C1391", "C", 2017,
    )  # fmt: skip
    assert filing.land_with_design is True
    case = text(Visit(people.enterprise, now=browser.at).get(f"/cases/{filing.public_id}/"))
    assert "C1391（C 制造业，GB/T 4754-2017）" in case
    assert "东经113.377°，北纬37.083°，CGCS2000" in case
    assert "5200.5平方米" in case
    said = Program(client, people.enterprise).get(f"filings/{filing.public_id}/").json()
    assert (said["industry_code"], said["industry_edition"], said["datum"]) == (
        "C1391", 2017, "cgcs2000",
    )  # fmt: skip
    assert said["longitude"] == "113.377000"
    sent = Program(client, people.enterprise).post(
        f"filings/{filing.public_id}/project/",
        {**project(), "site": "140722101", "industry_code": "0610"},
    )
    assert sent.status_code == 422  # the section that stands is C
    assert "对不上" in sent.json()["detail"]
