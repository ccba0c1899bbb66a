"""Notices, objections, bulletins, checkpoints and the counting of days, for programs; the public needs no token."""

from public_notice.api import (
    bulletins,
    checkpoints,
    confidential,
    credit,
    disclosures,
    draws,
    due,
    figures,
    handling,
    mailbox,
    notices,
    openness,
)

ADDRESSES = [
    *notices.ADDRESSES,
    *handling.ADDRESSES,
    *bulletins.ADDRESSES,
    *checkpoints.ADDRESSES,
    *confidential.ADDRESSES,
    *credit.ADDRESSES,
    *disclosures.ADDRESSES,
    *draws.ADDRESSES,
    *due.ADDRESSES,
    *figures.ADDRESSES,
    *mailbox.ADDRESSES,
    *openness.ADDRESSES,
]

__all__ = ["ADDRESSES"]
