"""A way that was walked before in this process is not walked again: what it wrote is written once more.

The first walk goes by the services and every statement that writes is kept, with the walk as it stood at each stage. A
later walk that begins in the same untouched county, at the same instant and with the same answers, sends those
statements to the database in their order - its triggers and constraints see them again - and goes on from there.
Whatever was changed before, by a statement or by a setting, makes the walk a real one.
"""

import copy
import re
from contextlib import nullcontext

from django.core.signals import setting_changed
from django.db import connection
from django.utils.translation import get_language

# What draws the keys of new rows writes too: a sequence has moved on.
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|ROLLBACK|WITH|SELECT nextval)", re.IGNORECASE
)
TURN_BACK = (
    "SELECT setval(name::regclass, number, drawn) "
    "FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS s (name, number, drawn)"
)
KEPT = ("now", "pk", "survey", "meeting", "notice")


class Path:
    """One way: the statements in their order, and for each stage how many of them lead there and the walk there."""

    def __init__(self):
        self.statements, self.stops, self.sequences = [], {}, sequences()

    def __call__(self, execute, sql, params, many, context):
        """Keep a statement that writes; a wrapper of the connection's statements."""
        if found := WRITES.match(sql):
            assert found[1].upper() != "ROLLBACK", (
                "a way on which something is taken back is not kept"
            )
            self.statements.append((sql, params, many))
        return execute(sql, params, many, context)

    def stand(self, way, stage):
        """Remember how the walk stands at a stage."""
        facts = {name: getattr(way, name) for name in KEPT}
        self.stops[stage] = (len(self.statements), copy.deepcopy(facts))

    def forget_fall(self):
        """What was written after the last stage that was reached belongs to a walk that fell."""
        reached = max((count for count, _facts in self.stops.values()), default=0)
        del self.statements[reached:]

    def again(self, way, stage):
        """Write what led to a stage, and let the walk stand there."""
        count, facts = self.stops[stage]
        self._count_as_then()
        with _at_once(), connection.cursor() as cursor:
            for sql, params, many in self.statements[:count]:
                (cursor.executemany if many else cursor.execute)(sql, params)
        for name, value in copy.deepcopy(facts).items():
            setattr(way, name, value)

    def _count_as_then(self):
        """New rows get the numbers they had: what was rolled back did not turn the sequences back."""
        if self.sequences:
            with connection.cursor() as cursor:
                cursor.execute(
                    TURN_BACK, [list(kind) for kind in zip(*self.sequences, strict=True)]
                )


def sequences():
    """Return (name, number, whether it was drawn) of each sequence; SQLite turns its own back by itself."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence"
        )
        return [(name, last or 1, last is not None) for name, last in cursor.fetchall()]


def _at_once():
    """On PostgreSQL the statements are sent one after the other without waiting for each answer."""
    return connection.connection.pipeline() if connection.vendor == "postgresql" else nullcontext()


class Trodden:
    """The ways of this process, and whether the county is as it was loaded."""

    def __init__(self):
        self.paths, self.touched = {}, True

    def watch(self):
        """See every statement of this process's connection and every change of a setting."""
        if self._see not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._see)
            setting_changed.connect(self._see_setting)
            self.touched = True  # of the first test nobody has seen what it changed before

    def forget(self):
        """The county was loaded anew: its rows have other numbers."""
        self.paths.clear()

    def begin(self, *, patched):
        """A test begins: untouched, unless something is patched in it."""
        self.touched = patched

    def _see(self, execute, sql, params, many, context):
        self.touched = self.touched or WRITES.match(sql) is not None
        return execute(sql, params, many, context)

    def _see_setting(self, *, setting, value, **_more):
        self.touched = self.touched or (setting, value) != ("DEMO", False)

    def walk(self, way, key, stages, step):
        """Bring a walk to the last of `stages`: as far as it was walked before, then by `step(stage)`."""
        if self.touched or _somebody_was_here():
            for stage in stages:
                step(stage)
            return
        key = (*key, get_language())
        path = self.paths.get(key) or Path()
        known = [stage for stage in stages if stage in path.stops]
        if known:
            path.again(way, known[-1])
        self.touched = True
        if len(known) == len(stages):
            return
        path.forget_fall()
        with connection.execute_wrapper(path):
            for stage in stages[len(known) :]:
                step(stage)
                path.stand(way, stage)
        self.paths[key] = path


def _somebody_was_here():
    """Whether a fixture of the whole file has left something behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM approvals_filing LIMIT 1")
        return cursor.fetchone() is not None


TRODDEN = Trodden()
