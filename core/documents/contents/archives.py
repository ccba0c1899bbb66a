"""Office documents and OFD are archives: looked into part by part, counting, with nothing written anywhere."""

import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.documents.contents.hidden import refuse

DIRECTORY_END = struct.Struct("<4s4H2LH")  # the record at the end of an archive
LONGEST_END = DIRECTORY_END.size + 0xFFFF
MOST_DIRECTORY = 1 << 20  # bytes of names; a document of a thousand pictures has a tenth of it
MOST_PARTS = 4000
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_UNPACKED = 400 << 20
MOST_RATIO = 200  # times the packed size; text of office programs packs to a twentieth
SMALL = 16 << 20  # below this no ratio matters
PIECE = 1 << 20
READ_AS_TEXT = (".xml", ".rels", ".vml")
ARCHIVE_MARKS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
PACKED_DRAWINGS = (".emz", ".wmz")  # drawings that office programs pack one by one
EMBEDDED = ("word/embeddings/", "xl/embeddings/")  # a table inside a text is an archive of its own
PROGRAMS = re.compile(r"vbaproject|vbadata|\.(?:exe|dll|scr|com|bat|cmd|js|vbs|ps1|lnk|hta|jar)$")
ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Each link is read once and to a bound, so that a text of nothing but beginnings costs what its length costs.
LINK = re.compile(rb"<Relationship\b[^>]{0,2000}", re.IGNORECASE)
OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
OPENED = re.compile(rb"/(?:attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)


def look_into_docx(file: BinaryIO) -> None:
    """Refuse a DOCX that is a bomb, holds programs, or fetches something when it is opened."""
    _look_into(file, must_have="[Content_Types].xml", within="word/")


def look_into_xlsx(file: BinaryIO) -> None:
    """Refuse an XLSX that is a bomb, holds programs, or fetches something when it is opened."""
    _look_into(file, must_have="[Content_Types].xml", within="xl/")


def look_into_ofd(file: BinaryIO) -> None:
    """Refuse an OFD that is a bomb or not one at all (GB/T 33190: OFD.xml at its root)."""
    _look_into(file, must_have="OFD.xml")


def _look_into(file: BinaryIO, *, must_have: str, within: str = "") -> None:
    _bound_the_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _names(parts, must_have, within)
            _sizes(parts, _length(file))
            for part in parts:
                _read_through(archive, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as fault:
        raise refuse(_("文件已损坏或者加了密码")) from fault


def _length(file: BinaryIO) -> int:
    file.seek(0, 2)
    return file.tell()


def _bound_the_directory(file: BinaryIO) -> None:
    """Refuse a directory of parts too long to be read; a second archive before or behind this one."""
    length = _length(file)
    file.seek(max(length - LONGEST_END, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < DIRECTORY_END.size:
        raise refuse(_("文件已损坏或者加了密码"))
    _mark, _disk, _first, _here, count, size, begin, comment = DIRECTORY_END.unpack_from(tail, at)
    end = length - len(tail) + at
    if count > MOST_PARTS or size > MOST_DIRECTORY:
        raise refuse(_("里面的文件太多"))
    if begin + size != end or comment or len(tail) - at != DIRECTORY_END.size:
        raise refuse(_("前面或者后面附有别的内容"))
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise refuse(_("前面或者后面附有别的内容"))


def _names(parts: list[zipfile.ZipInfo], must_have: str, within: str) -> None:
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) != len(names):
        raise refuse(_("里面有同名的文件"))
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
            raise refuse(_("里面有指向别处的文件名"))
        if PROGRAMS.search(name.lower()):
            raise refuse(_("里面有宏或者程序"))
    if must_have not in names or not any(name.startswith(within) for name in names):
        raise refuse(_("缺少这种文件必有的部分"))


def _sizes(parts: list[zipfile.ZipInfo], length: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * length):
        raise refuse(_("解压后过大"))
    # Office programs pack in no other way, and of the others the library unpacks without a bound.
    if any(part.flag_bits & 0x1 or part.compress_type not in PACKED_BY for part in parts):
        raise refuse(_("文件已损坏或者加了密码"))
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise refuse(_("里面的文件互相重叠"))
        end = part.header_offset + 30 + part.compress_size


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end: its length and check sum are what the directory said, and nothing in it acts."""
    as_text = part.filename.lower().endswith(READ_AS_TEXT)
    kept, seen = b"", 0
    with archive.open(part) as unpacked:
        while read := unpacked.read(PIECE):
            hidden = not seen and read.startswith(ARCHIVE_MARKS)
            if hidden and not _may_be_packed(part.filename):
                raise refuse(_("里面还藏着一个压缩包"))
            seen += len(read)
            if as_text:
                _text(kept + read)
                kept = read[-1024:]
    if seen != part.file_size:
        raise refuse(_("文件已损坏或者加了密码"))


def _may_be_packed(name: str) -> bool:
    return name.startswith(EMBEDDED) or name.lower().endswith(PACKED_DRAWINGS)


def _text(piece: bytes) -> None:
    plain = piece.replace(b"\0", b"")  # UTF-16 is read as if it were ASCII
    if ENTITIES.search(plain):
        raise refuse(_("里面有会展开的实体"))
    if any(OUTSIDE.search(link) and OPENED.search(link) for link in LINK.findall(plain)):
        raise refuse(_("打开时会从外面取东西"))
