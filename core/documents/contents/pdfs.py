"""PDF: the pages are wanted, not what acts by itself when they are opened."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.documents.contents.hidden import refuse, refuse_hidden

PIECE = 1 << 20
TAKEN = 1 << 16
OVERLAP = 4096  # so that nothing hides on the border of two pieces
MOST_UNPACKED = 128 << 20  # bytes of packed objects that are looked through
MOST_PACKED = 20_000  # of them; programs put a hundred objects or more into one
END = b"%%EOF"
BLANK = b"\x00\t\n\x0c\r "


def _name(word: str) -> bytes:
    """Return a pattern for a PDF name, each letter of which may be written as `#` and its number."""
    letters = (b"(?:%b|#%02x|#%02X)" % (ch.encode(), ord(ch), ord(ch)) for ch in word)
    return b"/" + b"".join(letters)


# Short names such as /JS meet chance bytes in a scan of many megabytes; an action of scripts has to say /JavaScript.
ACTS = re.compile(
    b"|".join(_name(word) for word in ("JavaScript", "Launch", "EmbeddedFile", "RichMedia"))
)
OBJECTS = re.compile(_name("ObjStm"))
STREAM = re.compile(rb"stream\r?\n")
NEAR = 400  # bytes from the name to the stream it is of


def look_into_pdf(file: BinaryIO) -> None:
    """Refuse a PDF that begins or ends with something else, or carries scripts, programs or other files."""
    refuse_hidden(file)
    file.seek(0)
    if file.read(5) != b"%PDF-":
        raise refuse(_("开头不是 PDF"))
    if not _ends_as_one(file):
        raise refuse(_("PDF 不完整，或者后面附有别的内容"))
    if any(ACTS.search(piece) for _place, piece in _pieces(file)) or any(
        ACTS.search(part) for part in _packed(file)
    ):
        raise refuse(_("PDF 里有脚本、自动动作或者嵌入的文件"))


def _ends_as_one(file: BinaryIO) -> bool:
    file.seek(0, 2)
    file.seek(max(file.tell() - TAKEN, 0))  # some programs fill the last block with zeros
    _before, end, after = file.read().rpartition(END)
    return bool(end) and not after.strip(BLANK)


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the file in pieces that overlap, each with the place at which it begins."""
    file.seek(0)
    place, kept = 0, b""
    while read := file.read(PIECE):
        yield place - len(kept), kept + read
        place += len(read)
        kept = read[-OVERLAP:]


def _packed(file: BinaryIO) -> Iterator[bytes]:
    """Yield what packed objects unpack to; names stand in them too. What is too much to look through is refused."""
    left = MOST_UNPACKED
    for begin in _packed_at(file):
        file.seek(begin)
        unpacking, kept, pending = zlib.decompressobj(), b"", file.read(TAKEN)
        while pending and not unpacking.eof:
            try:
                found = unpacking.decompress(pending, PIECE)
            except zlib.error:
                break
            left -= len(found)
            if left <= 0:
                raise refuse(_("PDF 里打包的内容太多，无法逐一查看"))
            yield kept + found
            kept = found[-OVERLAP:]
            pending = unpacking.unconsumed_tail or file.read(TAKEN)


def _packed_at(file: BinaryIO) -> list[int]:
    """Return where the packed objects begin, in their order."""
    found: set[int] = set()
    for place, piece in _pieces(file):
        for name in OBJECTS.finditer(piece):
            if begin := STREAM.search(piece, name.end(), name.end() + NEAR):
                found.add(place + begin.end())
        if len(found) > MOST_PACKED:
            raise refuse(_("PDF 里打包的内容太多，无法逐一查看"))
    return sorted(found)
