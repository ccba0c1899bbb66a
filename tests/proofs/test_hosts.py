"""Whatever the clock of a host shows and whatever its zone, the county's limits and papers are the same."""

import pytest

from tests.proofs.own import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def hosts(place):
    return [
        (f"{zone} {hours:+d} h", found) for zone, hours, found in program("hosts", place)["hosts"]
    ]


def test_the_story_is_the_same_to_the_letter_on_every_host(hosts):
    print(hosts)
    assert len(hosts) == 8
    assert len({found["story"] for _host, found in hosts}) == 1


def test_no_host_ends_a_limit_early_or_late_by_its_own_clock(hosts):
    """The server's clock decides; with SQLite there is one host, and by its clock the limits run."""
    for name, found in hosts:
        assert (found["over"], found["not over"]) == ("escalated", "awaited"), name
        assert found["seconds off"] <= 2, name
        assert found["entered off"] <= 5, name
