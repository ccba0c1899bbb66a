"""Limits that pass in silence: the sweep with all that a default writes, against the same rows in few statements.

A default writes its outcome, the slot, chained ledger entries, the numbered notice with its proof, the make-up duty
with a limit of its own, and messages. The floor (`floors.py`) writes as many rows of each kind, one statement for each
table, and reckons their contents, digests and chains in the database; beside it stands the older floor, which copies
and reckons nothing. After a sweep every slot must have its one outcome and notice, and every chain must hold, that of
the floor too; otherwise there is no figure. The bar: at least 0.8 of the floor with one process, on PostgreSQL 1.3 with
two. One process is measured in time of a processor (program and database), two by the clock.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from benchmarks import floors
from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish, peak_memory, processor_time
from benchmarks.silences import STEP, due


def _run() -> Any:
    """Return the slots of the meetings that were copied: behind a red line silence ends as no opinion given."""
    from prereview.models import Slot
    from prereview.stages import SessionKind

    return Slot.objects.filter(pk__gt=STEP, kind=SessionKind.MEETING)


def verified(expected: int) -> None:
    """Fail unless every slot has its one outcome and notice, and every chain and series is whole."""
    from core.documents.models import Paper
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
    chained()


def chained() -> None:
    """Fail unless the chain of every copied case holds."""
    from core.ledger.models import Book
    from core.ledger.queries import verify

    faults = [fault for book in Book.objects.filter(pk__gt=STEP) if (fault := verify(book))]
    assert not faults, faults[:3]


def _sweep(now: datetime, said: Any) -> None:
    """Sweep in a process of its own, and say the most memory it held and the time of a processor it used."""
    from core import clock
    from core.deadlines.services import sweep
    from core.documents import pdf

    pdf._needed("default_notice")  # a server that has run for a while knows its templates
    began = processor_time()
    with clock.driven(now):
        sweep(now)
    said.put((peak_memory(), processor_time() - began))


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
    memory, used = zip(*(said.get() for _worker in range(workers)), strict=True)
    return {"rows": expected, "seconds": seconds, "used": sum(used), "memory": max(memory)}


def least(limits: int, *, reckons: bool) -> dict[str, float]:
    """Fill a database, let the sweep draw some cases' defaults, and write the rows of one for all the others."""
    from core import clock
    from core.deadlines.services import sweep_book
    from core.ledger.models import Book

    with own_database():
        _expected, now = due(limits)
        first = Book.objects.filter(pk__gt=STEP, pk__lt=2 * STEP, next_due__isnull=False)
        with clock.driven(now):
            for key in list(first.values_list("pk", flat=True)):
                sweep_book(key, now)
        began, used = time.perf_counter(), processor_time()
        rows = floors.write(now, reckons=reckons)
        seen = {
            "rows": rows,
            "seconds": time.perf_counter() - began,
            "used": processor_time() - used,
        }
        if reckons:
            chained()
    return seen


def _line(name: str, seen: dict[str, float]) -> str:
    each = seen["used"] / seen["rows"] * 1000
    memory = f", {seen['memory']:.0f} MB" if "memory" in seen else ""
    return (
        f"{name}: {seen['rows']:,.0f} defaults, {each:.3f} ms of a processor each, "
        f"{seen['seconds']:.2f} s by the clock{memory}"
    )


def compare(limits: int, repeat: int) -> Figures:
    """Sweep and floors in turn, each in a database of its own."""
    from django.db import connection

    figures = Figures("sweep")
    ways: dict[str, Callable[[int], dict[str, float]]] = {
        "sweep": swept,
        "sweep, two workers": partial(swept, workers=2),
        "floor": partial(least, reckons=True),
        "copied": partial(least, reckons=False),
    }
    if connection.vendor == "sqlite":
        del ways["sweep, two workers"]  # it has one writer
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _round in range(repeat):
        for name, run in ways.items():
            seen[name].append(run(limits))
            figures.lines.append(_line(name, seen[name][-1]))
    figures.values["seen"] = seen

    def rate(name: str, by: str) -> float:
        return statistics.median(one["rows"] / one[by] for one in seen[name])

    figures.goal("of the floor", rate("sweep", "used") / rate("floor", "used"), least=0.8)
    figures.values["of the copied rows"] = rate("sweep", "used") / rate("copied", "used")
    if "sweep, two workers" in ways:
        two = rate("sweep, two workers", "seconds") / rate("floor", "seconds")
        figures.goal("of the floor, two workers", two, least=1.3)
    return figures


if __name__ == "__main__":
    asked = arguments(__doc__, limits={"type": int, "default": 1_000})
    ready()
    finish(compare(asked.limits, asked.repeat), asked.json)
