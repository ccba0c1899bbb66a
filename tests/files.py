"""Files as small as they can be and still what they say."""

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b"
    "550000000a49444154789c636000000002000148afa4710000000049454e44ae"
    "426082"
)


def pdf_of(pages):
    """A PDF of so many pages with a number on each, as a program writes it."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * page) for page in range(pages))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for page in range(pages):
        said = b"BT /F1 40 Tf 80 700 Td (Page %d) Tj ET" % (page + 1)
        fonts = b"/Resources<</Font<</F1 3 0 R>>>>"
        parts.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R%s>>"
            % (5 + 2 * page, fonts)
        )
        parts.append(b"<</Length %d>>stream\n%s\nendstream" % (len(said), said))
    whole, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(b"%010d 00000 n \n" % len(whole))
        whole += b"%d 0 obj%s endobj\n" % (number, part)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return whole + end % (len(parts) + 1, b"".join(places), len(parts) + 1, len(whole))
