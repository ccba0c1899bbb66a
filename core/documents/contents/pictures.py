"""Pictures: their size is read from the head and never decoded, so that a picture of a few bytes stays one."""

import struct
import warnings
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.documents.contents.hidden import refuse, refuse_hidden

MOST_PIXELS = 150_000_000  # an A0 drawing at 300 dots to the inch has 140 million
PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
CHUNK = struct.Struct(">I4s")  # its length and its kind
CHECK_SUM = 4
MOST_CHUNKS = 100_000  # of a few kilobytes each, as programs write them
JPEG_END = b"\xff\xd9"
PIECE = 1 << 20


def look_into_png(file: BinaryIO) -> None:
    """Refuse a PNG that is too large, broken off, or has something behind its end."""
    _measure(file, "PNG")
    file.seek(0, 2)
    if _end_of_png(file, length=file.tell()) != file.tell():
        raise refuse(_("图片不完整，或者后面附有别的内容"))


def look_into_jpeg(file: BinaryIO) -> None:
    """Refuse a JPEG that is too large or broken off."""
    _measure(file, "JPEG")
    # Telephones write a film of a second behind the picture, so its end may be anywhere.
    file.seek(0)
    last = b""
    while read := file.read(PIECE):
        if JPEG_END in last + read:
            return
        last = read[-1:]
    raise refuse(_("图片不完整"))


def _end_of_png(file: BinaryIO, *, length: int) -> int:
    """Return where the chunk that ends the picture ends, going from chunk to chunk; 0 where there is none."""
    at = len(PNG_BEGIN)
    for _chunk in range(MOST_CHUNKS):
        if at >= length:
            break
        file.seek(at)
        size, kind = CHUNK.unpack(file.read(CHUNK.size).ljust(CHUNK.size, b"\0"))
        at += CHUNK.size + size + CHECK_SUM
        if kind == b"IEND":
            file.seek(0, 2)
            return at
    return 0


def _measure(file: BinaryIO, kind: str) -> None:
    refuse_hidden(file)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = Image.open(file, formats=[kind]).size
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as fault:
        raise _not_read(fault) from fault
    if width * height > MOST_PIXELS:
        raise _too_large()


def _too_large() -> ValidationError:
    return refuse(_("图片超过%(n)d万像素") % {"n": MOST_PIXELS // 10_000})


def _not_read(fault: Exception) -> ValidationError:
    if isinstance(fault, Image.DecompressionBombError):
        return _too_large()
    return refuse(_("图片打不开"))
