"""Sessions and opinions, for programs."""

from prereview.api import dispatches, opinions, sessions

ADDRESSES = [*dispatches.ADDRESSES, *sessions.ADDRESSES, *opinions.ADDRESSES]

__all__ = ["ADDRESSES"]
