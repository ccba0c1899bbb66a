"""Checking the ledger: every chain read and recomputed, and the hashing of the same bytes that lie ready in memory.

Afterwards one byte of one entry is changed, and it must be named by book and place; a run that does not prints nothing.
The bar: at least 0.2 of hashing alone, and memory that does not grow with the entries. With a checkpoint in hand the
tree is recomputed as well; that has no bar.
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


def fill(rows: int) -> None:
    """Write so many entries as the services would, in books of twenty; in one transaction, or a million take long."""
    from django.db import transaction

    with transaction.atomic():
        _fill(rows)


def _fill(rows: int) -> None:
    from accounts.services import system_actor
    from core.ledger.models import GENESIS, Book, Entry
    from core.ledger.rules import digest_of
    from core.ledger.services import open_book

    by, made, done = system_actor(), [], 0
    for number in range(-(-rows // LENGTH)):
        book, head = open_book(f"bench:{number}"), GENESIS
        for sequence in range(1, min(LENGTH, rows - done) + 1):
            when = AT + timedelta(seconds=done, microseconds=done % 7)
            payload = (
                f'{{"item":"示例事项{sequence}","note":"{"依据充分，同意。" * 4}","number":{done}}}'
            )
            entry = Entry(
                book=book, sequence=sequence, act="give_opinion", actor=by, event_at=when, entered_at=when,
                payload=payload, previous=head,
            )  # fmt: skip
            entry.digest = head = digest_of(entry, book.code, by.reference)
            made.append(entry)
            done += 1
        Book.objects.filter(pk=book.pk).update(sequence=sequence, head=head)
        if len(made) >= PORTION:
            Entry.objects.bulk_create(made, batch_size=500)
            made = []
    Entry.objects.bulk_create(made, batch_size=500)


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
    return figures


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    asked = arguments(__doc__, rows={"type": int, "default": 1_000_000})
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)
