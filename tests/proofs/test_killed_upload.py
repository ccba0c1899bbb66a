"""kill -9 of the server in the middle of a file: nothing acknowledged is lost, and the file goes on from there."""

import pytest

from tests.chance import drawn
from tests.proofs.own import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.dealt]


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.hunt)])
def test_a_server_that_is_killed_in_the_middle_of_a_file_has_all_that_it_acknowledged(place, kills):
    seed = drawn("test_killed_upload")
    found = program("upload", place, seed, kills, CHENGNUO_DEMO="1")
    print("seed", seed, found)
    assert found["wrong"] == []
    assert found["at_work"] >= max(1, kills // 2)  # half of them while a piece was under way
    assert (
        0 < found["after_kills"] < found["size"]
    )  # it broke off in the middle, and was not begun anew
    assert found["state"] == "received"
    assert found["names"] == ["总平面图.pdf"]  # once, however often it was handed in
    assert found["by_row"] == found["by_bytes"] == [found["sha256"]]
    assert (found["entries"], found["in_coming"], found["faults"]) == (1, 0, [])
