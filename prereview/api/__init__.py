"""Sessions and opinions, for programs."""

from prereview.api import (
    after,
    dispatches,
    feed,
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
    *feed.ADDRESSES,
    *planning.ADDRESSES,
    *sessions.ADDRESSES,
    *opinions.ADDRESSES,
    *room.ADDRESSES,
    *visit.ADDRESSES,
    *after.ADDRESSES,
    *standing.ADDRESSES,
]

__all__ = ["ADDRESSES"]
