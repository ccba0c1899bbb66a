"""The digest of a file that runs past once, and of each beginning of it that is a whole PDF.

A PDF is changed without a touch to what was there by writing behind its end (an incremental update: a signature, a
page that hides the old one, one more byte). The digests of its beginnings tell that the paper itself is still in it.
"""

import hashlib
from dataclasses import dataclass

END = b"%%EOF"
AFTER = 2  # bytes of the line's end that may belong to it: \r\n
MOST = (
    16  # beginnings that are kept; a paper of ours is the first, or the second with its signature
)


@dataclass(frozen=True)
class Reckoned:
    """Size and SHA-256 of a file, and of its beginnings that end like a PDF: digest to length, without the whole."""

    size: int
    sha256: str
    beginnings: dict[str, int]


class Reckoner:
    """Takes a file piece by piece."""

    def __init__(self) -> None:
        self._whole, self._size = hashlib.sha256(), 0
        self._kept = (
            b""  # what is not in the digest yet, as an end may be parted between two pieces
        )
        self._beginnings: dict[str, int] = {}

    def take(self, piece: bytes) -> None:
        """Take the next piece."""
        self._kept += piece
        while len(self._beginnings) < MOST and (at := self._kept.find(END)) >= 0:
            if len(self._kept) < at + len(END) + AFTER:
                return  # its line may go on
            self._pass(at + len(END))
            self._mark(self._kept[:AFTER])
        self._pass(max(len(self._kept) - len(END) - AFTER, 0))

    def end(self) -> Reckoned:
        """Return what was found; nothing more is taken."""
        while len(self._beginnings) < MOST and (at := self._kept.find(END)) >= 0:
            self._pass(at + len(END))
            self._mark(self._kept[:AFTER])
        self._pass(len(self._kept))
        digest = self._whole.hexdigest()
        parts = {one: size for one, size in self._beginnings.items() if size < self._size}
        return Reckoned(self._size, digest, parts)

    def _pass(self, count: int) -> None:
        piece, self._kept = self._kept[:count], self._kept[count:]
        self._whole.update(piece)
        self._size += len(piece)

    def _mark(self, after: bytes) -> None:
        """Note the beginning that ends here, with and without the end of its line."""
        for line in (b"", b"\n", b"\r", b"\r\n"):
            if after.startswith(line):
                until = self._whole.copy()
                until.update(line)
                self._beginnings[until.hexdigest()] = self._size + len(line)


def reckon(content: bytes) -> Reckoned:
    """Return the digests of what is here already."""
    reckoner = Reckoner()
    reckoner.take(content)
    return reckoner.end()
