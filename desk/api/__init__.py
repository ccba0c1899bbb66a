"""Where everything comes together for a person: the case in full, the work list, the supervisor's view."""

from desk.api import calendars, case, mine, supervision, what_if

ADDRESSES = [
    *case.ADDRESSES, *mine.ADDRESSES, *supervision.ADDRESSES, *calendars.ADDRESSES, *what_if.ADDRESSES,
]  # fmt: skip

__all__ = ["ADDRESSES"]
