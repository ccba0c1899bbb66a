"""The one clock. It is the system's, unless a demonstration is shifted or a story drives it.

Where several hosts share a PostgreSQL server, the system's clock is the server's: each host asks it and counts on from
there. With SQLite there is one host, and its clock is the one there is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import CLOCK_BOOTTIME, clock_gettime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone

log = logging.getLogger("chengnuo.clock")
ASK_AGAIN = 60.0  # seconds, until a host asks the server anew
WRONG = timedelta(seconds=2)  # what a kept clock never is

# A request that lasts longer than this has no claim to the instant of its arrival; with the longest wait for a lock it
# stays below the grace of the sweep (P24), so that a reply under way at its limit is never overtaken.
REQUEST_LASTS = timedelta(seconds=90)
WAITS_FOR_A_LOCK = timedelta(seconds=20)


@dataclass(frozen=True)
class Asked:
    """What time the server said it was, and when by a counter that nobody sets; nothing before it was asked."""

    said: datetime | None = None
    counted: float = 0.0

    @property
    def since(self) -> float:
        """The seconds since then, those in which the machine slept among them."""
        return clock_gettime(CLOCK_BOOTTIME) - self.counted

    def present(self) -> datetime:
        """The present by the server, whatever the clock of this host has been set to meanwhile; or by this host's."""
        return self.said + timedelta(seconds=self.since) if self.said else timezone.now()


_asked = [Asked()]  # one, put in place whole: other threads read it
_arrived: ContextVar[datetime | None] = ContextVar("arrival_of_the_request", default=None)
_driven: ContextVar[datetime | None] = ContextVar("driven_clock", default=None)
_judged: ContextVar[datetime | None] = ContextVar("instant_of_the_act", default=None)


def _shift_file() -> Path:
    return Path(settings.VAR_DIR) / "demo_clock_shift"


def shift() -> timedelta:
    """Return how far the demonstration's clock stands from the system's; zero where there is no demonstration."""
    if not settings.DEMO:
        return timedelta()
    try:
        return timedelta(seconds=int(_shift_file().read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def keep_shift(by: timedelta) -> None:
    """Remember the shift of a demonstration whose as-of date was clamped to the end of the calendar."""
    _shift_file().write_text(str(int(by.total_seconds())))


def compare(connection: Any, **_signal: Any) -> None:
    """Ask the server what time it is, with a new connection and once a minute; a host that is wrong is reported."""
    soon = _asked[0].said is not None and _asked[0].since < ASK_AGAIN
    if connection.vendor != "postgresql" or connection.alias != "default" or soon:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        _asked[0] = Asked(cursor.fetchone()[0], clock_gettime(CLOCK_BOOTTIME))
    if abs(off := timezone.now() - _asked[0].present()) > WRONG:
        log.error("the clock of this host differs from the server's by %s", off)


connection_created.connect(compare, dispatch_uid="clock")


def _ask_first() -> None:
    """Ask the server before the first answer is given; a server that is away is asked when it is back."""
    if _asked[0].said is None and connection.vendor == "postgresql" and not settings.TESTING:
        try:
            connection.ensure_connection()
        except DatabaseError:
            log.warning("the server cannot be asked for the time")


def now() -> datetime:
    """Return the present instant, aware."""
    if at := _driven.get():
        return at
    _ask_first()
    return _asked[0].present() + shift()


def is_own() -> bool:
    """Whether the clock is the system's own: neither driven through the past nor that of a demonstration."""
    return _driven.get() is None and not settings.DEMO


def received() -> datetime:
    """Return when the request in hand arrived: the receipt time of what it brings. Outside of one, the present.

    It counts for a request of ordinary length only: nobody keeps an instant by sending slowly.
    """
    present, arrival = now(), _arrived.get()
    if arrival is None or _driven.get() or not timedelta() <= present - arrival <= REQUEST_LASTS:
        return present
    return arrival


@contextmanager
def arriving() -> Iterator[None]:
    """Stamp the arrival of a request, before anything of it is read."""
    token = _arrived.set(now())
    try:
        yield
    finally:
        _arrived.reset(token)


@contextmanager
def judging(at: datetime) -> Iterator[None]:
    """Judge an act as of its own instant: what is dated in a policy holds or not on that day."""
    token = _judged.set(at)
    try:
        yield
    finally:
        _judged.reset(token)


def in_act() -> bool:
    """Whether an act is being judged, whose answer must be fresh."""
    return _judged.get() is not None


def judged() -> datetime:
    """Return the instant as of which a policy is asked: that of the act in hand, else of the request."""
    return _judged.get() or received()


@contextmanager
def driven(at: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for a replay of past events and for tests."""
    token = _driven.set(at)
    try:
        yield
    finally:
        _driven.reset(token)
