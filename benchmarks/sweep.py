"""Limits that pass in silence: the sweep with all that a default writes, against the same rows in few statements.

A default writes its outcome, the slot, chained ledger entries, the numbered notice with its proof, the make-up duty
with a limit of its own, and messages. The floor copies as many rows of each kind from those of one default that the
sweep drew, one statement for each table, and reckons nothing. After a sweep every slot must have its one outcome and
notice, and every chain must hold; otherwise there is no figure. The bar: at least 0.8 of the floor
with one process, on PostgreSQL 1.3 with two.
"""

import multiprocessing
import statistics
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish, peak_memory

STEP = 1_000_000  # the n-th copy's keys lie between n and n + 1 steps
DUE = (
    "CREATE TEMPORARY TABLE due AS SELECT id, book_id, row_number() OVER (ORDER BY id) AS n, "
    "row_number() OVER (PARTITION BY book_id ORDER BY id) AS nth "
    "FROM prereview_slot WHERE id > %s AND ended_at IS NULL"
)
SETTLED = "UPDATE prereview_slot SET state = 'settled', ended_at = %s, act_at = NULL"
TURNED = (
    "UPDATE ledger_book SET sequence = %s * (SELECT count(*) FROM due WHERE due.book_id = ledger_book.id), "
    "head = 'F', next_due = NULL WHERE id IN (SELECT book_id FROM due)"
)
DRAWN = "(SELECT id FROM prereview_opinion AS drawn WHERE drawn.stands_in_id = due.id)"
SLOT, BOOK, NAME, NAMES = "due.id", "due.book_id", "'F' || due.n", "'F' || due.n || '-' || k.n"


def due(limits: int) -> tuple[int, datetime]:
    """Fill the database with slots whose silence stands as a default; return how many, and when it is."""
    from approvals.models import Filing
    from benchmarks.answer import prepare
    from benchmarks.multiply import multiply
    from core.ledger.models import Book
    from prereview.models import Slot

    slots, at, _clerks = prepare(copies=1, closed=True)
    more = -(-limits // len(slots)) - 1
    if more > 0:
        multiply(Filing.objects.order_by("pk")[0], more, after=1)
    Book.objects.filter(pk__lt=STEP).update(
        next_due=None
    )  # the case that was copied stays as it is
    return Slot.objects.filter(pk__gt=STEP, ended_at=None).count(), at + timedelta(days=20)


def _run() -> Any:
    """Return the slots of the meetings that were copied: behind a red line silence ends as no opinion given."""
    from prereview.models import Slot
    from prereview.stages import SessionKind

    return Slot.objects.filter(pk__gt=STEP, kind=SessionKind.MEETING)


def verified(expected: int) -> None:
    """Fail unless every slot has its one outcome and notice, and every chain and series is whole."""
    from core.documents.models import Paper
    from core.ledger.models import Book
    from core.ledger.queries import verify
    from prereview.models import Opinion, Slot
    from prereview.stages import DEEMED

    deemed = Opinion.objects.filter(slot__gt=STEP, position__in=DEEMED)
    numbers = list(
        Paper.objects.filter(pk__in=deemed.values("paper")).values_list("number", flat=True)
    )
    silent = Opinion.objects.filter(slot__gt=STEP, slot__in=_run())
    assert silent.count() == expected, (silent.count(), expected)
    assert deemed.count() == len(set(numbers)) == _run().filter(default="deemed").count()
    assert not Slot.objects.filter(pk__gt=STEP, ended_at=None).exists()
    faults = [fault for book in Book.objects.filter(pk__gt=STEP) if (fault := verify(book))]
    assert not faults, faults[:3]


def _sweep(now: datetime, said: Any) -> None:
    """Sweep in a process of its own, and say the most memory it held."""
    from core import clock
    from core.deadlines.services import sweep

    with clock.driven(now):
        sweep(now)
    said.put(peak_memory())


def _let_go(connection: Any) -> None:
    """No connection is shared between processes, nor a pool of them."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def swept(limits: int, workers: int = 1) -> dict[str, float]:
    """Fill a database and let so many processes sweep it at once; return rows, seconds and the most memory of one."""
    from django.db import connection

    processes = multiprocessing.get_context("fork")
    with own_database():
        expected, now = due(limits)
        _let_go(connection)
        said = processes.SimpleQueue()
        sweepers = [
            processes.Process(target=_sweep, args=(now, said)) for _worker in range(workers)
        ]
        began = time.perf_counter()
        for sweeper in sweepers:
            sweeper.start()
        for sweeper in sweepers:
            sweeper.join()
        seconds = time.perf_counter() - began
        assert not any(sweeper.exitcode for sweeper in sweepers)
        verified(expected)
    memory = max(said.get() for _worker in range(workers))
    return {"rows": expected, "seconds": seconds, "memory": memory}


def copied(limits: int) -> dict[str, float]:
    """Fill a database, let the sweep draw one case's defaults, and copy their rows for all the others."""
    from core import clock
    from core.deadlines.services import sweep_book
    from core.ledger.models import Book

    with own_database():
        _slots, now = due(limits)
        first = Book.objects.filter(pk__gt=STEP, pk__lt=2 * STEP, next_due__isnull=False)
        with clock.driven(now):
            for key in list(first.values_list("pk", flat=True)):
                sweep_book(key, now)
        began = time.perf_counter()
        rows = _in_few_statements(now)
        seconds = time.perf_counter() - began
    return {"rows": rows, "seconds": seconds}


def _in_few_statements(now: datetime) -> int:
    """Write for each open slot the rows that one default wrote; return how many slots there were."""
    from django.db import connection, transaction

    from core.documents.models import Paper
    from core.ledger.models import Entry
    from core.notify.models import Message
    from prereview.models import MakeUp, Opinion, Slot

    drawn = Opinion.objects.filter(slot__lt=2 * STEP, slot__gt=STEP, paper__isnull=False)
    one, number = drawn.order_by("pk")[0], drawn.count()
    entries = Entry.objects.filter(book__gt=STEP, book__lt=2 * STEP).order_by("-pk")
    messages = Message.objects.filter(pk__gt=0).order_by("-pk")
    each = {of: -(-of.count() // number) for of in (entries, messages)}
    entry, message = entries[0].pk, messages[0].pk
    stored: Any = connection.ops.adapt_datetimefield_value(now)
    make_up = MakeUp.objects.get(opinion=one).pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, [2 * STEP])
        cursor.execute(f"{SETTLED} WHERE id IN (SELECT id FROM due)", [stored])
        _copies(cursor, Paper, one.paper_id, 1, number=NAME, code=NAME, book_id=BOOK)
        _copies(cursor, Opinion, one.pk, 1, slot_id=SLOT, stands_in_id=SLOT, paper_id="NULL")
        _copies(cursor, MakeUp, make_up, 1, opinion_id=DRAWN, slot_id=SLOT, book_id=BOOK)
        place = f"(due.nth - 1) * {each[entries]} + k.n"
        _copies(cursor, Entry, entry, each[entries], book_id=BOOK, sequence=place, digest=NAMES)
        _copies(cursor, Message, message, each[messages], key=NAMES)
        cursor.execute(TURNED, [each[entries]])
    assert not Slot.objects.filter(pk__gt=2 * STEP, ended_at=None).exists()
    return Opinion.objects.filter(paper=None, slot__gt=2 * STEP, position=one.position).count()


def _copies(cursor: Any, model: Any, row: int, times: int, **changed: str) -> None:
    """Copy one row for each due slot, so many times, with some columns changed."""
    from django.db import connection

    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(name, f"kept.{connection.ops.quote_name(name)}") for name in names]
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    cursor.execute(
        f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times}) "
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(values)} "
        f"FROM due, k, {model._meta.db_table} AS kept WHERE kept.id = %s",
        [row],
    )


def compare(limits: int, repeat: int) -> Figures:
    """Sweep and floor in turn, each in a database of its own."""
    from django.db import connection

    figures = Figures("sweep")
    ways = {"sweep": swept, "sweep, two workers": partial(swept, workers=2), "floor": copied}
    if connection.vendor == "sqlite":
        del ways["sweep, two workers"]  # it has one writer
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(repeat):
        for name, run in ways.items():
            seen = run(limits)
            rates[name].append(seen["rows"] / seen["seconds"])
            figures.lines.append(
                f"{name}: {seen['rows']:,.0f} defaults in {seen['seconds']:.2f} s, {rates[name][-1]:,.0f}/s"
                + (f", {seen['memory']:.0f} MB" if "memory" in seen else "")
            )
    figures.values["rates"] = rates
    median = {name: statistics.median(found) for name, found in rates.items()}
    figures.goal("of the floor", median["sweep"] / median["floor"], least=0.8)
    if "sweep, two workers" in ways:
        two = median["sweep, two workers"] / median["floor"]
        figures.goal("of the floor, two workers", two, least=1.3)
    return figures


if __name__ == "__main__":
    asked = arguments(__doc__, limits={"type": int, "default": 1_000})
    ready()
    finish(compare(asked.limits, asked.repeat), asked.json)
