"""Checking the ledger: every chain read and recomputed, and the hashing of the same bytes that lie ready in memory.

Afterwards one byte of one entry is changed, and it must be named by book and place; a run that does not prints nothing.
The bars: at least 0.2 of hashing alone, a million in less than a minute, and memory that does not grow with the
entries. Hashing is one process, walking as many as there are cores. With a checkpoint in hand the tree is recomputed
as well; that has no bar.
"""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, Variant, arguments, finish, in_turn, peak_memory

AT = datetime(2018, 6, 15, 1, 30, tzinfo=UTC)
LENGTH = 20  # entries of a book
PORTION = 5_000
COLUMNS = "book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest"
PLACES = ", ".join(["%s"] * 9)


def fill(rows: int) -> None:
    """Write so many entries as the services would, in books of twenty; in one transaction, or a million take long."""
    from django.db import transaction

    with transaction.atomic():
        _fill(rows)


def _fill(rows: int) -> None:
    from django.db import connection

    from accounts.services import system_actor
    from core.ledger.models import GENESIS, Book
    from core.ledger.rules import bound_to, chained
    from core.ledger.services import open_book

    by, made, done = system_actor(), [], 0
    for number in range(-(-rows // LENGTH)):
        book, head = open_book(f"bench:{number}"), GENESIS
        for sequence in range(1, min(LENGTH, rows - done) + 1):
            when = AT + timedelta(seconds=done, microseconds=done % 7)
            payload = (
                f'{{"item":"示例事项{sequence}","note":"{"依据充分，同意。" * 4}","number":{done}}}'
            )
            kept = connection.ops.adapt_datetimefield_value(when)
            bound = bound_to("give_opinion", by.reference, when, when)
            digest = chained(book.code, sequence, bound, payload, head)
            made.append((book.pk, sequence, "give_opinion", by.pk, kept, kept, payload, head, digest))  # fmt: skip
            head = digest
            done += 1
        Book.objects.filter(pk=book.pk).update(sequence=sequence, head=head)
        if len(made) >= PORTION:
            _write(made)
            made = []
    _write(made)


def _write(made: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ledger_entry ({COLUMNS}) VALUES ({PLACES})", made)


def by_project() -> int:
    """Check every chain as the command does."""
    from core.ledger.queries import verify_all

    _books, entries, faults = verify_all()
    assert faults == [], faults[:3]
    return entries


def with_tree() -> int:
    """Recompute the tree and compare the checkpoint."""
    from core.ledger.attest import attested
    from core.ledger.checkpoints import newest

    held, fault = attested()
    last = newest()
    assert last is not None
    assert (held, fault) == (1, None)
    return last.size


def hashing(texts: list[bytes]) -> int:
    """Hash what lies ready; every digest is made and none compared."""
    for text in texts:
        hashlib.sha256(text).hexdigest()
    return len(texts)


def flipped_is_named(rows: int) -> None:
    """Fail unless one changed byte is found at its place."""
    from django.apps import apps
    from django.db import connection

    from core.ledger.queries import verify_all

    with connection.schema_editor() as editor:
        for name in ("0003_no_truncate", "0002_append_only"):
            import_module(f"core.ledger.migrations.{name}").allow(apps, editor)
    number = rows // LENGTH // 2
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_entry SET payload = replace(payload, '同意', '同义') WHERE sequence = 7 AND book_id = "
            "(SELECT id FROM ledger_book WHERE code = %s)",
            [f"bench:{number}"],
        )
    found = [(fault.book, fault.sequence) for fault in verify_all()[2]]
    assert found == [(f"bench:{number}", 7)], found


def compare(repeat: int, rows: int = 20_000) -> Figures:
    """Fill, check and hash in turn, then change a byte; the bar of memory is asked of the second pass."""
    from django.conf import settings

    from core.ledger import keys, reading
    from core.ledger.checkpoints import make_checkpoint

    figures = Figures("ledger_verify")
    with own_database():
        fill(rows)
        settings.CHECKPOINT_SEEN = None  # or the next run takes its new database for an old copy
        settings.CHECKPOINT_KEY = Path(settings.VAR_DIR) / "key"
        keys.write_seed(settings.CHECKPOINT_KEY)
        make_checkpoint(AT)
        by_project()
        before = peak_memory()
        by_project()
        figures.goal("MB more for all entries once more", peak_memory() - before, most=8)
        texts = [reading.bound(row).encode() for row in islice(reading.rows(), rows)]
        ours, alone = Variant("project", by_project), Variant("hashing", lambda: hashing(texts))
        variants: list[Any] = [ours, Variant("tree and checkpoint", with_tree), alone]
        in_turn(variants, repeat)
        flipped_is_named(rows)
    figures.show(variants, f"{rows:,} entries")
    figures.goal("of hashing alone", alone.median / ours.median, least=0.2)
    figures.goal("seconds for a million", ours.median * 1e6, most=60)
    return figures


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    asked = arguments(__doc__, rows={"type": int, "default": 1_000_000})
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)
