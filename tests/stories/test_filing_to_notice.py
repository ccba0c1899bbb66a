"""From filing to the start notification: the straight way, with what is refused on it."""

import pytest

from approvals.stages import Stage
from core.ledger.queries import verify_all
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db


def test_straight_way(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    print(acts(w.filing.book))
    books, entries, faults = verify_all()
    assert not faults
