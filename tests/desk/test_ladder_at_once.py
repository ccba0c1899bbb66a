"""Several workers make the round of a day at the same moment; in a file of its own, for it really commits."""

from approvals.stages import Stage
from core import clock
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from desk.models import Raised
from desk.services.reminders import remind
from desk.stages import Rung
from tests.conftest import everybody, instant
from tests.core.threads import alone, at_once, shared_database
from tests.walk import walk


def test_two_workers_raise_a_delay_once(transactional_db, tmp_path):
    people = everybody()
    w = walk(people, instant("2018-09-03 09:00"), to=Stage.COMMITTED)
    w.morning(9)

    def work():
        with clock.driven(w.now):
            return remind(w.now)

    with shared_database(tmp_path):
        done = at_once(work, work, work)
        raised = alone(lambda: list(Raised.objects.values_list("rung", flat=True)))
        entries = alone(lambda: Entry.objects.filter(act="raise_delay").count())
        faults = alone(lambda: verify(Book.objects.get(pk=w.filing.book_id)))

    assert not [d for d in done if isinstance(d, Exception)], done
    assert sorted(raised) == sorted(Rung.values)
    assert (entries, faults) == (3, None)
