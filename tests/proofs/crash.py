"""A sweep that is killed again and again, with SIGKILL, wherever it happens to be.

    python -m tests.proofs.crash SEED KILLS

Cases whose limits are over wait to be swept. A process sweeps them as the ticker does, in sets or row by row, and is
killed, in turn before a
statement drawn by chance and after a moment drawn by chance; another takes its place. At last one is left to finish.
Prints one line of JSON.
"""

import os
import random
import signal
import sys
from collections import Counter
from itertools import count

from tests.proofs.program import PROCESSES, alone, begin, end

PER_KILL = 6  # cases that wait for each kill: there is always something under way
MOST_STATEMENTS = 400  # before the kill; one case takes about eighty
MOST = (3, 0)  # books swept in sets in one transaction; none: row by row
LONGEST_LIFE = 0.3  # seconds of work before the kill: about four cases


def sweep_all(ready, most, last_statement=0):
    """The sweep, pass after pass, until nothing is due, or until a statement before which it is killed."""
    from django.db import connection

    from core import clock
    from core.deadlines.services import sweep
    from tests.conftest import instant
    from tests.proofs.cases import TOOK_SO_LONG

    late, statements = instant(TOOK_SO_LONG), count(1)

    def dies(execute, *statement):
        if next(statements) == last_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)

    with clock.driven(late), connection.execute_wrapper(dies):
        ready.set()
        while sweep(late, most=most):
            pass


def killed(rng, number):
    """Let a sweep begin and be killed; return whether it was at work."""
    alone()
    ready, statement = PROCESSES.Event(), rng.randrange(1, MOST_STATEMENTS) if number % 2 else 0
    child = PROCESSES.Process(target=sweep_all, args=(ready, MOST[number // 2 % 2], statement))
    child.start()
    ready.wait(60)
    child.join(60 if statement else rng.random() * LONGEST_LIFE)
    if child.is_alive():
        os.kill(child.pid, signal.SIGKILL)
        child.join(60)
    return child.exitcode == -signal.SIGKILL


def look_at(cases):
    """What was found: how far it came, and all that is lost, doubled or half."""
    from tests.proofs.checks import Look, holes

    look = Look(cases)
    return {
        "came to": Counter(look.outcome(case) for case in cases),
        "doubles": [f"{case.slot}: {what}" for case in cases for what in look.doubles(case)],
        "mixed": [f"{case.slot}: {what}" for case in cases for what in look.mixed(case)],
        "holes": holes(),
    }


def main(seed, kills):
    begin()
    from core.ledger.models import Book
    from tests.conftest import instant
    from tests.proofs.cases import TOOK_SO_LONG, prepare
    from tests.proofs.checks import broken_chains

    cases, rng, at_work, wrong = prepare(kills * PER_KILL), random.Random(seed), 0, []
    for number in range(kills):
        at_work += killed(rng, number)
        if number % 10 == 0:  # in the middle of it nothing is half
            found = look_at(cases)
            wrong += found["doubles"] + found["mixed"] + found["holes"]
    before = look_at(cases)
    alone()
    last = PROCESSES.Process(target=sweep_all, args=(PROCESSES.Event(), MOST[0]))
    last.start()
    last.join(900)
    found = look_at(cases)
    end(
        kills=kills, at_work=at_work, wrong_on_the_way=wrong, waiting_before_the_last=before["came to"][""],
        exit=last.exitcode, still_due=Book.objects.filter(next_due__lte=instant(TOOK_SO_LONG)).count(),
        chains=broken_chains(cases), **found,
    )  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
