"""Notices, objections and the counting of days, for programs: the public reads and objects without a token."""

from public_notice.api import due, notices

ADDRESSES = [*notices.ADDRESSES, *due.ADDRESSES]

__all__ = ["ADDRESSES"]
