"""A department's reply, two sweeps and the convenor's conclusion at once, by real processes: one outcome, whole.

On PostgreSQL and SQLite the same tests; only the number of rounds differs. One that is guarded by nothing is raced too:
there the harness must find the doubles, or what it does not find elsewhere says nothing.
"""

import os

import pytest
from django.db import connection

from tests.proofs.own import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED = int(os.environ.get("SEED", "20180615"))
# A round is three or four whole service calls, some forty milliseconds of work; SQLite waits for the disk at each.
ROUNDS = {
    "sample": {"postgresql": 1000, "sqlite": 500},
    "hunt": {"postgresql": 10_000, "sqlite": 2_000},
}
SHORT = {"sample": 20, "hunt": 200}
EXPECTED = {
    "reply refused",
    "replied",
    "swept 0",
    "swept 1",
    "concluded",
    "conclusion refused",
    "stays away",
}


@pytest.fixture(scope="module", params=["sample", pytest.param("hunt", marks=pytest.mark.hunt)])
def raced(request, place):
    """What came of the rounds, by what guarded them."""
    print("seed", SEED)
    rounds = int(os.environ.get("ROUNDS", ROUNDS[request.param][connection.vendor]))
    return program("race", place, SEED, rounds, SHORT[request.param], wait=7200)


def test_every_slot_has_one_outcome_and_nothing_else_belongs_to_another(raced):
    found = raced["guarded"]
    print({what: found[what] for what in ("rounds", "seconds", "came to", "said")})
    assert found["doubles"] == []
    assert found["mixed"] == []
    assert found["chains"] == []
    assert found["holes"] == []
    assert (
        sum(count for what, count in found["came to"].items() if what != "concluded")
        == found["rounds"]
    )


def test_it_is_a_race(raced):
    """Both the department and the sweep win rounds, conclusions are drawn, and nobody meets anything but a refusal."""
    found = raced["guarded"]
    assert set(found["said"]) <= EXPECTED
    assert (
        min(
            found["came to"][what]
            for what in ("agree", "deemed_timeout", "no_opinion", "concluded")
        )
        > 0
    )


@pytest.mark.parametrize("mode", ["no lock", "no constraint"])
def test_either_guard_alone_keeps_the_outcome_one(raced, mode):
    """One may be lost by mistake; what the other refuses may then be an error and no sentence."""
    print(mode, raced[mode]["said"])
    assert [double for double in raced[mode]["doubles"] if "outcomes" in double] == []


def test_with_both_guards_off_doubles_are_found(raced):
    found = raced["neither"]
    print({what: found[what] for what in ("rounds", "came to", "said")}, found["doubles"][:6])
    assert len(found["doubles"]) > found["rounds"] // 4
