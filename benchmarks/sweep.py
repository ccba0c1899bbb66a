"""Limits that pass in silence: the sweep with all that a default writes, against the same rows in few statements.

A default writes its outcome, the slot, chained ledger entries, the numbered notice with its proof, the make-up duty
with a limit of its own, and messages. The floor (`floors.py`) writes the same rows, one statement for each table, put
together by the database from each slot's own rows; afterwards they are compared, every column of each. After a sweep
every slot must have its one outcome and notice, and every chain must hold, that of the floor too; otherwise there is no
figure. The bar: at least 0.8 of the floor with one process, on PostgreSQL 1.3 with two. One process is measured in time
of a processor (program and database), two by the clock.
"""

import multiprocessing
import statistics
import time
from collections import defaultdict
from datetime import datetime
from typing import Any

from benchmarks import floors
from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish, peak_memory, processor_time
from benchmarks.silences import STEP, Portion, due
from benchmarks.told import tell, told


def verified(portion: Portion) -> None:
    """Fail unless every slot of a portion has its one outcome and notice, and every chain and series is whole."""
    from core.documents.models import Paper
    from prereview.models import Opinion
    from prereview.stages import DEEMED

    slots = portion.slots()
    drawn = Opinion.objects.filter(slot__in=slots)
    deemed = drawn.filter(position__in=DEEMED)
    papers = Paper.objects.filter(pk__in=deemed.values("paper"))
    numbers = set(papers.values_list("number", flat=True))
    assert not slots.filter(ended_at=None).exists()
    assert drawn.count() == drawn.values("slot").distinct().count() == slots.count()
    assert deemed.count() == len(numbers) == slots.filter(default="deemed").count()
    chained(portion)


def chained(portion: Portion) -> None:
    """Fail unless the chain of every case of a portion holds."""
    from core.ledger.queries import verify

    faults = [fault for book in portion.books() if (fault := verify(book))]
    assert not faults, faults[:3]


def _sweep(now: datetime, said: Any) -> None:
    """Sweep in a process of its own, and say the most memory it held and the time of a processor it used."""
    from core import clock
    from core.deadlines.services import sweep

    began = processor_time()
    with clock.driven(now):
        sweep(now)
    said.put((peak_memory(), processor_time() - began))


def _warm(portion: Portion, now: datetime) -> None:
    """Let this process know what a server knows that has run for a while: a case is swept, and taken back."""
    from django.db import transaction

    from core import clock
    from core.deadlines.services import sweep

    with transaction.atomic(), clock.driven(now):
        Portion(portion.above, portion.above + 2 * STEP).fall_due()
        sweep(now)
        transaction.set_rollback(True)


def _let_go(connection: Any) -> None:
    """No connection is shared between processes, nor a pool of them."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def swept(portion: Portion, now: datetime, workers: int = 1) -> dict[str, float]:
    """Let so many processes sweep a portion at once; return rows, seconds, time used, and the most memory of one."""
    from django.db import connection

    processes = multiprocessing.get_context("fork")
    _warm(portion, now)
    expected = portion.fall_due()
    _let_go(connection)
    said = processes.SimpleQueue()
    sweepers = [processes.Process(target=_sweep, args=(now, said)) for _worker in range(workers)]
    began = time.perf_counter()
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()
    seconds = time.perf_counter() - began
    assert not any(sweeper.exitcode for sweeper in sweepers)
    verified(portion)
    memory, used = zip(*(said.get() for _worker in range(workers)), strict=True)
    return {"rows": expected, "seconds": seconds, "used": sum(used), "memory": max(memory)}


def least(portion: Portion, now: datetime) -> dict[str, float]:
    """Write a portion's rows as the floor does, which was told what the rules find; compare them with the sweep's."""
    found = told(portion, now)
    tell(found)
    _settled()
    began, used = time.perf_counter(), processor_time()
    rows = floors.reckoned(portion, found, now)
    seen = {"rows": rows, "seconds": time.perf_counter() - began, "used": processor_time() - used}
    floors.same(portion, found)
    chained(portion)
    return seen


def _settled() -> None:
    """Let PostgreSQL clear away what was taken back, and count its rows."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _line(name: str, seen: dict[str, float]) -> str:
    each = seen["used"] / seen["rows"] * 1000
    memory = f", {seen['memory']:.0f} MB" if "memory" in seen else ""
    return (
        f"{name}: {seen['rows']:,.0f} defaults, {each:.3f} ms of a processor each, "
        f"{seen['seconds']:.2f} s by the clock{memory}"
    )


def compare(limits: int, repeat: int) -> Figures:
    """Sweep and floors in turn, each on as many limits of one database."""
    from django.db import connection

    figures, seen = Figures("sweep"), defaultdict(list)
    names = ["sweep", "floor"]
    if connection.vendor == "postgresql":  # SQLite has one writer
        names.append("sweep, two workers")
    for _round in range(repeat):
        with own_database():
            portions, now = due(limits, len(names))
            _settled()
            for name, portion in zip(names, portions, strict=True):
                found = _one(name, portion, now)
                seen[name].append(found)
                figures.lines.append(_line(name, found))
    figures.values["seen"] = seen

    def rate(name: str, by: str) -> float:
        return statistics.median(one["rows"] / one[by] for one in seen[name])

    figures.goal("of the floor", rate("sweep", "used") / rate("floor", "used"), least=0.8)
    figures.lines.append(
        f"       by the clock: {rate('sweep', 'seconds') / rate('floor', 'seconds'):.2f}"
    )
    if "sweep, two workers" in names:
        two = rate("sweep, two workers", "seconds") / rate("floor", "seconds")
        figures.goal("of the floor, two workers", two, least=1.3)
    return figures


def _one(name: str, portion: Portion, now: datetime) -> dict[str, float]:
    """Do the work of a portion in the way that has this name."""
    if name == "floor":
        return least(portion, now)
    return swept(portion, now, workers=2 if name != "sweep" else 1)


if __name__ == "__main__":
    asked = arguments(__doc__, limits={"type": int, "default": 1_000})
    ready()
    finish(compare(asked.limits, asked.repeat), asked.json)
