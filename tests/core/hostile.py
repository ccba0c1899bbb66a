"""Files that nobody should have to open: bombs, two formats in one, wrong types, names that lead elsewhere.

`CORPUS` is a table of (what it is, its name, its bytes); every one is made here, none is a real virus.
"""

import io
import struct
import zipfile
import zlib
from itertools import chain

from PIL import Image

from tests.files import PDF, PNG

CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
DOCX = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": "<x/>", "word/document.xml": "<x/>"}
XLSX = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": "<x/>", "xl/workbook.xml": "<x/>"}
OFD = {"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<x/>"}
PAGE = b"<html><script>alert(1)</script></html>"
PROGRAM = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00" + b"\x00" * 60


def picture(kind, size=(2, 2), **options):
    """A small picture as a program writes it."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **options)
    return out.getvalue()


def archive(parts, more=(), packed=zipfile.ZIP_DEFLATED):
    """An archive of the parts by name, and of more of them, whose names may come again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, content in chain(parts.items(), more):
            made.writestr(zipfile.ZipInfo(name) if name.startswith("/") else name, content)
    return out.getvalue()


def png_of(width, height):
    """A PNG of a few bytes that says it is as large as this."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0"))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def jpeg_of(width, height):
    """A JPEG of a few bytes that says it is as large as this."""
    small = picture("JPEG")
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def pdf_with(inside):
    """A PDF with something more in its catalogue."""
    return PDF.replace(b"/Type/Catalog", b"/Type/Catalog" + inside)


def pdf_packed(inside):
    """A PDF whose objects are packed, so that what they say cannot be read in its bytes."""
    packed = zlib.compress(inside)
    stream = b"2 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    return PDF.replace(b"trailer", stream + packed + b"\nendstream endobj\ntrailer")


def lying(parts, name, content, said):
    """An archive whose directory says another length of its last part."""
    whole = bytearray(archive({**parts, name: content}))
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"PK\x05\x06"))
    whole[at + 24 : at + 28] = struct.pack("<L", said)
    return bytes(whole)


def many_parts(count):
    """An archive of very many empty parts."""
    return archive({**DOCX, **{f"word/{n}": "" for n in range(count)}}, packed=zipfile.ZIP_STORED)


def overlapping():
    """An archive whose directory names one packed part many times."""
    whole = archive({**DOCX, "word/bomb.xml": "0" * 100_000})
    end = whole.rindex(b"PK\x05\x06")
    begin = whole.index(b"PK\x01\x02")
    entry = bytearray(whole[whole.rindex(b"PK\x01\x02", 0, end) : end])
    more = b""
    for number in range(200):
        entry[46 : 46 + len("word/bomb.xml")] = f"word/b{number:04}.xm".encode()[:13].ljust(
            13, b"l"
        )
        more += bytes(entry)
    directory = whole[begin:end] + more
    count = 4 + 200
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), begin, 0)
    return whole[:begin] + directory + tail


def encrypted():
    """An archive whose parts say they are locked."""
    whole = bytearray(archive(DOCX))
    at = whole.index(b"PK\x01\x02")
    whole[at + 8] |= 1
    return bytes(whole)


def _bombs():
    zeros = "0" * (17 << 20)
    for name, parts in (("docx", DOCX), ("xlsx", XLSX), ("ofd", OFD)):
        yield (
            f"{name}: packed a thousandfold",
            f"a.{name}",
            archive({**parts, "media/a.xml": zeros}),
        )
        yield (
            f"{name}: 420 MB when unpacked",
            f"a.{name}",
            lying(parts, "media/a.xml", "0", 420 << 20),
        )
        inner = archive({"a": "0" * 100_000})
        yield f"{name}: an archive within", f"a.{name}", archive({**parts, "media/a.bin": inner})
        yield f"{name}: five thousand parts", f"a.{name}", _with(parts, many_parts(5000), name)
    yield "docx: parts that overlap", "a.docx", overlapping()
    yield (
        "docx: a part longer than it says",
        "a.docx",
        lying(DOCX, "word/z.xml", "0" * 1_000_000, 10),
    )
    yield (
        "docx: a part shorter than it says",
        "a.docx",
        lying(DOCX, "word/z.xml", "0" * 10, 1_000_000),
    )
    yield "docx: locked", "a.docx", encrypted()
    for packed in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield (
            f"docx: packed in way {packed}",
            "a.docx",
            archive({**DOCX, "word/a.xml": "0" * 1_000_000}, packed=packed),
        )
    links = (
        "<Relationship " * 30_000
        + '<Relationship TargetMode="External" Type="http://x/attachedTemplate"/>'
    )
    yield "docx: links without end", "a.docx", archive({**DOCX, "word/_rels/a.rels": links})
    yield (
        "pdf: packed objects without end",
        "a.pdf",
        PDF[:9] + b"/ObjStm stream\n" * 60_000 + PDF[9:],
    )
    yield "pdf: a script behind 130 MB", "a.pdf", pdf_packed(b" " * (130 << 20) + b"/S/JavaScript")
    for text in (
        '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>',
        '<!ENTITY % b SYSTEM "file:///etc/passwd">',
    ):
        for coding in ("utf-8", "utf-16"):
            yield (
                f"docx: entities ({coding})",
                "a.docx",
                archive({**DOCX, "word/styles.xml": text.encode(coding)}),
            )
    for width, height in (
        (60_000, 60_000),
        (1, 2**31 - 1),
        (2**31 - 1, 2**31 - 1),
        (150_001, 1_000),
    ):
        yield f"png: {width} × {height}", "a.png", png_of(width, height)
    for width, height in ((65_500, 65_500), (60_000, 2_501)):
        yield f"jpeg: {width} × {height}", "a.jpg", jpeg_of(width, height)


def _with(parts, many, name):
    return many if name == "docx" else archive({**parts, **{f"media/{n}": "" for n in range(5000)}})


def _two_in_one():
    for kind, name, whole in (
        ("pdf", "a.pdf", PDF), ("png", "a.png", PNG), ("jpeg", "a.jpg", picture("JPEG")),
    ):  # fmt: skip
        yield f"{kind} and an archive behind", name, whole + archive(DOCX)
        yield f"{kind} with a page in front", name, whole[:8] + PAGE + whole[8:]
        yield f"{kind} cut off", name, whole[: len(whole) // 2]
    for mark in (
        b"<script>",
        b"<?php system(1);",
        b"<svg onload=alert(1)>",
        b"<iframe src=x>",
        b"<!DOCTYPE html>",
    ):
        comment = mark.decode()
        yield f"jpeg with a comment {comment}", "a.jpg", picture("JPEG", comment=mark)
        yield f"pdf with {comment} in front", "a.pdf", PDF[:9] + b"%" + mark + b"\n" + PDF[9:]
    for what, behind in (
        ("a page", PAGE),
        ("a program", PROGRAM),
        ("words", b"more"),
        ("a picture", PNG),
    ):
        yield f"pdf and {what} behind", "a.pdf", PDF + behind
        yield f"png and {what} behind", "a.png", PNG + behind
    for name, parts in (("docx", DOCX), ("ofd", OFD)):
        whole = archive(parts)
        yield f"{name} behind a program", f"a.{name}", PROGRAM + whole
        yield f"{name} and a page behind", f"a.{name}", whole + PAGE
    yield "pdf behind other words", "a.pdf", b"\n\nGIF89a" + PDF
    yield "gif that is an archive", "a.gif", b"GIF89a" + archive(DOCX)


def _active():
    for what, inside in (
        ("a script", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        ("a script in other letters", b"/OpenAction<</S/J#61vaScript/JS(app.alert(1))>>"),
        ("a script in all other letters", b"/AA<</O<</S/#4a#61#76#61#53#63#72#69#70#74>>>>"),
        ("a program to start", b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
        ("a file within", b"/Names<</EmbeddedFiles<</Names[(a)<</Type/EmbeddedFile>>]>>>>"),
        ("a film", b"/Annots[<</Subtype/RichMedia>>]"),
    ):
        yield f"pdf with {what}", "a.pdf", pdf_with(inside)
        yield f"pdf with {what}, packed", "a.pdf", pdf_packed(b"3 0 <<" + inside + b">>")
        yield f"pdf with {what}, far down", "a.pdf", pdf_packed(b" " * (2 << 20) + inside)
    for program in (
        "word/vbaProject.bin",
        "word/VBADATA.xml",
        "word/media/a.exe",
        "word/a.js",
        "word/a.lnk",
        "word/a.dll",
    ):
        yield f"docx with {program}", "a.docx", archive({**DOCX, program: b"x"})
    yield "xlsx with macros", "a.xlsx", archive({**XLSX, "xl/vbaProject.bin": b"x"})
    for kind in ("attachedTemplate", "oleObject", "frame"):
        fetches = f'<Relationship Type="http://x/relationships/{kind}" TargetMode="External" Target="http://x/"/>'
        yield (
            f"docx that fetches a {kind}",
            "a.docx",
            archive({**DOCX, "word/_rels/a.rels": fetches}),
        )


def _names_and_types():
    for name in ("../../a.xml", "/etc/a.xml", "word\\..\\a.xml", "C:/a.xml", "a/../../b.xml"):
        yield f"docx with a part {name}", "a.docx", archive({**DOCX, name: "<x/>"})
    yield "docx with a name twice", "a.docx", archive(DOCX, more=[("WORD/document.xml", "<y/>")])
    yield "docx without its parts", "a.docx", archive({"word/document.xml": "<x/>"})
    yield "ofd without its root", "a.ofd", archive({"Doc_0/Document.xml": "<x/>"})
    yield "xlsx called docx", "a.docx", archive(XLSX)
    for name in (
        "a.exe",
        "a.pdf.exe",
        "a.pdf\u202efdp.exe",
        "a.html",
        "a.svg",
        "a",
        "../../a",
        ".pdf.",
        "a.pdf/x",
    ):
        yield f"pdf called {name!r}", name, PDF
    for name in ("a.pdf", "a.png", "a.docx", "a.exe", "a.dwg", "a.ofd"):
        yield f"program called {name}", name, PROGRAM
    for name in ("a.pdf", "a.png", "a.html", "a.ofd"):
        yield f"page called {name}", name, PAGE
    for name in ("a.svg", "a.png"):
        yield (
            f"drawing with a script called {name}",
            name,
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        )
    yield "shell script called pdf", "a.pdf", b"#!/bin/sh\nrm -rf /\n"
    yield "nothing", "a.pdf", b""
    yield "one byte", "a.pdf", b"%"


CORPUS = [*_bombs(), *_two_in_one(), *_active(), *_names_and_types()]
