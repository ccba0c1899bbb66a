"""Each statement of a default made to fail in turn: state, ledger, outbox, papers and numbers are all old or all new.

The statement fails in the database itself, as it would for a full disk or a lost table. The next sweep completes what
the fault has held up.
"""

import logging
import re
from collections import Counter
from contextlib import contextmanager
from itertools import count

import pytest
from django.apps import apps
from django.db import DatabaseError, OperationalError, connection

from approvals.models import Filing, StageLimit
from core import clock
from core.deadlines.services import RETRY, sweep
from core.ledger.models import Book, Entry
from core.ledger.queries import verify_all
from prereview import services
from tests.conftest import instant
from tests.prereview.histories import undone
from tests.proofs.cases import SILENT, TOOK_SO_LONG
from tests.proofs.cases import walked as meeting_over
from tests.proofs.checks import holes
from tests.share import mine
from tests.standing import standing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATE = instant(TOOK_SO_LONG)
APPS = ("prereview", "ledger", "documents", "notify")
# What is drawn by chance, numbered by the database or written down as the time of writing; the next look at a book.
OWN = {"id", "code", "digest", "head", "previous", "paper", "opinion", "message", "next_due"}
BY_DIGEST = {"content"}  # the digest beside it says the same and is quicker read

walked, over = standing(lambda _people: meeting_over())


@contextmanager
def failing(number):
    """Let the nth statement fail in the database; yields the list of what failed.

    What would stand outside of a transaction, were the test not one itself, fails on the way there: PostgreSQL would
    take the test's own transaction for broken.
    """
    turn, failed, outside = count(1), [], len(connection.savepoint_ids)

    def instead(execute, sql, params, many, context):
        if next(turn) != number:
            return execute(sql, params, many, context)
        failed.append(sql)
        if len(connection.savepoint_ids) == outside or sql.startswith("SAVEPOINT"):
            raise OperationalError(sql)
        return execute("SELECT no_such_column FROM ledger_book", None, False, context)

    with connection.execute_wrapper(instead):
        yield failed


def rows():
    """Every row that an act on a case writes, without what differs from run to run."""
    watched = [m for m in apps.get_models() if m._meta.app_label in APPS]
    found = {}
    for model in [*watched, Filing, StageLimit]:
        names = [f.attname for f in model._meta.concrete_fields if f.name not in OWN | BY_DIGEST]
        kept = model.objects.exclude(book__code="county") if model is Entry else model.objects
        written = map(repr, kept.values_list(*names))
        found[model._meta.label] = sorted(
            re.sub(r"(default|makeup):\d+", r"\1", row) for row in written
        )
    return found


def told(silent, way):
    """Only one department is left silent: the other gives its opinion, as behind a red line it may until long after."""
    for department, item in SILENT:
        if department != silent:
            slot = way.slot(department, item, way.meeting)
            clerk = way.people.department(department)
            way.do(services.give_opinion, slot, position="agree", by=clerk)


def swept(_way):
    with clock.driven(LATE):
        return sweep(LATE)


def replied(way):
    slot = way.slot(*SILENT[0], way.meeting)
    clerk = way.people.department(slot.department.code)
    with clock.driven(slot.due_at):
        return services.give_opinion(slot, position="agree", by=clerk, at=slot.due_at)


@pytest.fixture
def same_chance(monkeypatch):
    """What a paper draws by chance is the same each time that something is done anew; call it to begin anew."""
    drawn = []

    def begin():
        drawn[:] = [count(1)]

    monkeypatch.setattr("secrets.token_hex", lambda size: f"{next(drawn[0]):0{2 * size}x}")
    return begin


DEEDS = {
    "a default": (SILENT[0][0], swept),
    "no opinion behind a red line": (SILENT[1][0], swept),
    "a reply": (SILENT[0][0], replied),
}


def made_to_fail(way, deed, number):
    """Do a deed with the nth statement failing; return whether there was one."""
    with failing(number) as failed:
        try:
            deed(way)
        except DatabaseError:
            assert failed
    return bool(failed)


@pytest.mark.parametrize("name", DEEDS)
def test_whichever_statement_fails_all_is_old_or_all_is_new(over, same_chance, caplog, name):
    caplog.set_level(logging.CRITICAL, "chengnuo.sweep")
    silent, plain = DEEDS[name]

    def deed(way):
        same_chance()
        plain(way)

    told(silent, over)
    old = rows()
    with undone():
        deed(over)
        new = rows()
    assert new != old
    kept = Counter()
    for number in count(1):
        if not mine(name, number):
            continue
        with undone():
            if not made_to_fail(over, deed, number):
                break
            now = rows()
            kept["new" if now == new else "old" if now == old else f"half at {number}"] += 1
            Book.objects.filter(next_due=LATE + RETRY).update(next_due=LATE)  # five minutes later
            if now != new:
                deed(over)
            assert rows() == new, number
            assert holes() == []
    print(name, dict(kept))
    assert set(kept) <= {"old", "new"}
    assert kept["old"] > 5


def test_after_a_fault_the_books_verify_and_the_sweep_comes_again_in_five_minutes(over, caplog):
    caplog.set_level(logging.CRITICAL, "chengnuo.sweep")
    told(SILENT[0][0], over)
    for number in (5, 15, 30):
        made_to_fail(over, swept, number)
        assert Book.objects.filter(next_due__lte=LATE + RETRY).exists()
        assert verify_all()[2] == []
    with clock.driven(LATE + RETRY):
        assert sweep(LATE + RETRY) >= 1
    slot = over.slot(*SILENT[0], over.meeting)
    assert slot.opinion.position == "deemed_timeout"
    assert slot.opinion.effective_at == slot.due_at
    assert verify_all()[2] == []
