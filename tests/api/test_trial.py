"""试算 by a program: nobody is asked who they are, nothing is kept, and it is what the page says."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from approvals.models import Filing
from core import clock
from core.ledger.models import Entry
from tests.doors.visit import Visit
from tests.walk import ANSWERS

pytestmark = pytest.mark.django_db
NOW = "2018-06-15 09:30"
HERE = "/api/v1/trial/"


@pytest.fixture
def ask(county, at):
    """Send answers as anybody; without any, read the questions."""

    def send(answers=None, now=NOW, **headers):
        with clock.driven(at(now)):
            if answers is None:
                return Client().get(HERE, headers=headers)
            body = {"answers": answers}
            return Client().post(HERE, body, content_type="application/json", headers=headers)

    return send


WRONG = {
    "no such question": ({"colour": "yes"}, "colour"),
    "a derived fact": ({"new_land_supply": "yes"}, "new_land_supply"),
    "no such choice": ({"land_route": "bought"}, "land_route"),
    "two for one": ({"land_route": ["own", "reserved"]}, "land_route"),
    "none and some": ({"site_features": ["none", "trees"]}, "site_features"),
    "more words than any question offers": (
        {"site_features": [str(n) for n in range(101)]},
        "最多100个选项",
    ),
    "more answers than questions": ({f"fact{n}": "yes" for n in range(101)}, "最多答100个问题"),
    "a choice of yes or no": ({"takes_water": "perhaps"}, "takes_water"),
}


@pytest.mark.parametrize(("answers", "fact"), WRONG.values(), ids=WRONG)
def test_what_nobody_can_answer_is_refused_by_its_name(ask, answers, fact):
    answer = ask(answers)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert fact in answer.json()["detail"]


@pytest.mark.parametrize("answers", [{"land_route": {"a": 1}}, {"land_route": 5}, "own", None, 3])
def test_what_is_no_answer_is_refused(ask, answers):
    if answers is None:
        answers = [None]

    assert ask(answers).status_code == 422


def test_a_word_said_over_and_over_is_kept_once(ask):
    many = ask({**ANSWERS, "site_features": ["trees"] * 5000})

    assert many.status_code == 200
    assert many.json()["page"] == ask({**ANSWERS, "site_features": ["trees"]}).json()["page"]


def test_before_a_catalogue_is_in_force_it_says_so(ask):
    for sent in (None, ANSWERS):
        assert ask(sent, now="2016-06-15 09:30").status_code == 409


def test_who_asks_too_often_waits(ask, monkeypatch):
    cache.clear()
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "trial", "2/hour")
    assert [ask(ANSWERS).status_code for _time in range(3)] == [200, 200, 429]
    assert ask(ANSWERS)["Retry-After"]


def test_what_a_caller_forwards_makes_nobody_of_them_another(ask, monkeypatch, settings):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "trial", "2/hour")
    for https, proxy in ((False, ""), (True, ", 198.51.100.7")):
        cache.clear()
        settings.HTTPS = https
        told = [{"X-Forwarded-For": f"203.0.113.{n}{proxy}"} for n in range(3)]
        assert [ask(ANSWERS, **one).status_code for one in told] == [200, 200, 429]


def test_the_questions_are_data(ask):
    said = ask().json()

    assert [q["fact"] for q in said["questions"]][:2] == ["procedure_type", "in_development_zone"]
    assert len(said["questions"]) == 15
    assert all(q["why_zh"] and q["question_en"] for q in said["questions"])
    assert [c["value"] for c in said["questions"][0]["choices"]] == [
        "filing", "approval", "government",
    ]  # fmt: skip


def test_it_is_what_the_page_says(ask, at):
    answers = {**ANSWERS, "site_features": ["trees", "river"]}
    said = ask(answers).json()
    page = Visit(None, now=at(NOW)).get("/try/", **answers)
    rows = [row for group in page.context["result"]["groups"] for row in group["rows"]]

    assert said["eligible"] == "yes"
    assert said["open"] == []
    assert {row["code"] for row in said["items"]} == {row.code for row in rows}
    assert {row["code"]: row["because"] for row in said["items"]} == {
        r.code: r.because for r in rows
    }
    assert {row["code"]: row["fee"]["text"] for row in said["items"]} == {
        r.code: r.fee for r in rows
    }
    now = [p for p in said["papers"] if p["needed_by"] == "intake" and not p["looked_up"]]
    assert [p["name"] for p in now] == [p["name"] for p in page.context["result"]["papers"]]
    assert said["earliest_start"] == page.context["estimate"]["start"].isoformat()
    assert said["page"] == page.context["kept_at"]
    assert said["page"].startswith(settings.SITE_URL)
    left = [row["name"] for row in said["left_out"] if row["red_line"]]
    assert left == [row["label"] for row in page.context["result"]["left_out"]]


def test_every_item_says_because_of_which_answer(ask):
    said = ask({**ANSWERS, "site_features": ["river"], "eia_class": "form"}).json()
    by_code = {row["code"]: row for row in said["items"]}

    assert by_code["C07"]["because"][0].startswith("因为您对“用地或施工会涉及下列哪些")
    assert "河道" in by_code["C07"]["because"][0]
    assert by_code["R06"]["because"] == []  # every project has it
    left = {row["code"]: row for row in said["left_out"]}
    assert left["R05"]["because"] == [
        "因为您对“按环评分类管理名录，项目应编制哪一类？”回答了“报告表”"
    ]
    # What was never asked is explained by the answer that spared the question.
    assert left["C10"]["because"] == ["因为您对“是否建设办公楼、宿舍、商业等民用建筑？”回答了“否”"]


def test_a_project_outside_the_mechanism_is_told_why(ask):
    said = ask({"procedure_type": "government"}).json()

    assert (said["eligible"], said["items"], said["way"]) == ("no", [], [])
    assert said["earliest_start"] is None
    [why] = said["reasons"]
    assert "政府投资项目审批" in why["because"][0]


def test_open_and_unsure_keep_items_to_be_checked(ask):
    said = ask({"procedure_type": "filing", "in_development_zone": True}).json()

    assert said["eligible"] == "undecided"
    assert "land_route" in said["open"]
    assert {row["applies"] for row in said["items"]} == {True, None}
    assert ask({**ANSWERS, "eia_class": "unsure"}).json()["open"] == []


def test_one_answer_in_a_list_is_that_answer(ask):
    assert (
        ask({**ANSWERS, "land_route": [ANSWERS["land_route"]]}).json()["items"]
        == ask(ANSWERS).json()["items"]
    )


def test_only_what_a_source_calls_free_is_free(ask):
    said = ask({**ANSWERS, "site_features": ["trees", "forest"]}).json()
    charges = {row["code"]: row["fee"] for row in said["items"]}

    assert charges["G01"]["charge"] == "free"
    assert charges["G01"]["basis"]
    assert charges["G01"]["certainty"] == "C"
    assert charges["C11"]["charge"] == "charged"
    assert charges["R06"]["charge"] == "unknown"
    assert "待县公布" in charges["R06"]["text"]


def test_past_the_calendar_no_day_is_given(ask):
    said = ask(ANSWERS, now="2026-12-20 09:30").json()

    assert said["earliest_start"] is None
    assert said["way"][-1]["last"] is None


def test_in_english_it_is_english(ask):
    said = ask(ANSWERS, **{"Accept-Language": "en"}).json()

    assert said["items"][0]["name"].isascii()
    assert all("待县公布" not in row["fee"]["text"] for row in said["items"])


def test_nothing_is_kept(ask):
    before = Entry.objects.count()
    ask(ANSWERS)

    assert (Entry.objects.count(), Filing.objects.count()) == (before, 0)
