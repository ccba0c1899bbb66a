"""What a room's pages ask for while they stand open: a pulse that costs one query, and a fragment when it has moved.

No connection is held: thirty watchers of a room take no thread of the server between two looks.
"""

import time
from datetime import timedelta
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core import clock
from prereview.queries.room import books_of, pulse
from prereview.rules.room import step_of

SALT = "prereview.pulse"
LASTS = timedelta(hours=24)
KEPT = 60  # seconds that a drawn fragment is kept for the others who ask for the same
NOTHING = 204
LONGEST = 18  # digits: no books hold more acts than that, and a number of any length is not read


def moved_to(books: list[int], *, coded: bool, at: Any) -> str:
    """Return where a room stands: the acts in its books, and where its code is shown the half minute."""
    return f"{pulse(books)}.{step_of(at) if coded else 0}"


def ticket(session: Any, agenda: Any, *, coded: bool, at: Any) -> dict[str, str]:
    """Return the address at which a page feels the pulse of a room, with where the room stood when it was drawn.

    The address names books and no content: whoever has it learns that something happened, for a day.
    """
    books = books_of(session, agenda)
    token = signing.dumps([books, int(coded)], salt=SALT)
    return {"token": token, "seen": moved_to(books, coded=coded, at=at)}


@login_not_required
@require_safe
def feel(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether a room has moved since it was drawn: always empty, and an event in its head where it has."""
    try:
        books, coded = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return HttpResponse(status=403)
    answer = HttpResponse(status=NOTHING)
    acts, _dot, step = request.GET.get("seen", "").partition(".")
    here = str(step_of(clock.now()) if coded else 0)
    known = acts.isdecimal() and len(acts) <= LONGEST
    # What is known here may be a moment older than what the page was drawn from: acts only grow in number.
    if step != here or not known or _acts(books) > int(acts):
        answer["HX-Trigger"] = "room-moved"
    return answer


def _acts(books: list[int]) -> int:
    """Return how many acts are in some books, as this process knew it a moment ago.

    One asks for all: whoever looks meanwhile is answered by what was known before, for `STALE` more, and waits for no
    database.
    """
    if not settings.PULSE_KEPT:
        return pulse(books)
    key = f"pulse:{'-'.join(map(str, books))}"
    if (kept := _kept(key)) is not None and kept[1] > time.monotonic():
        return kept[0]
    asking = ASKING[hash(key) % len(ASKING)]
    if not asking.acquire(blocking=kept is None):
        assert kept is not None  # otherwise it has waited
        return kept[0]
    try:
        if (kept := _kept(key)) is None or kept[1] <= time.monotonic():
            kept = pulse(books), time.monotonic() + settings.PULSE_KEPT
            caches["rooms"].set(key, kept, settings.PULSE_KEPT + STALE)
        return kept[0]
    finally:
        asking.release()


def _kept(key: str) -> tuple[int, float] | None:
    """Return how many acts there were, and until when that is a moment ago."""
    found: tuple[int, float] | None = caches["rooms"].get(key)
    return found


ASKING = [Lock() for _number in range(16)]
STALE = 1  # seconds


# Whoever wants a room that somebody is drawing waits for it: all pages of a room ask at once when it has moved.
DRAWING = [Lock() for _number in range(16)]


def drawn(name: str, session: Any, seen: str, context: Any) -> str:
    """Draw a fragment, once for all who ask for it at this state of the room and in this language."""
    key = f"room:{name}:{session.pk}:{session.stage}:{seen}:{get_language()}"
    rooms = caches["rooms"]
    kept = rooms.get(key)
    if kept is None:
        with DRAWING[hash(key) % len(DRAWING)]:
            kept = rooms.get(key) or render_to_string(name, context())
            rooms.set(key, kept, KEPT)
    return str(kept)
