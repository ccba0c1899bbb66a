"""Sessions and opinions, for programs."""

from prereview.api import dispatches, opinions, planning, room, sessions, visit

# The plan stands before the sessions: an address that names one would take its name for theirs.
ADDRESSES = [
    *dispatches.ADDRESSES,
    *planning.ADDRESSES,
    *sessions.ADDRESSES,
    *opinions.ADDRESSES,
    *room.ADDRESSES,
    *visit.ADDRESSES,
]

__all__ = ["ADDRESSES"]
