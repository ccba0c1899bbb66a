"""What `make test` does on two databases it need not do twice: each database takes its share of a long list.

A list that asks every address, or draws so many cases by chance, is shared between the two runs of the suite: together
they do all of it, with the same tests in both. What touches no database at all is done with the first of them only.
Whoever starts a test alone does all of it at once, and so does `make hunt`.

Two things turn with the seed of the run, which is drawn from the code (tests/chance.py): of the longest lists only a
part is asked (`turns`), and the tests of pages and of the interface are dealt to the databases, each to one of them
(`deal`). A change of the code deals anew. What is proven of both databases runs on both: proofs, ledger and clocks of
the core, real commits, and tests that share their rows themselves.
"""

import json
import os
from collections import Counter
from functools import cache
from hashlib import sha256
from inspect import unwrap
from pathlib import Path

from _pytest.junitxml import bin_xml_escape, mangle_test_address
from django.db import connection

SHARED = os.environ.get("CHENGNUO_SHARED", "") == "1"  # set by deploy/test.sh, which runs on both
PLACES = ("sqlite", "postgresql")
BY_FIXTURE = {"db", "transactional_db", "live_server", "django_db_setup"}
REAL = {"transactional_db", "live_server"}
# Properties in the record of a test, for deploy/same_tests.py.
TOUCHES_NONE, DEALT = ("database", "none"), ("database", "dealt")
SHARES = ("SHARED", "mine", "dealt", "turns", "part", "place")
# Whose tests are dealt: desks, stories, papers, benchmarks; of the core, what is about files, papers, networks, periods
# and checkpoints. Of the rest everything runs on both.
TESTS = Path(__file__).parent
DESKS = {
    "accounts", "api", "approvals", "benchmarks", "desk", "doors", "house", "inspection", "papers", "prereview",
    "public_notice", "stories",
}  # fmt: skip
OF_THE_CORE = {
    "test_calendar_editions", "test_calendar_file", "test_checkpoints", "test_checkpoints_refused",
    "test_documents", "test_gateway", "test_hostile_files", "test_hours", "test_insides", "test_insides_ofd",
    "test_limits", "test_months", "test_other_store", "test_papers", "test_pdf", "test_pdf_attacks",
    "test_plates", "test_previews", "test_proving", "test_receiving", "test_reckoning", "test_s3",
    "test_scanning", "test_sheets", "test_sheets_read", "test_signing", "test_steps", "test_stoppages",
    "test_store_over_the_wire", "test_tries", "test_verifier_forged", "test_ways_out",
}  # fmt: skip
# What a file makes once for all its tests is so long that they go together.
TOGETHER = {"test_replay"}


def lot(draw, *what):
    """A number drawn for what is named so, the same wherever it is drawn; draws know nothing of each other.

    A sum as of CRC would not do: two of them over names of one length differ by the same for all, so that what one
    draw leaves to a database another would take from it altogether.
    """
    return int.from_bytes(sha256(f"{draw} {what!r}".encode()).digest()[:8])


def mine(*what, of=2):
    """Whether this database asks what is named so, the same in every run; the last one asks one in `of`."""
    return not SHARED or (lot("mine", *what) % of == 0) == (place() > 0)


def dealt(turn, *what, of=2):
    """Whether what is named so falls to this turn among so many that look at the same list; alone, everything does."""
    return not SHARED or lot("dealt", *what) % of == turn


def turns(*what, of=3, seed=None):
    """Whether this run asks what is named so: one in `of`, another with each seed; alone, everything is asked."""
    seed = os.environ.get("CHENGNUO_SEED", "") if seed is None else seed
    return not SHARED or lot(f"turns {seed}", *what) % of == 0


def dealt_as(item):
    """What is dealt as one: a test with all its rows, or one row of a list marked `dealt`; None: it is not dealt."""
    if not touches_a_database(item):
        return None
    by_row = item.get_closest_marker("dealt") is not None
    if not (by_row or (_apart(item) and REAL.isdisjoint(item.fixturenames))):
        return None
    if item.path.stem in TOGETHER:
        return item.path, ""
    return item.path, item.name if by_row else item.originalname


def _apart(item):
    """Whether nothing that a test is about depends on the database, and it takes no share of a list itself."""
    desk = item.path.relative_to(TESTS).parts[0]
    apart = desk in DESKS or (desk == "core" and item.path.stem in OF_THE_CORE)
    return apart and not _shares_itself(item)


def deal(items, seed=None):
    """For each test the number of its only database in this run, or None: it runs on both.

    Drawn for each by itself; then so many go over, as drawn again, that both databases get as many tests. Of an odd
    number one runs on both.
    """
    seed = os.environ.get("CHENGNUO_SEED", "") if seed is None else seed
    names = [dealt_as(item) for item in items]
    rows = Counter(name for name in names if name)
    to = {name: lot(f"to {seed}", name[0].stem, name[1]) % len(PLACES) for name in rows}
    over = sum(rows[name] * (1 - 2 * place) for name, place in to.items())
    fuller = int(over < 0)
    over = abs(over)
    for name in sorted(rows, key=lambda name: lot(f"even {seed}", name[0].stem, name[1])):
        if to[name] == fuller and 2 * rows[name] <= over:
            to[name] = 1 - fuller
            over -= 2 * rows[name]
        elif to[name] == fuller and rows[name] == over == 1:
            to[name], over = None, 0
    return [to.get(name) for name in names]


def _shares_itself(item):
    """Whether a test takes its own share of a list: its file imports something from here, and the test comes to it."""
    found = vars(item.module)
    if not any(found.get(name) is globals()[name] for name in SHARES):
        return False
    return _comes_here(item.function, *(found.get(name) for name in item.fixturenames))


@cache
def _comes_here(*begin):
    """Whether a test or one of its fixtures uses something of here, or what it calls in the tests does."""
    todo, seen = [*begin], set()
    while todo:
        one = unwrap(todo.pop())
        if any(one is globals()[name] for name in SHARES if name != "SHARED"):
            return True
        if str(getattr(one, "__module__", "")).startswith("tests.") and id(one) not in seen:
            seen.add(id(one))
            todo += vars(one).values() if isinstance(one, type) else _named_in(one)
    return False


def _named_in(function):
    """What the names in a function mean, and in the functions within it."""
    codes, known = [getattr(function, "__code__", None)], getattr(function, "__globals__", {})
    for code in codes:
        codes += [part for part in getattr(code, "co_consts", ()) if hasattr(part, "co_names")]
    names = {name for code in codes for name in getattr(code, "co_names", ())} & known.keys()
    # SHARED is no thing of its own: any other name may stand for the same truth.
    return [mine if name == "SHARED" else known[name] for name in names]


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


def note_left(record, items):
    """Write beside a record of the tests which of them were left to the other database, named as records name them."""
    named = [mangle_test_address(item.nodeid) for item in items]
    left = [f"{'.'.join(place)}::{bin_xml_escape(name)}" for *place, name in named]
    Path(record).with_suffix(".left").write_text(json.dumps(left), encoding="utf-8")
