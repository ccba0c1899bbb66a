"""The one clock. It is the system's, unless a demonstration is shifted or a story drives it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# A request that lasts longer than this has no claim to the instant of its arrival; with the longest wait for a lock it
# stays below the grace of the sweep (P24), so that a reply under way at its limit is never overtaken.
REQUEST_LASTS = timedelta(seconds=90)
WAITS_FOR_A_LOCK = timedelta(seconds=20)

_arrived: ContextVar[datetime | None] = ContextVar("arrival_of_the_request", default=None)
_driven: ContextVar[datetime | None] = ContextVar("driven_clock", default=None)


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


def now() -> datetime:
    """Return the present instant, aware."""
    return _driven.get() or timezone.now() + shift()


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
def driven(at: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for a replay of past events and for tests."""
    token = _driven.set(at)
    try:
        yield
    finally:
        _driven.reset(token)
