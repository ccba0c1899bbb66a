"""Notices, objections, bulletins and the counting of days, for programs; the public needs no token."""

from public_notice.api import bulletins, credit, draws, due, notices

ADDRESSES = [
    *notices.ADDRESSES,
    *bulletins.ADDRESSES,
    *credit.ADDRESSES,
    *draws.ADDRESSES,
    *due.ADDRESSES,
]

__all__ = ["ADDRESSES"]
