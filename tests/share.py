"""What `make test` does on two databases it need not do twice: each database takes its share of a long list.

A list that asks every address, or draws so many cases by chance, is shared between the two runs of the suite: together
they do all of it, with the same tests in both. What touches no database at all is done with the first of them only.
Whoever starts a test alone does all of it at once, and so does `make hunt`.
"""

import os
from zlib import crc32

from django.db import connection

SHARED = os.environ.get("CHENGNUO_SHARED", "") == "1"  # set by deploy/test.sh, which runs on both
PLACES = ("sqlite", "postgresql")
BY_FIXTURE = {"db", "transactional_db", "live_server", "django_db_setup"}
TOUCHES_NONE = ("database", "none")  # a property in the record of a test, for deploy/same_tests.py


def mine(*what, of=2):
    """Whether this database asks what is named so, the same in every run; the last one asks one in `of`."""
    return not SHARED or (crc32(repr(what).encode()) % of == 0) == (place() > 0)


def dealt(turn, *what, of=2):
    """Whether what is named so falls to this turn among so many that look at the same list; alone, everything does."""
    return not SHARED or crc32(repr(what[::-1]).encode()) % of == turn


def part(count):
    """How many of so many cases fall to this database, rounded up."""
    return -(-count // len(PLACES)) if SHARED else count


def place():
    """The number of this database among those of a run: what is drawn by chance is drawn differently in each."""
    return PLACES.index(connection.vendor)


def touches_a_database(item):
    """Whether a test can reach a database: pytest-django shuts it to one that neither asks for it nor is marked."""
    return item.get_closest_marker("django_db") is not None or not BY_FIXTURE.isdisjoint(
        item.fixturenames
    )


def asks_what_touches_none():
    """Whether this run of the suite does the tests that touch no database."""
    return not SHARED or place() == 0
