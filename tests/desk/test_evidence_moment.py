"""证据包: a worker that is broken off leaves a moment behind; what is made later is of the same rows, or is refused."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals.stages import Stage
from core import clock
from core.documents.models import Paper
from desk.models import EvidencePack
from desk.services import evidence
from desk.stages import PackState
from prereview.models import Opinion
from prereview.stages import Conclusion
from tests.core.ledgers import key_file
from tests.desk.packs import ask, make, set_papers
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(people, at, settings, tmp_path):
    """A meeting at which one came and said nothing."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-10-16 09:00"))
    set_papers(w)
    w.default = Opinion.objects.exclude(proof={}).get(slot__department__code="QXJ")
    return w


def broken_off(w, pack):
    """A worker pins the moment and is ended before it has made anything; the worker as it stood then."""
    with clock.driven(w.now):
        worker = evidence._claimed(w.now)
        assert worker == pack
        assert evidence._pinned(worker, w.now)
    return worker


def test_broken_off_it_is_made_of_the_same_rows_or_not_at_all(drawn, people):
    w = drawn
    pack = ask(w, people.window)
    worker = broken_off(w, pack)
    w.minutes(20)
    assert make(w, pack).state == PackState.DONE
    evidence._again(worker, RuntimeError())  # it comes back late and fails: the other's work stands
    pack.refresh_from_db()
    assert (pack.state, pack.tries) == (PackState.DONE, 2)

    other = ask(w, people.enterprise)
    worker = broken_off(w, other)
    Opinion.objects.filter(pk=w.default.pk).update(recorded_at=w.now)
    w.minutes(20)
    with clock.driven(w.now):
        again = evidence._claimed(w.now)
        evidence._again(worker, RuntimeError())
        other.refresh_from_db()
        assert (again.tries, other.state) == (2, PackState.RUNNING)
    w.minutes(20)
    assert make(w, other).state == PackState.FAILED
    assert "又有变化" in other.said
    assert other.file.name == ""


def test_however_many_wait_for_their_papers_one_that_can_be_made_is(drawn, people):
    w = drawn
    ready = ask(w, people.window, default=w.default)
    beside = Paper.objects.filter(book=w.survey.book).first()
    Paper.objects.filter(pk=beside.pk).update(file="")
    EvidencePack.objects.bulk_create(
        [
            EvidencePack(
                pk=number, filing=w.filing, copy="court", purpose=f"{number}",
                asked_by=people.window, asked_at=w.now, until=w.now,
            )
            for number in range(-25, 0)
        ]
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        assert evidence._claimed(w.now) == ready
        transaction.set_rollback(True)
    assert (
        sum("desk_evidencepack" in one["sql"] for one in asked) == 2
    )  # one that asks, one that takes
    assert make(w, ready).state == PackState.DONE
    assert not EvidencePack.objects.filter(pk__lt=0).exclude(state=PackState.WAITING).exists()


def test_a_session_that_comes_later_is_none_of_the_moment(drawn, people):
    w = drawn
    pack = ask(w, people.window)
    broken_off(w, pack)
    w.conclude(Conclusion.AGAIN, reasons="退让红线后再议")
    w.call_meeting()
    set_papers(w)
    w.minutes(20)
    assert make(w, pack).state in (PackState.DONE, PackState.FAILED)
    print(pack.state, pack.said)
