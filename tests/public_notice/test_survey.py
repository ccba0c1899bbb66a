"""满意度问卷: asked at the end of a case and once a year; nobody's answer can be joined with anybody."""

import csv
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.queries import digest_of
from approvals.models import Filing
from approvals.stages import Stage
from core import clock
from core.ledger.models import Entry
from core.notify.models import Message
from core.steps.tries import TooManyTries
from desk.queries.work import waiting_for
from public_notice import services
from public_notice.models import (
    Asked,
    SurveyCode,
    SurveyCount,
    SurveyQuestion,
    SurveyRemark,
    SurveyRound,
    Tally,
)
from public_notice.queries.open_forms import stamp
from public_notice.queries.satisfaction import results
from public_notice.services.inviting import ask_in_time
from public_notice.services.pack import load_questions
from public_notice.stages import Occasion
from tests.api.programs import Program
from tests.conftest import instant
from tests.house.source import ROOT
from tests.stories.telling import refused, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
NOW = instant("2018-09-10 10:00")


SHEET = {"score": 5, "answers": {"Q01": 4, "Q02": 1}, "remark": "窗口办得快。"}


def code(number, round_=None, people=None, filing=None):
    """A code that nobody was told of, as an invitation makes it."""
    round_ = round_ or SurveyRound.objects.get_or_create(year=2018, occasion=Occasion.YEARLY)[0]
    owner = people.enterprise.organisation
    owner.pk, owner.code, owner.uscc = None, f"E{number}", f"{number:018d}"
    owner.save()
    SurveyCode.objects.create(
        round=round_, enterprise=owner, filing=filing, digest=digest_of(f"C{number}"),
        ends_on=NOW.date() + timedelta(days=30),
    )  # fmt: skip
    return f"C{number}"


def answer(one, at=NOW, **said):
    return services.answer_survey(code=one, at=at, **{**SHEET, **said})


def test_there_are_fifteen_questions_and_one_is_of_the_whole():
    asked = SurveyQuestion.objects.filter(current=True)
    assert (asked.count(), asked.filter(overall=True).count()) == (15, 1)
    assert all(one.text_en for one in asked)


def test_what_is_kept_names_nobody_and_no_time():
    kept = [SurveyCount, SurveyRemark, SurveyRound]
    moments = (models.DateTimeField, models.TimeField)
    names = {"filing", "enterprise", "organisation", "user", "by", "code", "membership"}
    for model in kept:
        fields = model._meta.get_fields()
        assert not [one for one in fields if isinstance(one, moments)]
        assert not names & {one.name for one in model._meta.concrete_fields}
    assert not [one for one in SurveyCode._meta.fields if isinstance(one, moments)]


def test_a_code_is_good_once_and_until_its_day(people):
    one, other = code(1, people=people), code(2, people=people)
    before = Entry.objects.count()
    with refused("没有这个问卷码", error=ValidationError):
        answer("C9")
    with refused(error=ValidationError):
        answer(one, score=6)
    with refused("没有编号", error=ValidationError):
        answer(one, answers={"Q99": 3})
    answer(f" {one.lower()} ")
    with refused("已经用过"):
        answer(one)
    with refused("已经截止"):
        answer(other, at=NOW + timedelta(days=31))
    assert Entry.objects.count() == before  # an entry would say when
    for turn in range(10):
        with refused(error=ValidationError):
            answer(f"X{turn}", origin="192.0.2.1")
    with pytest.raises(TooManyTries):
        answer("X", origin="192.0.2.1")


def test_the_rows_of_the_sums_tell_nothing_of_who_said_what_first(people):
    answer(code(1, people=people), score=1, answers={"Q02": 2})
    kept = list(SurveyCount.objects.order_by("pk").values_list("question__code", "score"))
    assert len(kept) == 15 * 5 == len(set(kept))
    assert kept == sorted(kept, key=lambda one: (one[0], -one[1]))
    with CaptureQueriesContext(connection) as seen:
        answer(code(2, people=people), score=5, answers={"Q01": 4})
    (written,) = [
        one["sql"]
        for one in seen
        if one["sql"].startswith("UPDATE") and "surveycount" in one["sql"]
    ]
    assert "CASE" in written  # every row of the round, and not those alone that were said
    assert list(SurveyCount.objects.order_by("pk").values_list("question__code", "score")) == kept
    said = SurveyCount.objects.filter(answers__gt=0).order_by("question__code", "score")
    assert list(said.values_list("question__code", "score", "answers")) == [
        ("Q01", 4, 1), ("Q02", 2, 1), ("Q15", 1, 1), ("Q15", 5, 1)
    ]  # fmt: skip


def test_open_data_is_not_kept_past_an_answer_that_no_entry_tells_of(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.COMPLETED)
    Tally.objects.create(year=w.now.year, answers=4, good=4)
    before, entries = stamp(w.now), Entry.objects.count()
    answer(code(1, people=people, filing=w.filing), at=w.now)
    assert Entry.objects.count() == entries
    assert Tally.objects.get().shown_answers == 5
    assert stamp(w.now).mark != before.mark


def test_of_few_nothing_is_shown_and_of_one_more_nothing_new(people):
    for turn in range(6):
        said = f"意见{turn} 13800138000"
        answer(code(turn, people=people), remark=said, score=5 if turn else 1)
        shown = results()[0]
        assert (shown.sheets, len(shown.remarks)) == ((5, 5) if turn >= 4 else (0, 0))
        assert bool(shown.lines) is (turn >= 4)
    whole = shown.lines[-1]
    assert (whole.code, whole.numbers, whole.satisfied) == ("Q15", (4, 0, 0, 0, 1), 80)
    assert {line.code: line.satisfied for line in shown.lines}["Q02"] == 0
    assert not any("13800138000" in remark for remark in shown.remarks)


def test_of_many_remarks_the_newest_are_shown_and_all_are_a_page_away(people, client):
    for turn in range(25):
        answer(code(turn, people=people), remark=f"第{turn + 1}条")
    shown = results()[0]
    assert (len(shown.remarks), shown.said) == (20, 25)
    assert not {f"第{n}条" for n in range(1, 6)} & set(shown.remarks)  # the first five came first
    with clock.driven(NOW):
        page = client.get(reverse("public_notice:survey")).content.decode()
        assert f"?round={shown.code}" in page
        last = client.get(f"/satisfaction/?round={shown.code}&page=2").content.decode()
        for wrong in ("2018", "2018-never", "2018-%00", "x-closing", "20180-closing"):
            assert client.get(f"/satisfaction/?round={wrong}").status_code == 404
    assert all(f"第{n}条" in last for n in range(1, 6))
    assert "第25条" not in last


def test_a_program_reads_all_that_was_written_page_by_page(people, client):
    for turn in range(25):
        answer(code(turn, people=people), remark=f"第{turn + 1}条")
    with clock.driven(NOW):
        (one,) = client.get("/api/v1/survey/").json()
        pages = [
            client.get("/api/v1/survey/", {"round": one["code"], "page": n}).json()[0]["remarks"]
            for n in (1, 2, 3)
        ]
        for wrong, status in (
            ("round=2017-closing", 404),
            ("round=x", 404),
            ("page=0", 422),
            ("round=2018-%00", 422),
        ):
            assert client.get(f"/api/v1/survey/?{wrong}").status_code == status, wrong
    assert [len(page) for page in pages] == [20, 5, 0]
    assert pages[0] == one["remarks"]
    assert {*pages[0], *pages[1]} == {f"第{n}条" for n in range(1, 26)}


def test_the_year_is_begun_once_by_the_administrator_or_the_clock(people):
    with clock.driven(NOW):
        for stranger in (people.supervisor, people.window, people.enterprise):
            with refused(error=PermissionDenied):
                services.begin_yearly_survey(by=stranger, at=NOW)
        assert ask_in_time(NOW) == 0
        services.begin_yearly_survey(by=people.administrator, at=NOW)
        with refused("每年一次"):
            services.begin_yearly_survey(by=people.administrator, at=NOW)
    later = instant("2018-12-03 09:00")
    with clock.driven(later):
        assert ask_in_time(later) == 0
    later = instant("2019-12-02 09:00")
    with clock.driven(later):
        assert ask_in_time(later) == 1
        assert ask_in_time(later) == 0


def test_a_closed_case_is_asked_once_by_code_or_on_its_page(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.COMPLETED)
    with clock.driven(w.now):
        assert [ask_in_time(w.now), ask_in_time(w.now)] == [1, 0]
    (said,) = Message.objects.filter(to=people.enterprise, link="/satisfaction/answer/")
    assert told(people.enterprise, "请您评价办理情况")
    sent = said.subject.split("问卷码")[1].split("，")[0]
    assert "评价办理情况" in [row.title for row in waiting_for(people.enterprise, w.now)]
    with clock.driven(w.now):
        services.answer_survey(code=sent, at=w.now, **SHEET)
        with refused("只评价一次"):
            services.answer_satisfaction(w.filing, score=5, by=people.enterprise, at=w.now)
    assert "评价办理情况" not in [row.title for row in waiting_for(people.enterprise, w.now)]
    assert Asked.objects.get().filing_id == w.filing.pk
    assert SurveyRound.objects.get(occasion=Occasion.CLOSING).sheets == 1
    assert Filing.objects.get().stage == Stage.COMPLETED


def test_other_words_after_answers_are_another_question(people):
    with (ROOT / "counties/zuoquan/satisfaction.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert load_questions(rows) == 0
    answer(code(1, people=people))
    rows[0] = {**rows[0], "text_zh": "另一个问题？"}
    rows[5] = {**rows[5], "text_zh": "没有人答过的问题？"}
    assert load_questions(rows[:-2] + rows[-1:]) == 4
    first = SurveyQuestion.objects.filter(code="Q01").order_by("version")
    assert [(one.version, one.current) for one in first] == [(1, False), (2, True)]
    assert SurveyQuestion.objects.get(code="Q06").text == "没有人答过的问题？"
    assert not SurveyQuestion.objects.get(code="Q14").current
    last = SurveyQuestion.objects.get(code="Q15")
    assert (last.version, last.order) == (1, 14)


def test_on_the_page_and_by_a_program(client, people):
    page = reverse("public_notice:survey_answer")
    one, other = code(1, people=people), code(2, people=people)
    with clock.driven(NOW):
        assert "问卷码" in client.get(page).content.decode()
        assert client.post(page, {"code": one}).status_code == 422
        assert client.post(page, {"code": one, "score": 5, "Q01": 3, "Q02": ""}).status_code == 302
        assert client.post(page, {"code": one, "score": 5}).status_code == 409
        assert client.get(reverse("public_notice:survey_thanks")).status_code == 200
        made = Program(client).post("survey/answer/", {"code": other, **SHEET})
        assert made.json() == {"year": 2018, "occasion": "yearly"}, made.content
        assert client.get("/api/v1/survey/").json()[0]["sheets"] == 0
        assert "不足5份" in client.get(reverse("public_notice:survey")).content.decode()
        assert client.get(reverse("public_notice:export_survey")).status_code == 200
        client.force_login(people.administrator.user)
        assert client.get(reverse("public_notice:survey_begin")).status_code == 200
        assert client.post(reverse("public_notice:survey_begin")).status_code == 409
    given = SurveyCount.objects.filter(question__code="Q01", answers__gt=0)
    assert dict(given.values_list("score", "answers")) == {3: 1, 4: 1}
