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
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import TextField

from benchmarks import floors
from benchmarks.county import own_database, ready
from benchmarks.floors import Like
from benchmarks.measure import Figures, arguments, finish, peak_memory, processor_time
from benchmarks.silences import Portion, due


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


def written() -> dict[str, int]:
    """Return how many rows each table has that a default writes, and the bytes of notices and proofs."""
    from django.db.models import Sum
    from django.db.models.functions import Cast, Length

    from approvals.models import StageLimit
    from core.documents.models import Paper
    from core.ledger.models import Entry
    from core.notify.models import Message
    from prereview.models import MakeUp, Opinion

    tables: tuple[Any, ...] = (Opinion, Paper, MakeUp, StageLimit, Entry, Message)
    return {model.__name__: model.objects.count() for model in tables} | {
        column: model.objects.aggregate(n=Sum(Length(Cast(column, TextField()))))["n"] or 0
        for model, column in ((Opinion, "proof"), (Paper, "content"))
    }


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


def swept(portion: Portion, now: datetime, workers: int = 1) -> dict[str, float]:
    """Let so many processes sweep a portion at once; return rows, seconds, time used, and the most memory of one."""
    from django.db import connection

    processes = multiprocessing.get_context("fork")
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


def least(portion: Portion, now: datetime, like: Like, *, reckons: bool) -> dict[str, float]:
    """Write a portion's rows as a floor does."""
    from core.ledger.models import Book

    Book.objects.update(next_due=None)
    began, used = time.perf_counter(), processor_time()
    rows = floors.write(portion, like, now, reckons=reckons)
    seen = {"rows": rows, "seconds": time.perf_counter() - began, "used": processor_time() - used}
    if reckons:
        chained(portion)
    return seen


def _line(name: str, seen: dict[str, float]) -> str:
    each = seen["used"] / seen["rows"] * 1000
    memory = f", {seen['memory']:.0f} MB" if "memory" in seen else ""
    return (
        f"{name}: {seen['rows']:,.0f} defaults, {each:.3f} ms of a processor each, "
        f"{seen['seconds']:.2f} s by the clock{memory}"
    )


def same_rows(rows: dict[str, dict[str, int]]) -> str:
    """Fail unless each way wrote as many rows into each table; return how many, and how long what they say is."""
    texts = {name: (own.pop("proof"), own.pop("content")) for name, own in rows.items()}
    assert all(own == rows["sweep"] for own in rows.values()), rows
    long = ", ".join(f"{name} {proof + content:,}" for name, (proof, content) in texts.items())
    return f"rows of each: {rows['sweep']}; characters of notices and proofs: {long}"


def compare(limits: int, repeat: int) -> Figures:
    """Sweep and floors in turn, each on as many limits of one database."""
    from django.db import connection

    figures, seen = Figures("sweep"), defaultdict(list)
    names = ["sweep", "floor", "copied"]
    if connection.vendor == "postgresql":  # SQLite has one writer
        names.insert(1, "sweep, two workers")
    for _round in range(repeat):
        with own_database():
            portions, now = due(limits, len(names))
            rows: dict[str, dict[str, int]] = {}
            for name, portion in zip(names, portions, strict=True):
                before = written()
                found = _one(name, portion, now, portions[0])
                rows[name] = {of: count - before[of] for of, count in written().items()}
                seen[name].append(found)
                figures.lines.append(_line(name, found))
            figures.lines.append(same_rows(rows))
    figures.values["seen"] = seen

    def rate(name: str, by: str) -> float:
        return statistics.median(one["rows"] / one[by] for one in seen[name])

    figures.goal("of the floor", rate("sweep", "used") / rate("floor", "used"), least=0.8)
    copied = rate("sweep", "used") / rate("copied", "used")
    figures.lines.append(f"       of the copied rows: {copied:.2f}")
    if "sweep, two workers" in names:
        two = rate("sweep, two workers", "seconds") / rate("floor", "seconds")
        figures.goal("of the floor, two workers", two, least=1.3)
    return figures


def _one(name: str, portion: Portion, now: datetime, first: Portion) -> dict[str, float]:
    """Do the work of a portion in the way that has this name; the floors copy what the sweep wrote in the first."""
    if name.startswith("sweep"):
        return swept(portion, now, workers=2 if name != "sweep" else 1)
    return least(portion, now, Like.of(first), reckons=name == "floor")


if __name__ == "__main__":
    asked = arguments(__doc__, limits={"type": int, "default": 1_000})
    ready()
    finish(compare(asked.limits, asked.repeat), asked.json)
