"""The one clock. It is the system's, unless a demonstration is shifted or a story drives it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

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


@contextmanager
def driven(at: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for a replay of past events and for tests."""
    token = _driven.set(at)
    try:
        yield
    finally:
        _driven.reset(token)
