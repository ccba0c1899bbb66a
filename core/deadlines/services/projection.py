"""A new calendar edition counts every open limit anew: dated, lengthened, or left as it was served; never shortened.

民法典 art. 203 and the State Council's notices say which days count. A limit that was served is relied on: an edition
that would end it earlier leaves it as it is. What has ended, or whose silence has been acted on, is not touched.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from accounts.services import system_actor
from core.columns import update
from core.deadlines.counting import load_interruptions
from core.deadlines.models import CalendarEdition, timed_models
from core.deadlines.projecting import Came, advance
from core.deadlines.queries import calendar_of, edition_at, rulebook_at, start_of
from core.deadlines.rules import MOVED, Move
from core.deadlines.services.limits import feed, grace
from core.ledger.models import Book, Entry
from core.ledger.services import Act, record_all
from core.sets import Beside, rows_of, uncollected

log = logging.getLogger("chengnuo.calendar")
CHUNK = 400  # books in one transaction


@dataclass(frozen=True)
class Step:
    """What one edition made of one row; `place` orders the steps of a book: by edition, table and row."""

    row: Any
    edition: CalendarEdition
    came: Came
    place: tuple[int, int, int]


def reproject(now: datetime) -> int:
    """Count the open limits of every book that is behind the calendar known now; return how many got a new date."""
    edition = edition_at(now)
    behind = Book.objects.filter(counted_by__lt=edition.number).order_by("pk")
    left = iter(list(behind.values_list("pk", flat=True)))
    dated = 0
    while chunk := list(islice(left, CHUNK)):
        dated += _books(chunk, edition, now)
    return dated


def _books(keys: list[int], edition: CalendarEdition, now: datetime) -> int:
    """Bring books up to an edition, whole or not at all; where that fails, each by itself, and the others get on."""
    try:
        with uncollected(), transaction.atomic():
            return _count_anew(keys, edition, now)
    except Exception:
        if len(keys) == 1:
            log.exception("the limits of book %s could not be counted anew", keys[0])
            return 0
    return sum(_books([key], edition, now) for key in keys)


def _count_anew(keys: list[int], edition: CalendarEdition, now: datetime) -> int:
    """Count the limits of some books under their locks; a book that somebody holds waits for the next pass."""
    free = Book.objects.select_for_update(no_key=True, skip_locked=True)
    found = free.filter(pk__in=keys, counted_by__lt=edition.number).order_by("pk")
    behind = {book.pk: book.counted_by for book in found}
    if not behind:
        return 0
    known = CalendarEdition.objects.filter(number__lte=edition.number).order_by("number")
    news = list(known.filter(number__gt=min(filter(None, behind.values()))))
    steps: list[Step] = []
    failed, wait = set(), grace(rulebook_at(now))
    since = min(new.known_from for new in news)
    for row, number in _open_rows(list(behind), start_of(since)):
        try:
            steps += _steps(row, number, news, wait)
        except Exception:
            failed.add(row.book_id)
            log.exception("limit %s of book %s could not be counted anew", row.pk, row.book_id)
    steps.sort(key=lambda step: (step.row.book_id, step.place))
    moved = _write(steps, now)
    Book.objects.filter(pk__in=behind.keys() - failed).update(counted_by=edition.number)
    return moved


def _open_rows(books: list[int], since: datetime) -> Iterator[tuple[Any, int]]:
    """Yield every limit of some books that ran at an instant or has no date, with its table's number."""
    running, beside = Q(provisional=True) | Q(due_at__gt=since), Beside()
    held, here = set(books), _between(books)
    for number, model in enumerate(timed_models()):
        rows = model.objects.filter(here, running, ended_at=None, started_at__isnull=False)
        found = [row for row in rows_of(rows.order_by("pk")) if row.book_id in held]
        beside.put(found, "calendar")
        load_interruptions(found)
        yield from ((row, number) for row in found)


def _between(books: Sequence[int]) -> Q:
    """Ask for the rows of some books: of many, which are all that are behind between the first and the last, by range.

    Hundreds of keys in a statement for each table cost more than the few rows of books that somebody holds.
    """
    if len(books) < CHUNK // 2:
        return Q(book__in=books)
    return Q(book__gte=min(books), book__lte=max(books))


def _steps(
    row: Any, number: int, news: Sequence[CalendarEdition], wait: timedelta
) -> Iterator[Step]:
    """Count a row by each later edition in turn, in memory."""
    for new in news:
        behind = row.calendar is not None and row.calendar.number < new.number
        if behind and (row.provisional or row.due_at > start_of(new.known_from)):
            came = advance(row, new, calendar_of(new), wait)
            yield Step(row, new, came, (new.number, number, row.pk))


def _write(steps: list[Step], now: datetime) -> int:
    """Write what came of the rows, the ledger and the messages; return how many rows have a new date."""
    _save([step.row for step in steps if step.row.calendar == step.edition])
    said = _said([step for step in steps if step.came.what == "kept"])
    told = [step for step in steps if step.came.what in ACTS and _name(step) not in said]
    record_all([_act(step) for step in told], by=system_actor(), at=now)
    new = [step for step in told if step.came.what != "kept"]
    _ring([step.row for step in new])
    for edition in sorted({step.edition for step in new}, key=lambda edition: edition.number):
        of_it = [step for step in new if step.edition == edition]
        _tell([Move(step.row, step.came.before, edition.reason) for step in of_it], now)
    return len({(step.row._meta.label, step.row.pk) for step in new})


def _save(rows: list[Any]) -> None:
    """Write the rows' new ends, table by table."""
    of_model: dict[Any, dict[int, Any]] = defaultdict(dict)
    for row in rows:
        of_model[type(row)][row.pk] = row  # counted by several editions it is one row
    names = ("id", "calendar", "due_at", "act_at", "provisional")
    stored = connection.ops.adapt_datetimefield_value
    for model, by_key in of_model.items():
        ends = [
            (key, row.calendar_id, stored(row.due_at), stored(row.act_at), row.provisional)
            for key, row in by_key.items()
        ]
        update(model, names, list(zip(*ends, strict=True)))


def _ring(rows: list[Any]) -> None:
    """Let each book's clock ring no later than its earliest new date."""
    earliest: dict[Any, set[int]] = defaultdict(set)
    for row in rows:
        earliest[row.act_at].add(row.book_id)
    for act_at, books in earliest.items():
        late = Q(next_due__isnull=True) | Q(next_due__gt=act_at)
        Book.objects.filter(late, pk__in=books).update(next_due=act_at)


def _tell(moves: list[Move], now: datetime) -> None:
    for tell in MOVED:
        tell(moves, now)


ACTS = {"kept": "keep_limit", "dated": "date_limit", "moved": "move_limit"}


def _act(step: Step) -> Act:
    row, came = step.row, step.came
    end = came.before if came.what == "kept" else came.due
    instead = {"kept": came.due, "moved": came.before}.get(came.what)
    more = {} if instead is None else {"instead_of": instead}
    return Act(row.book_id, ACTS[came.what], {
        "limit": row, "rule": row.rule, "due_at": end, "calendar": step.edition.number, **more,
    })  # fmt: skip


def _name(step: Step) -> tuple[int, int, str]:
    """Return how the ledger names a step: book, edition, row."""
    return step.row.book_id, step.edition.number, f"{step.row._meta.label_lower}:{step.row.pk}"


def _said(steps: list[Step]) -> set[tuple[int, int, str]]:
    """Return of which rows the ledger has said already that they stay as served: a book may be looked at again."""
    if not steps:
        return set()
    of_books = Entry.objects.filter(book__in={step.row.book_id for step in steps}, act="keep_limit")
    read = [(book, json.loads(text)) for book, text in of_books.values_list("book_id", "payload")]
    return {(book, said["calendar"], said["limit"]) for book, said in read}


def shorten(row: Any, edition: CalendarEdition, due: datetime, now: datetime, reason: str) -> None:
    """Let a limit end at the earlier instant that a later edition gives, as somebody signed, and tell both sides.

    The caller holds the row's book, has settled who may, and writes the ledger.
    """
    before = row.due_at
    row.calendar, row.due_at, row.act_at = edition, due, due + grace(rulebook_at(now))
    row.save(update_fields=["calendar", "due_at", "act_at"])
    feed(row)
    _tell([Move(row, before, reason)], now)
