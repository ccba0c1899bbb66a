"""Sessions and opinions, for programs."""

from prereview.api import (
    after,
    dispatches,
    opinions,
    planning,
    room,
    sessions,
    standing,
    visit,
)

# The plan stands before the sessions: an address that names one would take its name for theirs.
ADDRESSES = [
    *dispatches.ADDRESSES,
    *planning.ADDRESSES,
    *sessions.ADDRESSES,
    *opinions.ADDRESSES,
    *room.ADDRESSES,
    *visit.ADDRESSES,
    *after.ADDRESSES,
    *standing.ADDRESSES,
]

__all__ = ["ADDRESSES"]
