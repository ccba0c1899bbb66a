"""The filing and what belongs to it, for programs: the same services and the same queries as the pages."""

from approvals.api import (
    books,
    counter,
    files,
    filings,
    gaps,
    gate,
    issued,
    limits,
    parts,
    people,
    sealing,
    standing,
    trial,
)

ADDRESSES = [
    *filings.ADDRESSES,
    *parts.ADDRESSES,
    *people.ADDRESSES,
    *counter.ADDRESSES,
    *gaps.ADDRESSES,
    *gate.ADDRESSES,
    *books.ADDRESSES,
    *limits.ADDRESSES,
    *files.ADDRESSES,
    *issued.ADDRESSES,
    *sealing.ADDRESSES,
    *standing.ADDRESSES,
    *trial.ADDRESSES,
]

__all__ = ["ADDRESSES"]
