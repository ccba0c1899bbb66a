"""One answer of a department as a whole service call, against the same rows written in one statement.

The call takes the book's lock, reads what bears on the slot, decides whether it is in time, checks the person,
writes outcome, slot and a chained ledger entry, and commits. The floor writes those rows and checks nothing; on
SQLite, which cannot change two tables in one statement, it is four statements in one transaction. Each call answers
a slot of its own. The bars: at most 4 times the floor, and at most 6 statements, however many have answered before.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, Variant, arguments, finish, in_turn

SETTLE = (
    "UPDATE prereview_slot SET state = 'settled', ended_at = %s, act_at = NULL "
    "WHERE id = %s AND state <> 'settled'"
)
OUTCOME = (
    "INSERT INTO prereview_opinion (slot_id, stands_in_id, position, red_line, reason, clause, conditions, "
    "given_by_id, effective_at, recorded_at, proof, mark_basis, mark_approver) "
)
OUTCOME_OF = "'agree', %s, '', '', '[]', %s, %s, %s, '{}', '', ''"
ENTRY = "INSERT INTO ledger_entry (book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest) "
ENTRY_OF = "'give_opinion', %s, %s, %s, %s, '', %s"
TURN = "UPDATE ledger_book SET sequence = sequence + 1, head = %s"
PAYLOAD = '{"clause":"","conditions":0,"department":"ZRZYJ","item":"R04","kind":"meeting","position":"agree"}'
IN_ONE = (
    f"WITH s AS ({SETTLE} RETURNING id, book_id), "
    f"o AS ({OUTCOME} SELECT id, id, {OUTCOME_OF} FROM s), "
    f"b AS ({TURN} FROM s WHERE ledger_book.id = s.book_id RETURNING ledger_book.id, sequence) "
    f"{ENTRY} SELECT id, sequence, {ENTRY_OF} FROM b"
)


def floor(slot: Any, at: datetime, by: Any) -> None:
    """Write an answer's rows, asking nothing."""
    from django.db import connection, transaction

    when: Any = connection.ops.adapt_datetimefield_value(at)
    digest = f"{slot.pk:064d}"
    settle, outcome = [when, slot.pk], [False, by.pk, when, when]
    entry = [by.pk, when, when, _payload(connection.vendor), digest]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(IN_ONE, [*settle, *outcome, digest, *entry])
            return
        with transaction.atomic():
            cursor.execute(SETTLE, settle)
            cursor.execute(f"{OUTCOME} VALUES (%s, %s, {OUTCOME_OF})", [slot.pk, slot.pk, *outcome])
            cursor.execute(f"{TURN} WHERE id = %s", [digest, slot.book_id])
            cursor.execute(
                f"{ENTRY} SELECT id, sequence, {ENTRY_OF} FROM ledger_book WHERE id = %s",
                [*entry, slot.book_id],
            )


def _payload(vendor: str) -> Any:
    return PAYLOAD.encode() if vendor == "postgresql" else memoryview(PAYLOAD.encode())


def prepare(copies: int, *, closed: bool = False) -> tuple[list[Any], datetime, dict[int, Any]]:
    """Walk a case into its meeting, copy it, and return open slots with the instant and each department's clerk.

    `closed`: the case has been dealt with in the meeting and its opinions' limits run.
    """
    from benchmarks.multiply import multiply
    from prereview.models import Slot
    from prereview.services import close_item, open_item
    from prereview.stages import SessionKind
    from tests.conftest import everybody, instant
    from tests.walk import walk

    people = everybody()
    way = walk(people, instant("2018-03-05 09:00"), to="prereviewing")
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.do(open_item, way.meeting.agenda.get(), by=people.convenor)
    if closed:
        way.do(close_item, way.meeting.agenda.get(), by=people.convenor)
    multiply(way.filing, copies)
    copied = Slot.objects.filter(kind=SessionKind.MEETING, pk__gt=1_000_000)
    slots = list(copied.select_related("department").order_by("pk"))
    clerks = {slot.department_id: people.department(slot.department.code) for slot in slots[:20]}
    return slots, way.now, clerks


def by_service(slot: Any, at: datetime, by: Any) -> None:
    """Give the answer as a person's page or program does."""
    from core import clock
    from prereview.services import give_opinion

    with clock.driven(at):
        give_opinion(slot, position="agree", by=by, at=at)


def asked_of(work: Callable[[], Any]) -> int:
    """Return how many statements a piece of work takes, without those that begin and end a transaction."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(frame) for query in asked)


def checked(answered: int) -> None:
    """Fail unless every answer has its one outcome, and every book as many entries as its head says."""
    from django.db.models import Count, F

    from core.ledger.models import Book
    from prereview.models import Opinion
    from prereview.stages import SessionKind

    given = Opinion.objects.filter(slot__kind=SessionKind.MEETING, slot__gt=1_000_000)
    assert given.count() == answered
    books = Book.objects.filter(pk__gt=1_000_000).annotate(n=Count("entries"))
    assert not books.exclude(n=F("sequence")).exists()


def compare(repeat: int, calls: int = 100) -> Figures:
    """Time both in turn on slots of their own."""
    figures = Figures("one answer")
    with own_database():
        slots, at, clerks = prepare(copies=-(-2 * repeat * calls // 8) + 2)
        left = iter(slots)
        answered = 0

        def times(one: Callable[[Any, datetime, Any], None]) -> Callable[[], int]:
            def run() -> int:
                nonlocal answered
                for _number in range(calls):
                    slot = next(left)
                    one(slot, at, clerks[slot.department_id])
                answered += calls
                return calls

            return run

        variants = [Variant("service call", times(by_service)), Variant("floor", times(floor))]
        in_turn(variants, repeat)
        checked(answered)
        counts = [
            asked_of(lambda slot=slot: by_service(slot, at, clerks[slot.department_id]))
            for slot in left
        ]
    figures.show(variants, "one answer")
    figures.goal("times the floor", variants[0].median / variants[1].median, most=4)
    figures.goal("statements of an answer, the most", max(counts), most=6)
    return figures


if __name__ == "__main__":
    asked = arguments(__doc__)
    ready()
    finish(compare(asked.repeat), asked.json)
