"""Limits start, end, are counted anew and pass."""

from core.deadlines.services.limits import (
    act_next,
    end,
    feed,
    grace,
    local,
    start,
    today,
    working_morning,
)
from core.deadlines.services.projection import reproject
from core.deadlines.services.stoppages import go_on, lengthen, stand_still
from core.deadlines.services.sweep import RETRY, sweep, sweep_book

__all__ = [
    "RETRY",
    "act_next",
    "end",
    "feed",
    "go_on",
    "grace",
    "lengthen",
    "local",
    "reproject",
    "stand_still",
    "start",
    "sweep",
    "sweep_book",
    "today",
    "working_morning",
]
