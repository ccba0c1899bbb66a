"""Notices, objections, bulletins, checkpoints and the counting of days, for programs; the public needs no token."""

from public_notice.api import bulletins, checkpoints, credit, draws, due, notices, openness

ADDRESSES = [
    *notices.ADDRESSES,
    *bulletins.ADDRESSES,
    *checkpoints.ADDRESSES,
    *credit.ADDRESSES,
    *draws.ADDRESSES,
    *due.ADDRESSES,
    *openness.ADDRESSES,
]

__all__ = ["ADDRESSES"]
