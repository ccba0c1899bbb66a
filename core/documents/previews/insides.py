"""What an office file, an OFD or a DWG says of itself: the picture it carries, and the first of its words.

Only the child that bounds itself runs this, and it has nothing of the house: the standard library and the reader of
workbooks. What is read here is what the file claims; whether the picture is of its content, nobody has looked.
"""

import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any, BinaryIO, Final
from xml.parsers import expat

DOCX, XLSX, OFD, DWG = "docx", "xlsx", "ofd", "dwg"
WORDED: Final = (DOCX, XLSX, OFD)  # whose words are read
MOST_PICTURE: Final = 8 << 20  # bytes of a picture that is carried; programs write some tens of kB
MOST_HEAD: Final = 1 << 20  # bytes of a part that only names others
MOST_LINES: Final = 200
LONGEST_LINE: Final = 300  # characters
MOST_SHEETS: Final = 10
MOST_PAGES: Final = 40  # of an OFD; each is a part of its own
MOST_PAGE: Final = 4 << 20  # bytes of one page
MOST_COLUMNS: Final = 60
FAR: Final = (
    2,
    100_000,
)  # letters of a column and number of a row, behind which no table of an office goes
PIECE: Final = 1 << 16
SHOWN_SHEET, HIDDEN_SHEET = "\x1d", "\x1e"  # what a line begins with that is the name of a sheet

THUMBNAILS: Final = ("docprops/thumbnail.jpeg", "docprops/thumbnail.jpg", "docprops/thumbnail.png")
# DWG: where the picture is said at byte 13; it begins with this mark, its length and how many there are.
SENTINEL: Final = bytes.fromhex("1f256d07d43628289d57ca3f9d44102b")
POINTER: Final = struct.Struct("<L")
POINTER_AT: Final = 13
RECORD: Final = struct.Struct("<BLL")  # its kind, where it begins, how many bytes
MOST_RECORDS: Final = 8
DRAWN: Final = {
    6: ("PNG",),
    2: ("DIB",),
}  # in this order; WMF (3) is a program of drawing, not a picture

Carried = tuple[bytes, tuple[str, ...]]
NONE: Final[Carried] = (b"", ())


class Refused(Exception):
    """The file holds what no honest one does."""


def carried(kind: str, place: str) -> Carried:
    """Return the picture that a file carries and as what it may be opened; empty where it carries none."""
    with open(place, "rb") as file:  # noqa: PTH123 - the child has no more than it needs
        if kind == DWG:
            return _of_drawing(file)
        with zipfile.ZipFile(file) as archive:
            name = _cover(archive) if kind == OFD else _thumbnail(archive)
            return (_part(archive, name, MOST_PICTURE), ("JPEG", "PNG")) if name else NONE


def lines(kind: str, place: str) -> list[str]:
    """Return the first lines of the words of a file, one more than are shown where there are more."""
    read = {DOCX: _paragraphs, XLSX: _rows, OFD: _placed}[kind]
    return list(islice(read(place), MOST_LINES + 1))


def _of_drawing(file: BinaryIO) -> Carried:
    head = file.read(POINTER_AT + POINTER.size)
    if len(head) < POINTER_AT + POINTER.size or not head.startswith(b"AC10"):
        return NONE
    file.seek(POINTER.unpack_from(head, POINTER_AT)[0])
    begin = file.read(len(SENTINEL) + POINTER.size + 1)
    if not begin.startswith(SENTINEL) or len(begin) != len(SENTINEL) + POINTER.size + 1:
        return NONE
    records = file.read(RECORD.size * min(begin[-1], MOST_RECORDS))
    found = {kind: (at, size) for kind, at, size in RECORD.iter_unpack(_whole(records))}
    for kind, formats in DRAWN.items():
        at, size = found.get(kind, (0, 0))
        if 0 < size <= MOST_PICTURE:
            file.seek(at)
            return file.read(size), formats
    return NONE


def _whole(records: bytes) -> bytes:
    return records[: len(records) // RECORD.size * RECORD.size]


def _thumbnail(archive: zipfile.ZipFile) -> str:
    return next((name for name in archive.namelist() if name.lower() in THUMBNAILS), "")


def _cover(archive: zipfile.ZipFile) -> str:
    """GB/T 33190: the cover is named in the information on the document, by its place from the root."""
    said = _said(archive, "OFD.xml", "Cover")
    return _there(archive, "", said[0]) if said else ""


def _said(archive: zipfile.ZipFile, part: str, kind: str, name: str = "") -> list[str]:
    """Return the words, or an attribute, of each element of a kind in a part that names others."""
    said: list[str] = []
    inside: list[str] = []

    def begin(element: str, more: dict[str, str]) -> None:
        inside.append(element.rpartition(":")[2])
        if inside[-1] == kind:
            said.append(more.get(name, ""))

    def text(words: str) -> None:
        if inside and inside[-1] == kind and not name:
            said[-1] += words

    parser = _parser("", begin, lambda _element: inside.pop(), text)
    parser.Parse(_part(archive, part, MOST_HEAD), True)
    return said


def _there(archive: zipfile.ZipFile, folder: str, place: str) -> str:
    """Return a part by its place from the root (/…) or from a folder; empty where the file holds no such part."""
    found = posixpath.normpath(posixpath.join("/", folder, place.strip())).lstrip("/")
    return found if found in archive.namelist() else ""


def _placed(place: str) -> Iterator[str]:
    """GB/T 33190: the document names its pages, a page places its words; what stands at one height is one line."""
    with zipfile.ZipFile(place) as archive:
        for root in _said(archive, "OFD.xml", "DocRoot")[:1]:
            document = _there(archive, "", root)
            pages = _said(archive, document, "Page", "BaseLoc") if document else []
            for said in pages[:MOST_PAGES]:
                if page := _there(archive, posixpath.dirname(document), said):
                    words = PageWords()
                    parser = _parser("", words.begin, words.end, words.text)
                    parser.Parse(_part(archive, page, MOST_PAGE), True)
                    words.flush()
                    yield from words.ready


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read a part, and no more of it than it may have, whatever it says of itself."""
    with archive.open(name) as part:
        found = part.read(most + 1)
    if len(found) > most:
        raise Refused(name)
    return found


def _parser(
    between: str,
    begin: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
) -> expat.XMLParserType:
    """A reader that knows no entities and fetches nothing: where something is declared, it ends."""

    def refuse(*_said: object) -> Any:
        raise Refused

    parser = expat.ParserCreate(namespace_separator=between or ":")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = text
    return parser


class Words:
    """The words of a text, paragraph by paragraph, as they are read; what a program keeps beside them is left out."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self.line: list[str] = []
        self.length = 0
        self.beside = 0  # how deep in what stands twice for older programs
        self.open = False

    def begin(self, name: str, _more: dict[str, str]) -> None:
        """An element begins."""
        kind = name.rpartition(" ")[2]
        self.beside += kind == "Fallback" or self.beside > 0
        self.open = kind == "t" and "wordprocessingml" in name and not self.beside
        if kind in ("tab", "br") and not self.beside:
            self.add(" ")

    def end(self, name: str) -> None:
        """An element ends."""
        kind = name.rpartition(" ")[2]
        self.open = False
        if not self.beside and kind == "p":
            self.flush()
        self.beside -= self.beside > 0

    def text(self, words: str) -> None:
        """Words between two elements."""
        if self.open:
            self.add(words)

    def add(self, words: str) -> None:
        """Put words on the line while it has room."""
        room = LONGEST_LINE + 1 - self.length
        if room > 0:
            self.line.append(words[:room])
            self.length += len(words[:room])

    def flush(self) -> None:
        """A paragraph is over; an empty one is none."""
        if said := "".join(self.line).strip():
            self.ready.append(_plain(said))
        self.line, self.length = [], 0


class PageWords(Words):
    """The words of a page of an OFD, line by line in the order in which it holds them."""

    height = ""

    def begin(self, name: str, more: dict[str, str]) -> None:
        """An element begins; Boundary is left, top, width and height of what it places."""
        kind = name.rpartition(":")[2]
        self.open = kind == "TextCode"
        if kind == "TextObject":
            top = [*more.get("Boundary", "").split(), "", ""][1]
            if top != self.height:
                self.flush()
            self.height = top

    def end(self, _name: str) -> None:
        """An element ends."""
        self.open = False


def _paragraphs(place: str) -> Iterator[str]:
    words = Words()
    parser = _parser(" ", words.begin, words.end, words.text)
    with zipfile.ZipFile(place) as archive, archive.open("word/document.xml") as part:
        while read := part.read(PIECE):
            parser.Parse(read, False)
            yield from words.ready
            words.ready = []


def _rows(place: str) -> Iterator[str]:
    """Every sheet by its name, the hidden ones as such, and its rows that are not empty."""
    from python_calamine import (  # noqa: PLC0415 - only where a workbook is read
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    _refuse_wide(place)
    book = CalamineWorkbook.from_path(place)
    for sheet in book.sheets_metadata[:MOST_SHEETS]:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        shown = sheet.visible == SheetVisibleEnum.Visible
        yield (SHOWN_SHEET if shown else HIDDEN_SHEET) + _plain(sheet.name)
        for row in book.get_sheet_by_name(sheet.name).to_python(nrows=MOST_LINES + 1):
            cells = [_plain(str(cell)) for cell in row[:MOST_COLUMNS]]
            if any(cells):
                yield " | ".join(cells).rstrip(" |")


def _plain(words: str) -> str:
    return " ".join(words.split())


_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")


def _refuse_wide(place: str) -> None:
    """Refuse a sheet with a cell far out: its reader lays the whole of it out as a table."""
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+", name):
                with archive.open(name) as part:
                    _look_for_far_cells(part)


def _look_for_far_cells(part: IO[bytes]) -> None:
    kept = b""
    while read := part.read(PIECE):
        for letters, row in _PLACE.findall(kept + read):
            if len(letters) > FAR[0] or int(row[:9]) > FAR[1]:
                raise Refused
        kept = read[-64:]
