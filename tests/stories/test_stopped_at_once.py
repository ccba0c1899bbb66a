"""At the same moment: a limit is stopped, lengthened and resumed once, and one that is stopped has not passed.

A file of its own: these tests commit, and the case of `test_stopped_limit.py` stands in a transaction throughout.
"""

from datetime import timedelta

import pytest

from approvals.stages import Stage
from core.deadlines.models import Extension, Suspension
from core.deadlines.services import sweep
from core.steps.reasons import NotNow
from tests.core.threads import alone, at_once, shared_database
from tests.stories.telling import sound
from tests.stories.test_stopped_limit import START, extend, resume, stop, survey_limit
from tests.walk import walk

pytestmark = pytest.mark.django_db


def test_pressed_three_times_at_once_it_happens_once(transactional_db, people, at, tmp_path):
    w = walk(people, START, to=Stage.ACCEPTED)

    def acting(act, *kind):
        return lambda: act(w, survey_limit(w), *kind)

    with shared_database(tmp_path):
        stopped = at_once(*[acting(stop)] * 3)
        longer = at_once(*[acting(extend)] * 3)
        resumed = at_once(*[acting(resume)] * 3)
        acts = alone(lambda: list(w.filing.book.entries.values_list("act", flat=True)))
        rows = alone(lambda: (Suspension.objects.count(), Extension.objects.count()))
        fine = alone(sound)

    for done in (stopped, longer, resumed):
        assert sum(isinstance(one, NotNow) for one in done) == 2, done
    assert rows == (1, 1)
    assert [acts.count(act) for act in ("suspend_limit", "extend_limit", "resume_limit")] == [
        1,
        1,
        1,
    ]
    assert fine


def test_stopped_and_passed_at_the_same_moment_is_one_of_both(
    transactional_db, people, at, tmp_path
):
    """A suspension at the last instant and the sweep just after it: stopped and not passed, whoever was first."""
    w = walk(people, START, to=Stage.ACCEPTED)
    w.now = survey_limit(w).due_at
    later = w.now + timedelta(minutes=3)

    with shared_database(tmp_path):
        done = at_once(lambda: stop(w, survey_limit(w)), lambda: sweep(later), lambda: sweep(later))
        limit = alone(lambda: survey_limit(w))

    stopped = isinstance(done[0], Suspension)
    assert stopped == limit.suspended, done
    assert stopped == (limit.escalated_at is None), done
