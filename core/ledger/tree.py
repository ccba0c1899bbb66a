"""The tree over the entries of the ledger, in the order of the log (RFC 6962): one root, and short proofs of one entry.

Nothing here knows the database. A tree is kept by its peaks, the roots of its whole subtrees, so that a million entries
cost twenty digests of memory, and tomorrow's root needs only tomorrow's entries.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").digest()


def leaf_of(code: str, sequence: int, digest: str) -> bytes:
    """Return the leaf of an entry: its book, its place and its digest, which binds all the rest."""
    return hashlib.sha256(b"\x00" + f"{code}\n{sequence}\n{digest}".encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """A tree that grows at its end: how many leaves, and the roots of its whole subtrees, the largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the end."""
        rest = self.size
        while rest & 1:
            leaf = node(self.peaks.pop(), leaf)
            rest >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node(peak, found)
        return found


def beside(place: int, size: int) -> list[tuple[int, int]]:
    """Return the spans of leaves beside the way from a leaf to the root, from the leaf upwards."""
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if place < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def proof_of(place: int, size: int, leaves: Iterable[bytes]) -> list[bytes]:
    """Return the path that proves the leaf at a place (from 0) in the tree of the first `size` leaves: one pass."""
    spans = beside(place, size)
    trees = [Tree() for _span in spans]
    by_start = sorted(range(len(spans)), key=lambda which: spans[which])
    at = 0
    for number, leaf in enumerate(leaves):
        if number >= size:
            break
        while at < len(by_start) and number >= spans[by_start[at]][1]:
            at += 1
        if at < len(by_start) and number >= spans[by_start[at]][0]:
            trees[by_start[at]].add(leaf)
    return [tree.root() for tree in trees]


def root_by(place: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf and its path lead to; None where the path has not the length it must have."""
    spans = beside(place, size) if 0 <= place < size else None
    if spans is None or len(spans) != len(path):
        return None
    for (low, _high), other in zip(spans, path, strict=True):
        leaf = node(leaf, other) if place < low else node(other, leaf)
    return leaf
