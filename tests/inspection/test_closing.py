"""Closing: what was promised beside what came of it, whose the days were, and a question that binds nobody."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.steps.idempotency import fingerprint, secretly
from core.steps.models import Answered
from inspection.queries.acceptance import present_round, silent_in, verdicts_of
from inspection.queries.closing import days_by_party, picture_of, promises_of, spans_of
from inspection.queries.pictures import map_of, month_from, month_of, sites_of
from inspection.rules.pictures import WIDTH, Line
from public_notice.models import Asked, Tally
from public_notice.queries import satisfaction_of
from public_notice.services import answer_satisfaction
from public_notice.services.satisfaction import _count
from public_notice.stages import Score
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.stories.telling import refused, sound
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _both(people):
    """One that is closed, and one at its acceptance in which all but one department have spoken."""
    closed = walk(people, instant("2018-03-05 09:00"), to=Stage.COMPLETED)
    other = walk(
        people, instant("2018-03-05 09:00"), to=Stage.ACCEPTING, by=people.other_enterprise
    )
    other.pass_all(skip=["ZRJ"])
    return {"closed": closed, "accepting": other}


walked, cases = standing(_both)


# — a line of days ————————————————————————————————————————————————————————————————


def test_a_line_ends_where_its_days_end():
    line = Line(date(2018, 1, 1), date(2018, 12, 31))
    assert (line.x(date(2018, 1, 1)), line.x(date(2019, 1, 1))) == (0, WIDTH)
    assert line.bar(date(2018, 1, 1), date(2018, 12, 31)) == (0, WIDTH)
    assert line.x(date(2017, 1, 1)) == 0
    assert 0 < line.bar(date(2018, 12, 31), date(2018, 12, 31))[1] < 10
    assert len(line.ticks()) <= 8
    assert Line(date(2018, 1, 5), date(2018, 1, 5)).ticks() == []


# — promise and reality ———————————————————————————————————————————————————————————


def test_the_days_are_those_of_the_ledger_and_none_is_lost(cases):
    w = cases["closed"]
    filing = w.filing
    spans = spans_of(filing, w.now)
    assert spans[0].stage == Stage.SUBMITTED
    assert all(one.end == after.start for one, after in pairwise(spans))
    assert spans[-1].end == filing.completed_at
    whole = (filing.completed_at.date() - spans[0].start.date()).days
    assert sum(span.days for span in spans) == whole
    assert sum(row["days"] for row in days_by_party(spans)) == whole
    # What runs on ends, for the eye, today.
    assert spans_of(cases["accepting"].filing, w.now)[-1].end is None


def test_a_promised_day_stands_beside_the_real_one(cases):
    w = cases["closed"]
    filing = w.filing
    start, completion, done, production = promises_of(filing)
    assert (start.promised, start.real) == (filing.planned_start, filing.started_at.date())
    assert start.late == -start.early == (start.real - start.promised).days
    assert completion.real is not None
    assert (done.promised, done.real) == (None, filing.completed_at.date())
    assert (production.real, production.late) == (None, None)
    picture = picture_of(filing, promises_of(filing), spans_of(filing, w.now), w.now)
    assert {row["kind"] for row in picture["rows"]} == {"promise", "real"}
    assert all(0 <= bar["x"] < bar["x"] + bar["width"] <= WIDTH + 3 for bar in picture["spans"])


def test_a_year_without_a_calendar_shows_no_working_days(cases):
    w = cases["accepting"]
    far = spans_of(w.filing, instant("2027-03-01 09:00"))
    assert far[-1].working is None
    assert days_by_party(far)[2]["working"] is None


def test_the_page_says_both_in_a_picture_and_in_tables(cases, people):
    w = cases["closed"]
    for person in (people.enterprise, people.window, people.department("ZJJ")):
        page = Browser(person, w.now).get("closing", w.filing.public_id)
        said = text(page)
        assert "承诺的日期和实际的日期" in said
        assert "联合勘察中" in said
        assert b"<svg" in page.content
        assert b"style=" not in page.content
    other = Browser(people.other_enterprise, w.now)
    assert other.get("closing", w.filing.public_id).status_code == 404


# — who is silent at the acceptance ———————————————————————————————————————————————————


def test_a_silence_is_seen_day_by_day_and_does_nothing(cases, people):
    w = cases["accepting"]
    due = w.filing.limits.get(rule="P10", ended_at=None).due_at

    def seen(at):
        [one] = silent_in(present_round(w.filing), list(verdicts_of(w.filing)), at)
        return one.department.code, one.over, one.late

    assert seen(due) == ("ZRJ", 0, False)
    assert seen(due + timedelta(hours=33)) == (
        "ZRJ",
        1,
        True,
    )  # the second day is a holiday: not counted
    # Where the limit ends before days off it is late on them, too, and the page does not say that it is in time.
    ends = w.filing.limits.filter(rule="P10", ended_at=None)
    assert ends.update(due_at=instant("2018-04-05 00:00"))
    holiday = instant("2018-04-05 10:00")
    assert seen(holiday) == ("ZRJ", 0, True)
    page = text(Browser(people.window, holiday).get("acceptance", w.filing.public_id))
    assert "未逾期" not in page
    assert "已转督办" in page
    ends.update(due_at=due)
    w.until(instant("2018-04-16 09:00"))
    assert seen(w.now) == ("ZRJ", 8, True)
    page = text(Browser(people.window, w.now).get("acceptance", w.filing.public_id))
    assert "第8个工作日，已转督办" in page
    assert "不得投入使用" in page
    assert w.filing.stage == Stage.ACCEPTING
    w.give("R04")
    assert silent_in(present_round(w.filing), list(verdicts_of(w.filing)), w.now) == []


# — the question ——————————————————————————————————————————————————————————————————


def answer(w, by, score=Score.GOOD):
    return w.do(answer_satisfaction, w.filing, score=score, by=by)


def test_it_is_asked_once_of_the_enterprise_when_all_is_over(cases, people):
    w = cases["closed"]
    with refused("还没有办结"):
        answer(cases["accepting"], people.other_enterprise)
    for stranger in (people.window, people.other_enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            answer(w, stranger)
    with refused(error=ValidationError):
        answer(w, people.enterprise, score=6)
    answer(w, people.enterprise)
    with refused("只评价一次"):
        answer(w, people.enterprise, score=1)
    assert sound()


def test_what_was_said_names_no_case_and_has_no_row(cases, people):
    w = cases["closed"]
    answer(w, people.enterprise, score=Score.POOR)
    assert Asked.objects.get().filing_id == w.filing.pk
    assert list(Tally.objects.values_list("year", "answers", "good")) == [(2018, 1, 0)]
    entry = w.filing.book.entries.get(act="answer_satisfaction")
    assert "score" not in entry.payload


@pytest.mark.parametrize(
    ("good", "bad", "shown"),
    [(4, 0, (0, None)), (5, 0, (5, 100)), (4, 1, (5, 80)), (4, 5, (5, 80)), (4, 6, (10, 40))],
)
def test_of_few_answers_nothing_is_told_and_of_one_more_nothing_new(good, bad, shown):
    for one in [True] * good + [False] * bad:
        _count(2018, good=one)
    _count(2017, good=False)
    found = satisfaction_of(2018)
    assert (found.answers, found.satisfied) == shown


def test_no_digest_is_kept_that_tells_what_was_sent(cases, people):
    """Of five words that can be said, a digest would tell which one was to whoever has the row."""
    w, client = cases["closed"], Client()
    client.force_login(people.enterprise.user)
    path = f"/api/v1/filings/{w.filing.public_id}/satisfaction/"
    key = {"Idempotency-Key": "0123456789abcdef"}
    with clock.driven(w.now):
        said = client.post(path, {"score": 2}, content_type="application/json", headers=key)
    assert said.status_code == 200, said.content
    kept = Answered.objects.get()
    asked = [(people.enterprise.pk, path, {"score": n}) for n in Score.values]
    assert kept.fingerprint not in {
        *(fingerprint(*one) for one in asked),
        *(secretly(kept.key, *one)[1] for one in asked),
    }
    assert kept.fingerprint in {secretly("0123456789abcdef", *one)[1] for one in asked}
    assert "0123456789abcdef" not in str(vars(kept))


def test_the_page_asks_once(cases, people):
    w = cases["closed"]
    desk = Browser(people.enterprise, w.now)
    page = ("public_notice:satisfaction", w.filing.public_id)
    assert desk.post(*page, score="7").status_code == 422
    assert desk.post(*page, score="5").status_code == 302
    assert desk.post(*page, score="5").status_code == 409


# — month, load, map ———————————————————————————————————————————————————————————————


@pytest.mark.parametrize("said", ["", "x", "2018-13", "1-1", "99999-1", "2018-03-01"])
def test_a_month_that_is_none_is_this_month(said):
    assert month_from(said, instant("2018-03-22 09:00")) == date(2018, 3, 1)


@pytest.fixture
def building(people):
    w = walk(
        people, instant("2018-03-05 09:00"), to=Stage.BUILDING, longitude="113.4", latitude="37.1"
    )
    w.check("ZJJ")
    w.plan_check("ZJJ", planned_on=(w.now + timedelta(days=3)).date())
    return w


def test_month_and_load_are_those_of_the_checks(building, people, django_assert_max_num_queries):
    w = building
    first = w.now.date().replace(day=1)
    with clock.driven(w.now):
        days = [day for week in month_of(people.window, first) for day in week]
        assert sum(len(day.checks) for day in days) == 2
        assert month_of(people.other_enterprise, first)[1][0].checks == []
    desk = Browser(people.window, w.now)
    with django_assert_max_num_queries(40) as few:
        desk.get("month", month=f"{first:%Y-%m}")
    w.plan_check("QXJ", planned_on=w.now.date())
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = desk.get("month", month=f"{first:%Y-%m}")
    said = text(page)
    assert "检查示例甲" in said
    mine = text(Browser(people.enterprise, w.now).get("month", month=f"{first:%Y-%m}"))
    assert "检查示例甲" not in mine
    assert "本月检查的分担" not in mine


def test_a_site_is_a_point_where_its_place_is_known(building, people, client):
    w = building
    [site] = sites_of(people.enterprise)
    drawn = map_of([site])
    assert [mark.numbers for mark in drawn["marks"]] == [[1]]
    assert drawn["path"]
    site.longitude = None
    assert map_of([site])["marks"] == []
    site.longitude = Decimal("121.5")
    assert map_of([site])["outside"] == {1}
    assert site not in sites_of(people.other_enterprise)
    page = Browser(people.window, w.now).get("map")
    assert b'class="place"' in page.content
    assert "没有审图号" in text(page)
    assert site.project_name in text(page)
    assert client.get(reverse("inspection:map")).status_code == 302
