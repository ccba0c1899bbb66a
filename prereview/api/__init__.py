"""Sessions and opinions, for programs."""

from prereview.api import dispatches, opinions, room, sessions

ADDRESSES = [*dispatches.ADDRESSES, *sessions.ADDRESSES, *opinions.ADDRESSES, *room.ADDRESSES]

__all__ = ["ADDRESSES"]
