"""双随机: the draw is a pure function of list, share and seed; once in a quarter; anyone can repeat it."""

import hashlib
import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.stages import Stage
from core.ledger.services import county_book
from core.steps.reasons import NotNow
from inspection.models import Check, Draw
from inspection.queries.draws import published
from inspection.rules.draw import draw, faults_of, last_day_of_quarter, quarter_of, ranked
from inspection.services import call_off_check, draw_random_checks
from inspection.stages import CheckMode
from tests.inspection.drawing import drawn
from tests.walk import acts, walk

TEXTS = st.text(min_size=1, max_size=12)
NAMES = st.lists(TEXTS, max_size=60, unique=True)
TWO_NAMES = st.lists(TEXTS, min_size=2, max_size=60, unique=True)
SOME_NAMES = st.lists(TEXTS, min_size=1, max_size=60, unique=True)
SEEDS = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)
SHARES = st.integers(min_value=1, max_value=100)
# A machine that is busy makes long lists slowly: that says nothing of the draw.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(NAMES, SHARES, SEEDS, st.randoms(use_true_random=False))
def test_a_draw_takes_its_share_at_least_one_and_does_not_ask_for_the_order(
    names, share, seed, chance
):
    drawn = draw(names, share, seed)
    shuffled = list(names)
    chance.shuffle(shuffled)

    assert draw(shuffled, share, seed) == drawn
    assert set(drawn) <= set(names)
    assert len(drawn) == len(set(drawn))
    assert bool(drawn) == bool(names)
    assert len(drawn) * 100 >= len(names) * share
    assert len(drawn) <= max(1, len(names) * share / 100 + 1)


@unhurried
@given(TWO_NAMES, SEEDS)
def test_who_is_taken_off_the_list_moves_nobody_else(names, seed):
    order = ranked(names, seed)

    assert ranked(names[1:], seed) == [name for name in order if name != names[0]]


@unhurried
@given(SOME_NAMES, SEEDS)
def test_a_greater_share_only_adds(names, seed):
    assert draw(names, 100, seed)[: len(draw(names, 10, seed))] == draw(names, 10, seed)
    assert sorted(draw(names, 100, seed)) == sorted(names)


@pytest.mark.parametrize("share", [0, -1, 101])
def test_no_share_is_no_draw(share):
    with pytest.raises(ValueError, match=str(share)):
        draw(["a"], share, "0")


def test_a_known_draw_stays_what_it_was():
    assert draw(["甲", "乙", "丙", "丁"], 50, "0" * 64) == ranked("甲乙丙丁", "0" * 64)[:2]
    assert ranked("abc", "seed") == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("day", "quarter", "last"),
    [
        (date(2018, 1, 1), "2018Q1", date(2018, 3, 31)),
        (date(2018, 6, 30), "2018Q2", date(2018, 6, 30)),
        (date(2018, 8, 15), "2018Q3", date(2018, 9, 30)),
        (date(2018, 12, 31), "2018Q4", date(2018, 12, 31)),
    ],
)
def test_quarters(day, quarter, last):
    assert (quarter_of(day), last_day_of_quarter(day)) == (quarter, last)


NOW = "2018-03-05 09:00"


@pytest.mark.django_db
def test_nothing_is_drawn_while_nothing_is_under_construction(people, at):
    w = walk(people, at(NOW), to=Stage.SUBMITTED)

    with pytest.raises(NotNow, match="没有在建项目"):
        w.do(draw_random_checks, by=people.convenor)
    assert not Draw.objects.exists()


@pytest.mark.django_db
def test_the_draw_of_a_quarter_is_made_once_and_can_be_repeated_from_the_ledger(people, at):
    w = walk(people, at(NOW), to=Stage.BUILDING)
    for stranger in (people.window, people.supervisor, people.department("ZJJ"), people.enterprise):
        with pytest.raises(PermissionDenied):
            w.do(draw_random_checks, by=stranger)

    made = drawn(w, by=people.convenor)

    assert w.do(draw_random_checks, by=people.administrator) == made
    entry = county_book().entries.get(act="draw_random_checks")
    said = json.loads(entry.payload)
    assert said["seed"] == entry.previous == made.seed
    opening = county_book().entries.get(act="open_draw")
    # Whoever knew the whole ledger before the draw did not know the seed: 256 bits of chance came after the list.
    assert (opening.sequence, opening.digest) == (entry.sequence - 1, made.seed)
    chance = json.loads(opening.payload)
    assert (chance["digest"], len(chance["nonce"])) == (made.digest, 64)
    assert hashlib.sha256(made.opening.encode()).hexdigest() == made.seed
    shown = published(made)
    assert faults_of(shown) == []
    assert "seed" in faults_of(
        {**shown, "opening": made.opening.replace(chance["nonce"], "0" * 64)}
    )
    assert "seed" not in faults_of(
        {**shown, "opening": "", "secret": ""}
    )  # a draw from before that was done
    assert draw(said["candidates"], said["share"], said["seed"]) == said["drawn"]
    check = Check.objects.get()
    assert (check.mode, check.draw, check.filing) == (CheckMode.RANDOM, made, w.filing)
    assert check.planned_on == last_day_of_quarter(w.now.date())
    assert check.officers
    assert w.clauses(check.department.code)
    assert "plan_unannounced_check" in acts(w.filing.book)


@pytest.mark.django_db
def test_what_was_drawn_is_called_off_by_the_convenor_alone(people, at):
    w = walk(people, at(NOW), to=Stage.BUILDING)
    drawn(w, by=people.administrator)
    check = Check.objects.get()
    with pytest.raises(PermissionDenied):
        w.do(call_off_check, check, reason="改期", by=people.department(check.department.code))

    w.do(call_off_check, check, reason="项目已停", by=people.convenor)


@pytest.mark.django_db
def test_the_next_quarter_is_drawn_anew(people, at):
    w = walk(people, at(NOW), to=Stage.BUILDING)
    first = drawn(w, by=people.convenor)
    w.now = w.now.replace(month=9)

    second = drawn(w, by=people.convenor)

    assert first.quarter < second.quarter
    assert first.seed != second.seed
