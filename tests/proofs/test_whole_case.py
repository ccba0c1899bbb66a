"""From the draft to the end, by whatever anybody does: no dead end, and no case that is closed with something open.

The machine of hypothesis takes a case that stands somewhere on the road and lets the people of the county act on it in
any order, with time that passes and a sweep that is late. After each step the case must be whole; after the last one
everybody does what is theirs, and it must come to an end. Histories grow as a tree (tests/proofs/growing.py).
"""

from math import prod
from time import process_time

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from inspection import policies
from inspection.services import acceptance, completion
from tests.chance import drawn
from tests.proofs.growing import Shape
from tests.proofs.machine import NOT_NOW, PLAYED, SEEN, Whole
from tests.proofs.whole_case import Known
from tests.share import SHARED, place

TREE = Shape(50, on_the_road=(15, 28), at_the_works=(8, 22), ways=(3, 4))


def room(shape):
    """Return the steps of a tree that forks wherever it may: those of one example of hypothesis."""
    steps, ways, before = 0, 1, 0
    for fork, more in zip((*shape.at_the_works, shape.steps), (*shape.ways, 1), strict=True):
        steps += (fork - before) * ways
        ways, before = ways * more, fork
    return steps


def here(histories):
    """How many histories this database plays: of three two on SQLite, where they cost least; alone, all of them."""
    return -(-histories * (2 - place()) // 3) if SHARED else histories


def whole(people, histories, shape):
    """Grow trees until so many histories have been played to their end; return how many were."""
    Whole.people, Whole.shape, Whole.room = Known(people), shape, room(shape)
    Whole.wanted = histories
    number = drawn(f"a case from the draft to its end on {connection.vendor}")
    print("seed", number)
    for seen in (SEEN, NOT_NOW, PLAYED):
        seen.clear()
    while sum(PLAYED) < histories:
        bounds = settings(
            max_examples=-(-(histories - sum(PLAYED)) // prod(shape.ways)),
            stateful_step_count=1 + Whole.room, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        )  # fmt: skip
        run_state_machine_as_test(seed(number + sum(PLAYED))(Whole), settings=bounds)
    return sum(PLAYED)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("histories", "shape"),
    [
        (300, TREE),
        pytest.param(300, Shape(50), marks=pytest.mark.hunt),
    ],
)
def test_no_dead_end_and_nothing_left_open(people, histories, shape):
    begun, wanted = process_time(), here(histories)
    played = whole(people, wanted, shape)
    print(played, "histories", round(process_time() - begun), "s", dict(SEEN), dict(NOT_NOW))
    assert played >= wanted
    assert set(SEEN) > {"breach", "check", "recheck True", "accepting", "amending"}


PLANTED = {
    "a silence accepts": (acceptance, "awaited_departments", lambda _acceptance: []),
    "it closes with a finding open": (policies, "findings_are_closed", lambda _filing: True),
    "a clock runs on in a closed case": (completion, "close_books", lambda _filing, _at: None),
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("where", "name", "wrong"), PLANTED.values(), ids=PLANTED)
def test_a_rule_that_is_wrong_is_found(people, monkeypatch, where, name, wrong):
    """The rules know no database: each wrong one is sought on the first of them."""
    if SHARED and place():
        return
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        whole(people, 400, TREE)  # so many until one is found: mostly the first dozens
