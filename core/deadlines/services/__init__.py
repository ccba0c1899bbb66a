"""Limits start, end, are counted anew and pass."""

from core.deadlines.services.limits import (
    act_next,
    end,
    feed,
    feed_all,
    grace,
    local,
    start,
    start_all,
    today,
    working_morning,
)
from core.deadlines.services.projection import reproject
from core.deadlines.services.stoppages import go_on, lengthen, stand_still, take_back
from core.deadlines.services.sweep import RETRY, sweep, sweep_book, sweep_books

__all__ = [
    "RETRY",
    "act_next",
    "end",
    "feed",
    "feed_all",
    "go_on",
    "grace",
    "lengthen",
    "local",
    "reproject",
    "stand_still",
    "start",
    "start_all",
    "sweep",
    "sweep_book",
    "sweep_books",
    "take_back",
    "today",
    "working_morning",
]
