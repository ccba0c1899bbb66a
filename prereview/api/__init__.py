"""Sessions and opinions, for programs."""

from prereview.api import dispatches, opinions, sessions, visit

ADDRESSES = [*dispatches.ADDRESSES, *sessions.ADDRESSES, *opinions.ADDRESSES, *visit.ADDRESSES]

__all__ = ["ADDRESSES"]
