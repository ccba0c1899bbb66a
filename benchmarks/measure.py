"""Variants timed in turn, with medians, ranges and what the machine was; a ratio survives a busy machine."""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Variant:
    """One way to do the work; `run()` does it once and returns how many units of it were done."""

    name: str
    run: Callable[[], int]
    seconds: list[float] = field(default_factory=list)  # per unit

    @property
    def median(self) -> float:
        """Seconds for one unit, the middle of all repeats."""
        return statistics.median(self.seconds)

    def line(self) -> str:
        """Name, microseconds per unit with their range, units per second."""
        low, high = min(self.seconds), max(self.seconds)
        return (
            f"{self.name:<34} {self.median * 1e6:>12.2f} µs  ({low * 1e6:.2f}–{high * 1e6:.2f})"
            f"  {1 / self.median:>14,.0f}/s"
        )


def in_turn(
    variants: list[Variant],
    repeat: int,
    between: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Run the variants one after the other, so many rounds; `between` restores what a run used up."""
    for _round in range(repeat):
        for variant in variants:
            between()
            began = clock()
            done = variant.run()
            variant.seconds.append((clock() - began) / done)


@dataclass
class Figures:
    """What a benchmark found: lines for a person, values for a file, and whether its goals were met."""

    name: str
    lines: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def show(self, variants: list[Variant], title: str) -> None:
        """Add the lines of some variants under a title."""
        self.lines += [f"— {title}", *(variant.line() for variant in variants)]
        self.values[title] = {v.name: {"median": v.median, "all": v.seconds} for v in variants}

    def goal(
        self, what: str, found: float, least: float | None = None, most: float | None = None
    ) -> None:
        """Compare a ratio with its goal and say which it was."""
        met = (least is None or found >= least) and (most is None or found <= most)
        bound = f"≥ {least:g}" if least is not None else f"≤ {most:g}"
        self.lines.append(f"{'met   ' if met else 'MISSED'} {what}: {found:.2f} (goal {bound})")
        self.values[what] = found
        if not met:
            self.missed.append(what)


def machine() -> str:
    """Return cores, load and versions, as a line."""
    from django.conf import settings
    from django.db import connection

    load = " ".join(f"{one:.2f}" for one in os.getloadavg())
    database = connection.vendor if settings.configured else "no database"  # pure rules need none
    return f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}, {database}"


def peak_memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor_time() -> float:
    """Return the seconds of a processor that this process, and the database's own for its connection, have used."""
    from django.db import connection

    used = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        said = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        used += (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return used


def processor_of(*backends: int) -> Callable[[], float]:
    """Return a clock that says the seconds of a processor that this process and some of PostgreSQL's own have used."""
    tick = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        told = (Path(f"/proc/{pid}/stat").read_text("utf-8") for pid in backends)
        fields = (said.rpartition(")")[2].split() for said in told)
        return time.process_time() + sum(int(one[11]) + int(one[12]) for one in fields) / tick

    return used


def backend_of(connection: Any) -> list[int]:
    """Return the process that PostgreSQL has for a connection; none on SQLite."""
    from django.db import connection as ours

    if ours.vendor != "postgresql":
        return []
    cursor = connection.cursor()
    cursor.execute("SELECT pg_backend_pid()")
    return [cursor.fetchone()[0]]


def arguments(about: str, **more: dict[str, object]) -> argparse.Namespace:
    """Read the options that every benchmark has, and its own."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--repeat", type=int, default=5, help="rounds; the median counts")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    for name, option in more.items():
        parser.add_argument(f"--{name}", **option)  # type: ignore[arg-type]
    return parser.parse_args()


def finish(figures: Figures, to: Path | None) -> None:
    """Print, write, and end with 1 where a goal was missed."""
    print("\n".join([f"{figures.name}: {machine()}", *figures.lines]))
    if to is not None:
        said = {"name": figures.name, "machine": machine(), **figures.values}
        to.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    sys.exit(1 if figures.missed else 0)
