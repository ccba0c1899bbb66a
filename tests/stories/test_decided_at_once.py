"""A measure on which two people decide at the same moment is decided once."""

import pytest

from accounts.models import Membership
from approvals.stages import Stage
from inspection import services as works
from tests.core.threads import alone, at_once, shared_database
from tests.walk import acts, walk


def decide(w, measure, *, by, imposed=True):
    return works.decide_measure(measure, imposed=imposed, reasons="变更属实", by=by, at=w.now)


@pytest.mark.slow
def test_decided_twice_at_once_it_is_decided_once(transactional_db, people, at, tmp_path):
    def set_up():
        w = walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED)
        measure = w.do(works.request_exit, w.filing, reason="改按一般程序", by=people.enterprise)
        second = Membership.objects.create(
            user=people.supervisor.user, organisation=people.convenor.organisation,
            role="convenor", valid_from=people.convenor.valid_from,
        )  # fmt: skip
        return w, measure, second

    with shared_database(tmp_path):
        w, measure, second = alone(set_up)
        results = at_once(
            lambda: decide(w, measure, by=people.convenor),
            lambda: decide(w, measure, by=second, imposed=False),
        )
        written = alone(lambda: acts(w.filing.book))
    assert sorted(type(result).__name__ for result in results) == ["Measure", "NotNow"]
    assert written.count("decide_measure") == 1
