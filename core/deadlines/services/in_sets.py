"""Many books swept together: claimed under their locks, then what is due of them acted on in sets.

Only rules that have a function for sets (`rules.in_sets`) are acted on here, and of their rows only the plain ones. The
order within a book is that of the sweep row by row: what comes after a row that is left is left too.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from django.db import transaction

from accounts.once import reading_once
from core.deadlines.due import Due, due_in, set_clocks
from core.deadlines.rules import SETS, InSets
from core.ledger.models import Book
from core.sets import uncollected

MOST_ROUNDS = (
    20  # an outcome may start a limit that has passed as well; a function that never ends is left
)


def sweep_together(keys: Sequence[int], now: datetime) -> tuple[int, list[int]]:
    """Act on what is plain in some books, whole or not at all; return how many rows, and the books with some left.

    A book that somebody holds is passed by: the next pass comes soon.
    """
    with uncollected(), transaction.atomic(), reading_once():
        free = Book.objects.select_for_update(no_key=True, skip_locked=True)
        books = list(
            free.filter(pk__in=keys, next_due__lte=now)
            .order_by("next_due", "pk")
            .values_list("pk", flat=True)
        )
        if not books:
            return 0, []
        handled, left = _rounds(books, now)
        set_clocks([pk for pk in books if pk not in left], now)
    return handled, [pk for pk in books if pk in left]


def _rounds(books: Sequence[int], now: datetime) -> tuple[int, set[int]]:
    """Act, always on the earliest rows of each book, until nothing is due but what is left to be done row by row."""
    handled, left, looked_at = 0, set[int](), list(books)
    for _round in range(MOST_ROUNDS):
        due = due_in(looked_at, now)
        runs = {book: _first(due[book]) for book in looked_at if book in due}
        done = _done(list(runs.values()), now)
        handled += len(done)
        left |= {book for book, rows in runs.items() if not rows or rows[-1] not in done}
        looked_at = [book for book in runs if book not in left]
        if not looked_at:
            return handled, left
    return handled, left | set(looked_at)


def _first(due: list[Due]) -> list[Due]:
    """Return the first rows of a book that one function for sets acts on."""
    handler = _handler(due[0])
    return list(takewhile(lambda row: handler and _handler(row) is handler, due))


def _handler(row: Due) -> InSets | None:
    return SETS.get((row.model, row.rule))


def _done(runs: list[list[Due]], now: datetime) -> set[Due]:
    """Let the functions act, each once; return the rows that they acted on."""
    by_handler: dict[InSets, list[Due]] = {}
    for rows in filter(None, runs):
        if handler := _handler(rows[0]):
            by_handler.setdefault(handler, []).extend(rows)
    done = set[Due]()
    for handler, rows in by_handler.items():
        keys = handler([row.pk for row in rows], now)
        done |= {row for row in rows if row.pk in keys}
    return done
