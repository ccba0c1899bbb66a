"""What ISO 19005-3 (PDF/A-3, level A) asks of a file, as far as it can be read here (Debian has no validator)."""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pypdf
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/", "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}  # fmt: skip
PRINTED, UNSEEN = (
    0b100,
    0b100011 | 0x100,
)  # of an annotation: Print; Invisible, Hidden, NoView, ToggleNoView
DEEPEST = 28  # saved states of a page (6.1.13)
ACTIONS = {"/URI", "/GoTo"}
STANDARD = {
    "/Document", "/Part", "/Art", "/Sect", "/Div", "/H", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Lbl", "/LBody",
    "/Table", "/THead", "/TBody", "/TR", "/TH", "/TD", "/Span", "/Link", "/Figure", "/NonStruct", "/Form", "/Caption",
    "/BlockQuote",
}  # fmt: skip


def faults(data: bytes) -> list[str]:
    """Say what an archive could refuse of a file; nothing where it keeps to what is read here."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"].get_object()
    found = [*_file(data, reader), *_catalogue(root), *_metadata(reader, root), *_colours(root)]
    for page in reader.pages:
        found += [*_page(page, reader), *_annotations(page)]
    for one in _objects(reader):
        found += _object(one)
    return sorted({*found, *_structure(root)})


def _file(data: bytes, reader: Any) -> Iterator[str]:
    head, _end, rest = data.partition(b"\n")
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", head):
        yield "header"
    if rest[:1] != b"%" or sum(byte > 127 for byte in rest[1:5]) < 4:
        yield "no binary mark in the second line"
    if "/ID" not in reader.trailer:
        yield "no identifier"
    if "/Encrypt" in reader.trailer:
        yield "encrypted"


def _catalogue(root: Any) -> Iterator[str]:
    for key in ("/AA", "/OpenAction", "/OCProperties", "/Requirements"):
        if key in root:
            yield f"catalogue has {key}"
    if not re.match("[a-z]{2}", str(root.get("/Lang", ""))):
        yield "no language"
    if root.get("/MarkInfo", {}).get("/Marked") is None:
        yield "not marked as tagged"
    if set(root.get("/Perms", DictionaryObject()).get_object()) - {"/DocMDP", "/UR3"}:
        yield "permissions"
    form = root.get("/AcroForm", DictionaryObject()).get_object()
    if form.get("/NeedAppearances") or "/XFA" in form:
        yield "form without appearances"
    if "/EmbeddedFiles" in root.get("/Names", DictionaryObject()).get_object():
        yield "embedded files"


def producers(xmp: Any) -> list[str]:
    """Who made the file, as its metadata say it: an attribute of a description, or an element in it."""
    named = [
        one.get(f"{{{NAMES['pdf']}}}Producer") for one in xmp.iterfind(".//rdf:Description", NAMES)
    ]
    return [one for one in named if one] + [
        one.text for one in xmp.iterfind(".//pdf:Producer", NAMES)
    ]


def _metadata(reader: Any, root: Any) -> Iterator[str]:
    xmp = ET.fromstring(root["/Metadata"].get_object().get_data())

    def said(path: str) -> str:
        return str(xmp.findtext(f".//{path}", "", NAMES))

    keys = [f"{{{NAMES['pdfaid']}}}{key}" for key in ("part", "conformance")]
    levels = [[one.get(key) for key in keys] for one in xmp.iterfind(".//rdf:Description", NAMES)]
    if [one for one in levels if any(one)] != [["3", "A"]]:
        yield "is no PDF/A-3a"
    told = reader.metadata or {}
    if said("dc:title/rdf:Alt/rdf:li") != told.get("/Title"):
        yield "two titles"
    if said("dc:creator/rdf:Seq/rdf:li") != told.get("/Author"):
        yield "two authors"
    if producers(xmp) != [told.get("/Producer")]:
        yield "two producers"
    for key, path in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        if re.sub(r"\D", "", said(path))[:14] != re.sub(r"\D", "", str(told.get(key, "")))[:14]:
            yield f"two dates ({key})"


def _colours(root: Any) -> Iterator[str]:
    intents = [one.get_object() for one in root.get("/OutputIntents", [])]
    if [one["/S"] for one in intents] != ["/GTS_PDFA1"]:
        yield "output intent"
        return
    profile = intents[0]["/DestOutputProfile"].get_object()
    bytes_ = profile.get_data()
    if profile["/N"] != 3 or bytes_[36:40] != b"acsp" or bytes_[16:20] != b"RGB " or bytes_[8] > 4:
        yield "profile"


def _page(page: Any, reader: Any) -> Iterator[str]:
    depth = 0
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        depth += (operator == b"q") - (operator == b"Q")
        if depth > DEEPEST:
            yield "states saved too deep"
        if operator in (b"k", b"K"):
            yield "colours of print"
        if operator in (b"cs", b"CS") and operands[0] == "/DeviceCMYK":
            yield "colours of print"
    if depth:
        yield "states left open"
    if "/AA" in page:
        yield "page has actions"
    for font in (
        page["/Resources"].get_object().get("/Font", DictionaryObject()).get_object().values()
    ):
        yield from _font(font.get_object())  # fmt: skip


def _font(font: Any) -> Iterator[str]:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    program = inner["/FontDescriptor"].get_object()
    if not {"/FontFile2", "/FontFile3"} & set(program):
        yield f"{font['/BaseFont']} is not embedded"
    if "/ToUnicode" not in font:
        yield f"{font['/BaseFont']} has no characters"
        return
    targets = re.findall(
        rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>", font["/ToUnicode"].get_object().get_data()
    )
    if {b"0000", b"feff", b"fffe"} & {one.lower() for one in targets}:
        yield f"{font['/BaseFont']} maps to no character"
    numbered = inner["/Subtype"] != "/CIDFontType2" or "/CIDToGIDMap" in inner
    if font.get("/Encoding") != "/Identity-H" or not numbered:
        yield f"{font['/BaseFont']} has no encoding"


def _annotations(page: Any) -> Iterator[str]:
    for one in page.get("/Annots", ArrayObject()).get_object():
        note = one.get_object()
        if note["/Subtype"] not in ("/Link", "/Widget"):
            yield f"annotation {note['/Subtype']}"
        flags = int(note.get("/F", 0))
        if not flags & PRINTED or flags & UNSEEN:
            yield f"annotation {note['/Subtype']} is not printed"
        box = [float(side) for side in note["/Rect"]]
        if (
            note["/Subtype"] == "/Widget"
            and "/AP" not in note
            and (box[0], box[1]) != (box[2], box[3])
        ):
            yield "a field without appearance"
        if {"/AA"} & set(note) or note.get("/A", {"/S": "/URI"}).get("/S") not in ACTIONS:
            yield "annotation acts"


def _objects(reader: Any) -> Iterator[Any]:
    for number in {n for table in reader.xref.values() for n in table} | set(reader.xref_objStm):
        found = reader.get_object(number)
        if isinstance(found, DictionaryObject):
            yield found


def _object(one: Any) -> Iterator[str]:
    if isinstance(one, StreamObject):
        if {"/F", "/FFilter", "/FDecodeParms"} & set(one):
            yield "a stream outside"
        if "LZWDecode" in str(one.get("/Filter", "")):
            yield "LZW"
    if one.get("/Subtype") == "/Image" and (
        one.get("/Interpolate") or "/Alternates" in one or "/OPI" in one
    ):
        yield "image"
    if (
        one.get("/Subtype") == "/PS"
        or "/Ref" in one
        or one.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm")
    ):
        yield "active content"
    if one.get("/Type") == "/ExtGState" and (
        {"/TR", "/HTP"} & set(one) or one.get("/TR2", "/Default") != "/Default"
    ):
        yield "transfer"


def _structure(root: Any) -> Iterator[str]:
    if "/StructTreeRoot" not in root:
        yield "no structure"
        return
    tree = root["/StructTreeRoot"].get_object()
    if "/ParentTree" not in tree:
        yield "no way from the page to the structure"
    roles = dict(tree.get("/RoleMap", DictionaryObject()).get_object())
    waiting, kinds = [tree], set()
    while waiting:
        node = waiting.pop()
        if kind := node.get("/S"):
            kinds.add(str(kind))
            if roles.get(kind, kind) not in STANDARD:
                yield f"structure {kind}"
            if kind == "/Figure" and not (node.get("/Alt") or node.get("/ActualText")):
                yield "a figure without words"
        under = node.get("/K", ArrayObject())
        under = under if isinstance(under, ArrayObject) else ArrayObject([under])
        waiting += [
            x
            for x in (y.get_object() for y in under)
            if isinstance(x, DictionaryObject) and "/S" in x
        ]
    if not {"/H1", "/P"} <= kinds:
        yield f"no headings or paragraphs: {sorted(kinds)}"
