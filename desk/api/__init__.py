"""Where everything comes together for a person: the case in full, the work list, the supervisor's view."""

from desk.api import (
    calendars,
    case,
    catalogue,
    days_saved,
    evidence,
    messages,
    mine,
    past,
    progress,
    supervision,
    what_if,
)

ADDRESSES = [
    *case.ADDRESSES, *messages.ADDRESSES, *mine.ADDRESSES, *supervision.ADDRESSES, *calendars.ADDRESSES,
    *what_if.ADDRESSES, *progress.ADDRESSES, *catalogue.ADDRESSES, *past.ADDRESSES,
    *evidence.ADDRESSES, *days_saved.ADDRESSES,
]  # fmt: skip

__all__ = ["ADDRESSES"]
