"""A round of one filing over twelve departments (serve, answer, join), against the same split and join of Viewflow.

Ours: the meeting is called, which serves each department its summons with dossier, warning and invitation; it opens,
each department gives its opinion in the room, and with the item's close the limit of the minutes starts. All of it as
services, with ledger and outbox, and each act a transaction. Viewflow's: a process is
started, which makes twelve tasks; each is done under the lock of its process; the join ends it. It knows no summons, no
limit and no opinion, and nobody is asked who they are. It runs in a process and an environment of its own
(`deploy/bench.sh` makes it); where there is none, the round is timed alone and the comparison is said to be skipped.
The bars: at most 0.4 times its time, by the clock and by the processor; at most 6 statements for an answer.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.answer import asked_of
from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish

DEPARTMENTS = 12
HERE = Path(__file__).parent
NAME = "viewflow_round"  # its database, beside ours on the same server


def prepare(rounds: int) -> list[Any]:
    """Walk filings to where a meeting can be called; of each, one item concerns twelve departments."""
    from accounts.models import Organisation
    from tests.conftest import everybody, instant
    from tests.walk import walk

    people, start = everybody(), instant("2018-03-05 09:00")
    ways = []
    for number in range(rounds):
        code = f"2018-140722-13-03-{number + 1:06}"
        ways.append(walk(people, start, to="prereviewing", project_code=code))
    item = ways[0].filing.items.get(code="C05").item
    others = Organisation.objects.filter(kind="department", memberships__role="clerk")
    others = others.exclude(pk=item.department_id).order_by("code")
    beside = [one for one in others if "reviewer" in one.duties]
    item.co_departments.set(beside[: DEPARTMENTS - 1])
    for way in ways:
        way.filing.items.exclude(code="C05").update(applies=False)
    return ways


@dataclass
class Cost:
    """What one round took."""

    seconds: float = 0.0
    processor: float = 0.0
    statements: int = 0


class Round:
    """The round of one filing: served, answered, joined; each part may be asked for by itself."""

    def __init__(self, way: Any) -> None:
        """Take a filing that stands before its meeting."""
        from core.deadlines.services import local
        from prereview.queries import earliest_opening
        from prereview.stages import SessionKind

        self.way, self.convenor = way, way.people.convenor
        self.answers: list[int] = []  # statements of each
        # The page on which a date is chosen has asked for the case and the first day; that is no part of serving.
        self.filing = way.filing
        self.opens_at = local(earliest_opening(SessionKind.MEETING, way.now), 9)

    def serve(self) -> None:
        """Call the meeting, at which each department is served."""
        from prereview import services

        self.way.meeting = self.way.do(
            services.call_session, kind="meeting", filings=[self.filing], opens_at=self.opens_at,
            place="政务大厅二楼会议室", by=self.convenor,
        )  # fmt: skip

    def begin(self) -> list[tuple[Any, Any]]:
        """Come to its hour, open it and its item; return each slot with who answers it."""
        from prereview import services

        self.way.now = self.way.meeting.opens_at
        self.way.do(services.open_session, self.way.meeting, by=self.convenor)
        self.item = self.way.meeting.agenda.get()
        self.way.do(services.open_item, self.item, by=self.convenor)
        slots = self.way.open_slots(self.way.meeting)
        return [(slot, self.way.people.department(slot.department.code)) for slot in slots]

    def answer(self, asked: list[tuple[Any, Any]]) -> None:
        """Let each department agree."""
        from benchmarks.answer import by_service

        for slot, clerk in asked:
            by_service(slot, self.way.now, clerk)

    def join(self) -> None:
        """Deal with the item: everything is settled, and the next step opens."""
        from prereview import services

        self.way.do(services.close_item, self.item, by=self.convenor)

    def checked(self, departments: int = DEPARTMENTS) -> None:
        """Fail unless every department was served and has its one outcome, and the minutes are due."""
        from core.ledger.models import Book
        from core.ledger.queries import verify
        from prereview.models import Opinion

        meeting, filing = self.way.meeting, self.way.filing
        assert meeting.invitations.count() == departments
        assert Opinion.objects.filter(stands_in__agenda__session=meeting).count() == departments
        assert filing.limits.filter(rule="P5c", ended_at=None).exists()
        for book in Book.objects.filter(pk__in=(filing.book_id, meeting.book_id)):
            assert verify(book) is None


def timed(way: Any) -> Cost:
    """Run a round; who opens the meeting and reads out the list of slots is no part of serving, answering, joining."""
    found, cost = Round(way), Cost()
    asked: list[tuple[Any, Any]] = []

    def part(work: Any) -> None:
        began, worked = time.perf_counter(), time.process_time()
        work()
        cost.seconds += time.perf_counter() - began
        cost.processor += time.process_time() - worked

    part(found.serve)
    asked = found.begin()
    assert len(asked) == DEPARTMENTS
    part(lambda: found.answer(asked))
    part(found.join)
    found.checked()
    return cost


def counted(way: Any) -> tuple[int, list[int], int]:
    """Run a round, and return the statements of serving, of each answer, and of joining."""
    found = Round(way)
    served = asked_of(found.serve)
    answers = [asked_of(lambda one=one: found.answer([one])) for one in found.begin()]
    return served, answers, asked_of(found.join)


@contextmanager
def database_of_its_own() -> Iterator[dict[str, Any]]:
    """Make the other engine a database as ours is: beside it on the same server, or a file that waits for the disk."""
    from django.conf import settings
    from django.db import connection

    ours = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="chengnuo-bench-") as folder:
            yield {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"{folder}/viewflow.sqlite3",
                "OPTIONS": ours["OPTIONS"],
            }
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")
    kept = {name: ours[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    kept["ENGINE"] = "django.db.backends.postgresql"  # ours is known here alone
    asked = {name: ours["OPTIONS"][name] for name in ("server_side_binding", "prepare_threshold")}
    try:
        yield {**kept, "NAME": NAME, "CONN_MAX_AGE": None, "OPTIONS": asked}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@contextmanager
def other(python: Path) -> Iterator[Callable[[], Cost]]:
    """Start the other engine's process; it yields what runs a round there."""
    with database_of_its_own() as database:
        process = subprocess.Popen(  # noqa: S603 - an interpreter that bench.sh made
            [python.absolute(), "-m", "viewflow_round.process"], cwd=HERE, text=True,
            env={**os.environ, "DEPARTMENTS": str(DEPARTMENTS), "PYTHONPATH": ""},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        said = process.stdout

        def ask(line: str) -> str:
            print(line, file=process.stdin, flush=True)
            return said.readline()

        try:
            assert ask(json.dumps(database)).strip() == "ready"
            yield lambda: Cost(**json.loads(ask("")))
        finally:
            process.stdin.close()
            process.wait(timeout=30)
            said.close()


def compare(figures: Figures, ways: list[Any], theirs: Callable[[], Cost] | None) -> None:
    """Time both in turn, one round each on a filing of its own; the first two filings say the statements."""
    served, answers, joined = counted(ways[0])
    again = counted(ways[1])[1]
    figures.lines.append(
        f"statements: {served} to serve {DEPARTMENTS} departments, {max(answers)} for an answer, {joined} to join"
    )
    figures.goal("statements of an answer, the most", max(*answers, *again), most=6)
    figures.goal(
        "statements of the last answer, over those of the first", again[-1] / again[0], most=1
    )
    ours, beside = [], []
    for way in ways[2:]:
        ours.append(timed(way))
        if theirs is not None:
            beside.append(theirs())
    said(figures, "chengnuo", ours)
    if not beside:
        figures.lines.append(
            "skipped: no environment with Viewflow (deploy/bench.sh makes it); nothing is compared"
        )
        return
    said(figures, f"Viewflow, {beside[0].statements} statements", beside)
    for what in ("seconds", "processor"):
        middle = [
            statistics.median(getattr(one, what) for one in costs) for costs in (ours, beside)
        ]
        figures.goal(f"times Viewflow's round, {NAMES[what]}", middle[0] / middle[1], most=0.4)


def as_served() -> None:
    """Make SQLite's log as long as the site makes it when it starts; the other engine's is Django's own."""
    from django.db import connection

    from config.database.sqlite3.log import keep_long

    if connection.vendor == "sqlite":
        keep_long(str(connection.settings_dict["NAME"]))


NAMES = {"seconds": "by the clock", "processor": "by the processor"}


def said(figures: Figures, who: str, costs: list[Cost]) -> None:
    """Add the lines of one engine, with the range of its rounds."""
    for what, name in NAMES.items():
        all_of = sorted(getattr(one, what) * 1000 for one in costs)
        figures.lines.append(
            f"{who}, {name}: {statistics.median(all_of):.1f} ms ({all_of[0]:.1f}–{all_of[-1]:.1f})"
        )
        figures.values[f"{who}, {name}"] = all_of


if __name__ == "__main__":
    asked_for = arguments(
        __doc__, viewflow={"type": Path, "help": "an interpreter that has Viewflow"}
    )
    ready()
    found = Figures("a round of twelve departments")
    with own_database():
        as_served()
        heard = prepare(asked_for.repeat + 2)
        if asked_for.viewflow is not None and asked_for.viewflow.exists():
            with other(asked_for.viewflow) as one_round:
                one_round()  # what is read but once is read
                compare(found, heard, one_round)
        else:
            compare(found, heard, None)
    finish(found, asked_for.json)
