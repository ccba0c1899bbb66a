"""Sessions and opinions, for programs."""

from prereview.api import opinions, sessions

ADDRESSES = [*sessions.ADDRESSES, *opinions.ADDRESSES]

__all__ = ["ADDRESSES"]
