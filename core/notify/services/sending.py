"""Sending: each letter is claimed, sent with no transaction open, and then marked; at least once, never for ever."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from core.notify.models import Sending
from core.notify.services.handing import preference_of
from core.notify.services.refusals import Away, Refused
from core.notify.services.ways import WAYS_OUT, WayOut

log = logging.getLogger("chengnuo.outbox")
# How long after each try the next one comes. A try is over long before: no second worker takes a letter under way.
WAITS = tuple(timedelta(minutes=m) for m in (2, 5, 15, 60, 240, 720, 1440))
MOST_TRIES = len(WAITS) + 1
Letter = tuple[int, datetime, int]  # key, when it is due, how often it was tried
PAUSE = WAITS[0]  # for all letters of a way that nobody answers at


def send(now: datetime, most: int) -> int:
    """Send the letters that are due; return how many left. One statement when none is."""
    due = Sending.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    waiting: dict[str, list[Letter]] = {}
    for way, pk, next_at, tries in list(due.values_list("way", "pk", "next_at", "tries")[:most]):
        assert next_at is not None, "asked for"
        waiting.setdefault(way, []).append((pk, next_at, tries))
    return sum(_pass(name, letters, now) for name, letters in waiting.items())


def _pass(name: str, letters: list[Letter], now: datetime) -> int:
    """Send the letters of one way over one connection; where nobody answers, all of them wait a little."""
    sent = 0
    try:
        with WAYS_OUT[name]() as way:
            for pk, seen, tries in letters:
                sent += _one(way, pk, seen, tries, now)
    except Away as away:
        log.warning("%s: nobody answers: %s", name, away)
        waiting = Sending.objects.filter(way=name, next_at__lte=now)
        waiting.update(next_at=now + PAUSE, error=str(away)[:300])
    return sent


def _one(way: WayOut, pk: int, seen: datetime, tries: int, now: datetime) -> int:
    """Claim one letter, send it and mark it. What dies between sending and marking is sent again by its next try."""
    again = now + WAITS[min(tries, len(WAITS) - 1)]
    mine = Sending.objects.filter(pk=pk, next_at=seen)
    if not mine.update(next_at=again, tries=F("tries") + 1):
        return 0  # another worker has it
    sending = Sending.objects.select_related("to__user").get(pk=pk)
    try:
        way.send(sending, preference_of(sending.to.user).language)
    except Refused as refused:
        _mark(pk, next_at=None, failed_at=now, error=str(refused)[:300])
        log.warning("letter %s was refused: %s", pk, refused)
    except Away as away:
        _mark(pk, error=str(away)[:300], **_over(sending, now))
        raise
    except Exception as error:  # one letter that no server takes must not stop the others
        log.exception("letter %s could not be sent", pk)
        _mark(pk, error=str(error)[:300], **_over(sending, now))
    else:
        _mark(pk, next_at=None, sent_at=now, error="")
        return 1
    return 0


def _over(sending: Sending, now: datetime) -> dict[str, Any]:
    return {} if sending.tries < MOST_TRIES else {"next_at": None, "failed_at": now}


def _mark(pk: int, **facts: Any) -> None:
    Sending.objects.filter(pk=pk).update(**facts)


def send_again(sending: Sending, now: datetime) -> bool:
    """Let a letter that was given up be tried anew, from the first try on; return whether it was one."""
    with transaction.atomic():
        given_up = Sending.objects.filter(pk=sending.pk, failed_at__isnull=False)
        return bool(given_up.update(failed_at=None, next_at=now, tries=0, error=""))
