"""办理统计: net of what stopped the clock, silence apart, few told as few; anyone reckons them from the rows."""

import json
import random
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from approvals.stages import Stage
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import _rulebook
from prereview.models import Slot
from public_notice.queries.figure_rows import opinions
from public_notice.queries.figures import PROGRAM, decisions_of, figures_of, span_of, written
from public_notice.rules.figures import (
    APART,
    EVENTS,
    STATES,
    Decision,
    Event,
    apart,
    figures,
    nearest_rank,
    share,
)
from tests.chance import drawn
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_anew():
    """What a test changes in the rulebook is not kept for the next."""
    yield
    _rulebook.cache_clear()


def _defaulted(people):
    w = walk(people, instant("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(instant("2018-06-25 09:00"))
    return w


walked, w = standing(_defaulted)


def get(address, at):
    with clock.driven(at):
        return Client().get(address)


def read(address, at):
    answer = get(address, at)
    assert answer.status_code == 200, address
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def reckoned(folder, decisions, events, fewest, *more):
    """What the published program says of two published files."""
    rows, happened = folder / "decisions.csv", folder / "events.csv"
    rows.write_text(decisions, encoding="utf-8")
    happened.write_text(events, encoding="utf-8")
    run = [sys.executable, "-I", PROGRAM, rows, happened, "--fewest", str(fewest), *more]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [
        ([3], 3, 3),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        ([5, 1, 3, 2], 2, 5),
        (list(range(1, 11)), 5, 9),
        ([0] * 9 + [40], 0, 0),
        ([0] * 8 + [40, 40], 0, 40),
    ],
)
def test_median_and_ninetieth_are_values_that_occurred(values, median, ninetieth):
    assert (nearest_rank(values, 50), nearest_rank(values, 90)) == (median, ninetieth)


def test_no_values_have_no_median_and_shares_are_rounded_half_up():
    with pytest.raises(ValueError, match="50"):
        nearest_rank([], 50)
    assert [share(*parts) for parts in ((1, 8), (1, 3), (2, 3), (0, 5), (5, 5))] == [
        13, 33, 67, 0, 100,
    ]  # fmt: skip


def test_of_few_no_days_and_no_share_are_told_and_silence_is_in_no_median():
    def row(state, days):
        return Decision("2018-06", "QXJ", "气象局", "meeting", "C03", 3, state, days)

    few = [row("answered", 1)] * 4
    (everyone, own) = figures([*few, row("deemed", 3)], [], 5)["decisions"]
    assert (everyone["median"], everyone["ninetieth"], everyone["deemed_percent"]) == (
        None, None, 20,
    )  # fmt: skip
    assert own["department"] == "QXJ"
    enough = figures([*few, row("answered", 2), *[row("deemed", 3)] * 9], [], 5)["decisions"][0]
    assert (enough["median"], enough["ninetieth"], enough["deemed_percent"]) == (1, 2, 64)
    unknown = figures([*few, row("answered", None)], [], 5)["decisions"][0]
    assert (unknown["answered"], unknown["median"]) == (5, None)


def test_the_published_program_says_what_the_house_says_of_any_rows(tmp_path):
    seed = drawn("figures")
    chance = random.Random(seed)
    offices = ["", "QXJ", "STJ", "ZRJ"]
    for size in (0, 7, 400):
        decisions = [
            Decision(
                f"2018-0{chance.randint(1, 3)}", chance.choice(offices), "", chance.choice(["survey", "meeting"]),
                "C03", 3, chance.choice(STATES), chance.choice([None, *range(9)]),
            )
            for _row in range(size)
        ]  # fmt: skip
        happened = [
            Event("2018-01", subject, chance.choice(EVENTS[subject]))
            for subject in chance.choices(list(EVENTS), k=size)
        ]
        files = written("decisions", decisions), written("events", happened)
        for fewest in (1, 5):
            said = reckoned(tmp_path, *files, fewest)
            assert said == figures(decisions, happened, fewest), f"seed {seed}"
    month = [row for row in decisions if row.month == "2018-02"]
    assert (
        reckoned(tmp_path, *files, 5, "--month", "2018-02")["decisions"]
        == figures(month, [], 5)["decisions"]
    )


def test_page_interface_and_program_agree_on_the_same_files(w, tmp_path):
    for period in ("2018", "2018-06"):
        files = [read(f"/statistics/{period}/{table}/", w.now) for table in ("decisions", "events")]
        api = json.loads(read(f"/api/v1/public-statistics/{period}/", w.now))
        said = reckoned(tmp_path, *files, api["fewest"])
        assert said == {name: api[name] for name in ("fewest", "decisions", "events")}
        page = read(f"/statistics/{period}/", w.now)
        meeting = next(row for row in said["decisions"] if row["kind"] == "meeting")
        assert meeting["deemed"] == 1
        assert f">{meeting['asked']}<" in page
        assert "样本不足" in page
        assert f"--fewest {api['fewest']}" in page
    assert read("/statistics/program/", w.now) == PROGRAM.read_text(encoding="utf-8")
    assert "/statistics/program/" in read("/statistics/", w.now)


def test_no_person_enterprise_or_project_is_in_page_or_rows(w):
    names = [person.user.name for person in Membership.objects.select_related("user")]
    for address in ("", "2018/", "2018-06/", "2018/decisions/", "2018/events/"):
        text = read(f"/statistics/{address}", w.now)
        for secret in (*names, w.filing.enterprise.name, w.filing.project_name, w.filing.number):
            assert secret not in text, (address, secret)


def test_a_county_that_does_not_publish_by_department_names_none(w):
    RuleValue.objects.filter(code="P96").update(value="no")
    _rulebook.cache_clear()
    rows = read("/statistics/2018/decisions/", w.now)
    assert "QXJ" not in rows
    assert "deemed" in rows
    assert "气象" not in read("/statistics/2018/", w.now)


def test_where_no_rule_says_how_few_are_few_nothing_is_told(w):
    RuleValue.objects.filter(code="P95").delete()
    _rulebook.cache_clear()
    told = figures_of(span_of("2018"), w.now)
    assert told["fewest"] is None
    assert {row["median"] for row in told["decisions"]} == {None}
    assert "没有规定最小样本" in read("/statistics/2018/", w.now)


@pytest.mark.parametrize(
    "period", ["2019", "2018-07", "2018-13", "18", "2018-6", "0000", "２０１８", "2018-06-01"]
)
def test_there_is_no_page_of_what_is_no_period_or_has_not_begun(w, period):
    for address in (f"/statistics/{period}/", f"/api/v1/public-statistics/{period}/"):
        assert get(address, w.now).status_code == 404
    assert get("/statistics/2018/people/", w.now).status_code == 404


def test_many_opinions_need_no_more_queries_than_few(w):
    def queries(at):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            figures_of(span_of("2018"), at)
        return len(asked)

    assert queries(w.now) <= queries(instant("2018-01-02 09:00")) + 1


def of(month, department, days, state="answered", kind="meeting"):
    return Decision(f"2018-0{month}", department, department, kind, "C03", 3, state, days)


def test_the_database_counts_what_one_by_one_comes_to(w):
    together = opinions(span_of("2018").begins, w.now, {})
    assert {one.state for one in together} >= {"answered", "deemed"}
    Slot.objects.update(interrupted=True)  # nothing stopped them: looked at one by one, the same
    assert opinions(span_of("2018").begins, w.now, {}) == together
    assert any(one.days is not None for one in together)


def days_in(rows, *, department=None):
    """How often each number of days is told in a file, of one department or of all."""
    found = Counter()
    for one, many in rows.items():
        if one.days is not None and department in (None, one.department):
            found[one.days] += many
    return found


def test_days_of_few_stand_apart_and_what_is_told_can_still_be_reckoned():
    many = [of(1, "QXJ", 1)] * 5 + [of(2, "QXJ", 4)] * 5
    thin = [of(1, "STJ", 2)] * 4 + [of(2, "STJ", 3)]  # enough in the year, not in a month
    few = [of(1, "ZRJ", 9)] * 2 + [of(1, "ZRJ", None, "deemed")] + [of(1, "SLJ", 7)] * 3
    every = Counter(many + thin + few)
    told = apart(every, 5)

    assert figures(told, [], 5) == figures(every, [], 5)
    assert {one.department for one in told if one.days is not None} == {"QXJ", "STJ", ""}
    assert {one.month for one in told if one.department == "STJ" and one.days} == {""}
    assert told[of(1, "ZRJ", None)] == 2
    assert told[Decision("", "", "", "meeting", "", None, APART, 9)] == 2
    assert sum(many for one, many in told.items() if one.state != APART) == every.total()


def test_days_of_one_small_office_are_not_told_as_those_of_nobody():
    every = Counter([of(1, "QXJ", 1)] * 5 + [of(1, "ZRJ", 9)] * 2)
    told = apart(every, 5)
    assert days_in(told) == {
        1: 5
    }  # two days without a name beside one office without days were its days
    assert told[of(1, "ZRJ", None)] == 2
    assert figures(told, [], 5)["decisions"][0]["answered"] == 7


def test_a_year_without_its_months_tells_no_few_days_either():
    chance = random.Random(drawn("apart"))
    for _turn in range(40):
        sizes = {(m, d): chance.randint(0, 8) for m in (1, 2, 3) for d in ("QXJ", "STJ", "ZRJ")}
        every = Counter(
            of(*cell, chance.randint(1, 30)) for cell, size in sizes.items() for _ in range(size)
        )
        year = apart(every, 5)
        months = [
            apart({one: n for one, n in every.items() if one.month == f"2018-0{month}"}, 5)
            for month in (1, 2, 3)
        ]
        for told in (year, *months):
            assert days_in(told, department="").total() not in range(1, 5)
        for office in ("QXJ", "STJ", "ZRJ"):
            of_months = sum((days_in(told, department=office) for told in months), Counter())
            beside = days_in(year, department=office)
            assert not of_months - beside
            assert (beside - of_months).total() not in range(1, 5), (sizes, office)


def test_where_nobody_says_how_few_are_few_no_days_are_told(w):
    assert any(one.days is not None for one in decisions_of(span_of("2018"), w.now))
    RuleValue.objects.filter(code="P95").update(value="1000")
    _rulebook.cache_clear()
    told = decisions_of(span_of("2018"), w.now)
    _rulebook.cache_clear()
    assert not any(one.days is not None for one in told)


def test_the_figures_need_no_more_memory_for_more_of_the_same(w):
    RuleValue.objects.filter(code="P96").update(value="no")
    _rulebook.cache_clear()
    few = figures_of(span_of("2018"), w.now)
    assert len(few["rows"]) < few["rows"].total()
