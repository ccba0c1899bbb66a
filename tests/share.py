"""What `make test` does on two databases it need not do twice: each database takes its share of a long list.

A list that asks every address, or draws so many cases by chance, is shared between the two runs of the suite: together
they do all of it, with the same tests in both. Whoever starts a test alone, and `make hunt`, does all of it at once.
"""

import os
from zlib import crc32

from django.db import connection

SHARED = os.environ.get("CHENGNUO_SHARED", "") == "1"  # set by deploy/test.sh, which runs on both
PLACES = ("sqlite", "postgresql")


def mine(*what, of=2):
    """Whether this database asks what is named so, the same in every run; the last one asks one in `of`."""
    return not SHARED or (crc32(repr(what).encode()) % of == 0) == (place() > 0)


def part(count):
    """How many of so many cases fall to this database, rounded up."""
    return -(-count // len(PLACES)) if SHARED else count


def place():
    """The number of this database among those of a run: what is drawn by chance is drawn differently in each."""
    return PLACES.index(connection.vendor)
