"""What every story needs to be told: refusals that change nothing, outcomes, and sweeps that come in every manner."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import clock
from core.deadlines.services import local, reproject, sweep_book
from core.documents.models import Paper
from core.ledger.models import Book, Entry
from core.ledger.queries import verify_all
from core.notify.models import Message
from core.steps.reasons import NotNow
from prereview.models import Opinion


@contextmanager
def undone(w):
    """What is told inside is taken back, with its time: the same evening can be told once more in another way."""
    now = w.now
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    w.now = now


@contextmanager
def refused(saying=None, error=NotNow):
    """An act is refused, in these words, and no book has an entry more than before."""
    before = Entry.objects.count()
    with pytest.raises(error, match=saying):
        yield
    assert Entry.objects.count() == before


def sound():
    """Every book's chain holds."""
    _books, _entries, faults = verify_all()
    return faults == []


def in_order(wanted, acts):
    """Whether the acts of a book contain the wanted ones, in this order."""
    rest = iter(acts)
    return all(act in rest for act in wanted)


def told(person, about=""):
    """The subjects of the messages in a person's outbox that speak of something, in their order."""
    found = Message.objects.filter(to=person, subject__contains=about).order_by("pk")
    return list(found.values_list("subject", flat=True))


def papers(book, kind):
    """The numbers of the papers of a kind that a book has, in their order."""
    return list(Paper.objects.filter(book=book, kind=kind).values_list("number", flat=True))


def event(book, act):
    """The instant of the last act of this name in a book: when it took effect, not when it was written."""
    return book.entries.filter(act=act).order_by("sequence").last().event_at


def evidence(book, act):
    """What the last act of this name in a book says."""
    return json.loads(book.entries.filter(act=act).order_by("sequence").last().payload)


# — the sweep, in every manner ————————————————————————————————————————————————————


def _nights(w, until):
    day = timezone.localdate(w.now) + timedelta(days=1)
    while local(day, 0, 5) < until:
        yield local(day, 0, 5)
        day += timedelta(days=1)
    yield until


def _each_night(w, until):
    for night in _nights(w, until):
        w.sweep(night)


def _once_a_week(w, until):
    for number, night in enumerate(_nights(w, until)):
        if number % 7 == 6:
            w.sweep(night)
    w.sweep(until)


def _never_until_the_end(w, until):
    w.sweep(until)


def _last_book_first_at_the_end(w, until):
    _sweep_backwards(until)


def _a_slow_machine_beside_a_fast_one(w, until):
    nights = list(_nights(w, until))
    for fast, slow in zip(nights[1:], nights, strict=False):
        w.sweep(fast)
        w.sweep(slow)
    w.sweep(until)


def _sweep_backwards(now):
    with clock.driven(now):
        reproject(now)
        for pk in Book.objects.order_by("-pk").values_list("pk", flat=True):
            sweep_book(pk, now)


MANNERS = (
    _each_night,
    _once_a_week,
    _never_until_the_end,
    _last_book_first_at_the_end,
    _a_slow_machine_beside_a_fast_one,
)


def outcome(w):
    """What has come of a case: stage, opinions, limits, gaps, notices and numbered papers, with effective times."""
    filing = w.filing
    opinions = Opinion.objects.filter(slot__filing=filing)
    return {
        "stage": (filing.stage, filing.stage_since, filing.round, filing.ended_because),
        "times": (filing.accepted_at, filing.suspended_at, filing.cleared_at),
        "opinions": sorted(
            opinions.values_list(
                "slot__kind", "slot__round", "slot__department__code", "slot__item__code",
                "position", "effective_at",
            ),
            key=str,
        ),
        "limits": sorted(
            filing.limits.values_list("rule", "item__code", "started_at", "due_at", "ended_at", "escalated_at"),
            key=str,
        ),
        "gaps": sorted(
            filing.gaps.values_list("material__name", "state", "rule", "due_at", "ended_at"), key=str
        ),
        "notices": sorted(filing.notices.values_list("stage", "ends_on", "closed_at"), key=str),
        "papers": sorted(Paper.objects.filter(book=filing.book).values_list("kind", "number")),
    }  # fmt: skip


def however_swept(w, until):
    """Let time pass to an instant in every manner of sweeping; all must agree. Then it passes night by night."""
    found = {}
    for manner in MANNERS:
        with undone(w):
            manner(w, until)
            found[manner.__name__] = outcome(w)
            assert sound()
    first = found["_each_night"]
    for name, other in found.items():
        for part, facts in first.items():
            assert other[part] == facts, f"{name}: {part}"
    w.until(until)
    assert outcome(w) == first
    return first


def first_instant(midnight):
    """00:00 as the beginning of a day, told apart from 24:00 of the day before: from here that day is not counted."""
    return midnight + timedelta(microseconds=1)
