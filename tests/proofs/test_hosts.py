"""Whatever the clock of a host shows and whatever its zone, the county's limits and papers are the same.

`make test` asks four of the eight hosts on each database, one with the right time among them; alone, all.
"""

import pytest

from tests import share
from tests.proofs.hosts import HOSTS
from tests.proofs.own import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def hosts(place):
    those = [share.place()] if share.SHARED else []
    asked = program("hosts", place, *those)["hosts"]
    return [(f"{zone} {hours:+d} h", found) for zone, hours, found in asked]


def test_the_story_is_the_same_to_the_letter_on_every_host(hosts):
    print(hosts)
    assert len(hosts) == share.part(len(HOSTS))
    assert len({found["story"] for _host, found in hosts}) == 1


def test_no_host_ends_a_limit_early_or_late_by_its_own_clock(hosts):
    """The server's clock decides; with SQLite there is one host, and by its clock the limits run."""
    for name, found in hosts:
        assert (found["over"], found["not over"]) == ("escalated", "awaited"), name
        assert found["seconds off"] <= 2, name
        assert found["entered off"] <= 5, name
