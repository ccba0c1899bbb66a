"""kill -9 of the sweep: nothing lost, nothing doubled, and the next one catches up."""

import pytest

from tests.proofs.own import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED = 20180615


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.hunt)])
def test_a_sweep_that_is_killed_leaves_nothing_half_and_the_next_catches_up(place, kills):
    print("seed", SEED)
    found = program("crash", place, SEED, kills)
    print(found)
    assert found["at_work"] > kills // 2  # most were killed while they worked
    assert found["exit"] == 0
    assert found["still_due"] == 0
    assert set(found["came to"]) == {"deemed_timeout", "no_opinion"}  # and none is left over
    for wrong in ("wrong_on_the_way", "doubles", "mixed", "chains", "holes"):
        assert found[wrong] == [], wrong
