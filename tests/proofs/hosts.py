"""The same county on hosts whose clocks are wrong and whose zones are not the county's.

    python -m tests.proofs.hosts [0 or 1: every other host, from the first or the second]

Each host is a process: its own clock is set wrong, its zone is set after Django has set the county's. It tells the
same story at the same instants, then sweeps two limits by the present: one that is over and one that is not. What it
did is rolled back. Prints one line of JSON: for each host what came of it.
"""

import hashlib
import os
import re
import sys
import time
from datetime import timedelta
from io import StringIO
from itertools import count

from tests.proofs.program import PROCESSES, alone, begin, end

ZONES = ("UTC", "Asia/Shanghai", "Pacific/Kiritimati")
HOURS = (0, 1, -1, 24, -24)
HOSTS = [*((zone, 0) for zone in ZONES), *(("UTC", hours) for hours in HOURS[1:]), (ZONES[2], 24)]
HALF_AN_HOUR = timedelta(minutes=30)


def misplace(zone, hours):
    """Make this process a host of that zone whose clock is wrong by so many hours."""
    import secrets

    from django.utils import timezone

    os.environ["TZ"] = zone
    time.tzset()
    right, drawn = timezone.now, count(1)
    timezone.now = lambda: right() + timedelta(hours=hours)
    secrets.token_hex = lambda size: f"{next(drawn):0{2 * size}x}"  # chance is the same for all


def story():
    """A digest of what is written when a case is taken to its conclusion over a silence: ledger, papers, limits."""
    from approvals.models import StageLimit
    from core.documents.models import Paper
    from core.ledger.models import Entry
    from prereview.models import Opinion
    from tests.proofs.cases import walked

    last = Entry.objects.order_by("pk").last().pk
    way = walked()
    way.morning(7)
    way.conclude("again", reasons="再议")
    told = [
        Entry.objects.filter(pk__gt=last).order_by("pk").values_list("act", "event_at", "entered_at", "payload"),
        Paper.objects.filter(book=way.filing.book).order_by("pk").values_list("number", "content", "issued_at"),
        StageLimit.objects.filter(filing=way.filing).order_by("pk").values_list("rule", "started_at", "due_at"),
        Opinion.objects.filter(slot__filing=way.filing).order_by("pk").values_list("position", "effective_at"),
    ]  # fmt: skip
    keys = re.sub(r"(\w+\.\w+):\d+", r"\1", repr([list(rows) for rows in told]))
    return hashlib.sha256(keys.encode()).hexdigest()


def by_the_present(cases):
    """Sweep by the present: the states of a limit that ended half an hour ago and of one that ends in half an hour."""
    from django.core.management import call_command

    from core import clock
    from core.ledger.models import Book, Entry
    from prereview.models import Slot

    now = the_time()
    for case, due_at in zip(cases, (now - HALF_AN_HOUR, now + HALF_AN_HOUR), strict=True):
        Slot.objects.filter(pk=case.slot).update(due_at=due_at, act_at=due_at)
        Book.objects.filter(pk=case.book).update(next_due=due_at)
    call_command("sweep", stdout=StringIO())
    entered = Entry.objects.filter(book=cases[0].book).last()
    return {
        "over": Slot.objects.get(pk=cases[0].slot).state,
        "not over": Slot.objects.get(pk=cases[1].slot).state,
        "seconds off": round(abs((clock.now() - the_time()).total_seconds())),
        "entered off": round(abs((entered.entered_at - the_time()).total_seconds()))
        if entered
        else None,
    }


def the_time():
    """What time it is for the county: the server's clock, or with SQLite the one host's."""
    from django.db import connection

    from core import clock

    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def host(zone, hours, cases, said):
    """One host: its story and its sweep, rolled back."""
    from django.db import transaction

    misplace(zone, hours)
    with transaction.atomic():
        said.put([zone, hours, {**by_the_present(cases), "story": story()}])
        transaction.set_rollback(True)


def main():
    """Ask every host, one after the other, on one database."""
    begin()
    from tests.proofs.cases import SILENT, prepare

    red = [case for case in prepare(4) if case.department == SILENT[1][0]]
    said, found = PROCESSES.SimpleQueue(), []
    for zone, hours in HOSTS[int(sys.argv[1]) :: 2] if sys.argv[1:] else HOSTS:
        alone()
        asked = PROCESSES.Process(target=host, args=(zone, hours, red, said))
        asked.start()
        asked.join(120)
        found.append(said.get() if asked.exitcode == 0 else [zone, hours, {"exit": asked.exitcode}])
    end(hosts=found)


if __name__ == "__main__":
    main()
