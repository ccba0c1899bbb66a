"""Many proofs from one reading of the log: the whole tree is kept, some 64 bytes for each entry.

One proof needs one pass and no memory (`tree.proof_of`); a pack of evidence needs one for every entry whose words are
withheld, and a reader of two checkpoints needs the proof that the newer one extends the older (RFC 6962, 2.1.2).
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from core.ledger import log
from core.ledger.models import Checkpoint, Span
from core.ledger.tree import EMPTY, beside, leaf_of, node

WIDTH = hashlib.sha256().digest_size


class Whole:
    """The tree over all leaves of a log, level by level; a node that has no neighbour is carried up as it is."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Read the leaves once."""
        self.levels = [b"".join(leaves)]
        while len(self.levels[-1]) > WIDTH:
            self.levels.append(b"".join(_above(self.levels[-1])))

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.levels[0]) // WIDTH

    def root(self, low: int = 0, high: int | None = None) -> bytes:
        """Return the root of the leaves in [low, high), as the tree of the whole splits them."""
        high = self.size if high is None else high
        if high <= low:
            return EMPTY
        length = high - low
        height = length.bit_length() - 1
        if length == 1 << height and low % length == 0:
            start = (low >> height) * WIDTH
            return self.levels[height][start : start + WIDTH]
        middle = low + (1 << (length - 1).bit_length() - 1)
        return node(self.root(low, middle), self.root(middle, high))

    def path(self, place: int) -> list[bytes]:
        """Return the path that proves the leaf at a place."""
        return [self.root(low, high) for low, high in beside(place, self.size)]

    def extends(self, old: int) -> list[bytes]:
        """Return the proof that the tree of the first `old` leaves is the beginning of this one."""
        return list(self._sub(old, 0, self.size, whole=True)) if 0 < old < self.size else []

    def _sub(self, old: int, low: int, high: int, *, whole: bool) -> Iterator[bytes]:
        if old == high - low:
            if not whole:
                yield self.root(low, high)
            return
        half = 1 << (high - low - 1).bit_length() - 1
        if old <= half:
            yield from self._sub(old, low, low + half, whole=whole)
            yield self.root(low + half, high)
        else:
            yield from self._sub(old - half, low + half, high, whole=False)
            yield self.root(low, low + half)


def _above(level: bytes) -> Iterator[bytes]:
    for start in range(0, len(level), 2 * WIDTH):
        pair = level[start : start + 2 * WIDTH]
        yield node(pair[:WIDTH], pair[WIDTH:]) if len(pair) > WIDTH else pair


class Proofs:
    """The proofs under one checkpoint, for as many entries as are asked for."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        """Read the digests of the log, some seconds for a million: not for a request."""
        self.checkpoint = checkpoint
        found = (
            leaf_of(code, sequence, digest or "")
            for code, sequence, digest in log.leaves(0, checkpoint.size)
        )
        self.tree = Whole(found)

    def of(self, code: str, sequence: int) -> dict[str, Any] | None:
        """Return the line that proves an entry; None where the checkpoint does not cover it."""
        place = place_in_log(code, sequence)
        if place is None or place >= self.checkpoint.size:
            return None
        path = [one.hex() for one in self.tree.path(place)]
        at = {"book": code, "sequence": sequence, "place": place, "size": self.checkpoint.size}
        return {"type": "proof", **at, "path": path}


def place_in_log(code: str, sequence: int) -> int | None:
    """Return where an entry stands in the log, from 0; None while no checkpoint covers it."""
    runs = Span.objects.filter(code=code, first__lte=sequence, last__gte=sequence)
    span = runs.first()
    return None if span is None else span.start + sequence - span.first


def between(old: Checkpoint, new: Checkpoint) -> Iterator[dict[str, Any]]:
    """Yield the lines that prove that one checkpoint extends another; ValueError where it is not the newer."""
    if old.size > new.size:
        message = "the first checkpoint has to be the older one"
        raise ValueError(message)
    path = [one.hex() for one in Proofs(new).tree.extends(old.size)]
    yield {"type": "checkpoint", "number": old.number, "text": old.text}
    yield {"type": "consistency", "old": old.size, "new": new.size, "path": path}
    yield {"type": "checkpoint", "number": new.number, "text": new.text}
