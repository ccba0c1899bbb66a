"""Notices, objections, bulletins, checkpoints and the counting of days, for programs; the public needs no token."""

from public_notice.api import bulletins, checkpoints, credit, disclosures, draws, due, notices

ADDRESSES = [
    *notices.ADDRESSES,
    *bulletins.ADDRESSES,
    *checkpoints.ADDRESSES,
    *credit.ADDRESSES,
    *disclosures.ADDRESSES,
    *draws.ADDRESSES,
    *due.ADDRESSES,
]

__all__ = ["ADDRESSES"]
