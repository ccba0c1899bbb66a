"""Sessions and opinions, for programs."""

from prereview.api import after, dispatches, opinions, sessions, standing

ADDRESSES = [
    *dispatches.ADDRESSES,
    *sessions.ADDRESSES,
    *opinions.ADDRESSES,
    *after.ADDRESSES,
    *standing.ADDRESSES,
]

__all__ = ["ADDRESSES"]
