"""The same page by typst and by reportlab, in an environment of its own: no part of the product.

It is asked over its input, one line of JSON for a page (`name`, `lines`, `rows`), and answers with the seconds of the
processor that the page took, or with a sentence that says why there is none. The first answer says that it is ready.
Both have the packaged face; reportlab reads no outlines of PostScript, so that it gets them as TrueType, made before.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FACE, FAMILY, STOCK = "FandolFang-Regular.otf", "FandolFang", "Noto Serif CJK SC"
Said = dict[str, Any]
Print = Callable[[Said], bytes]
TYPST = """
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm))
#set text(font: ({faces}), size: 16pt, lang: "zh")
#align(center)[= 通知书]
陈{name}：
== 说明
{lines}
#table(columns: 2, {cells})
"""


def by_typst(folder: Path) -> Print:
    """Return a press that keeps its compiler and its fonts; behind the face stands the stock font, as with us."""
    import typst

    compiler, work = None, folder / "page.typ"
    faces = f'"{FAMILY} R", "{STOCK}"'  # as the face itself is named

    def press(said: Said) -> bytes:
        nonlocal compiler
        cells = ", ".join(f"[{number}], [{text}]" for number, text in said["rows"])
        lines = "\n\n".join(said["lines"])
        work.write_text(
            TYPST.format(faces=faces, name=said["name"], lines=lines, cells=cells), "utf-8"
        )
        if compiler is None:
            compiler = typst.Compiler(str(work), font_paths=[str(folder)])
        return bytes(compiler.compile(input=str(work), format="pdf"))

    return press


def by_reportlab(folder: Path) -> Print:
    """Return a press with the face as TrueType; a character that the face lacks is not on its page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(TTFont(FAMILY, str(as_truetype(folder))))
    style = ParagraphStyle("text", fontName=FAMILY, fontSize=16, leading=28, wordWrap="CJK")

    def press(said: Said) -> bytes:
        into = io.BytesIO()
        texts = ["通知书", f"陈{said['name']}：", "说明", *said["lines"]]
        table = Table(said["rows"], style=[("FONT", (0, 0), (-1, -1), FAMILY, 16, 28)])
        SimpleDocTemplate(into, pagesize=A4).build(
            [*(Paragraph(one, style) for one in texts), table]
        )
        return into.getvalue()

    return press


def as_truetype(folder: Path) -> Path:
    """Write the packaged face with quadratic outlines, once."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    made = folder / f"{FAMILY}.ttf"
    if made.exists():
        return made
    font = TTFont(folder / FACE)
    glyphs, drawn = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(font.getGlyphOrder())
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(
        {name: (width, 0) for name, (width, _) in font["hmtx"].metrics.items()}
    )
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY})
    builder.setupOS2(sTypoAscender=font["hhea"].ascent, sTypoDescender=font["hhea"].descent)
    builder.setupPost()
    builder.save(made)
    return made


def main() -> None:
    """Answer pages until there are no more."""
    way, folder = sys.argv[1], Path(sys.argv[2])
    try:
        press = {"typst": by_typst, "reportlab": by_reportlab}[way](folder)
    except ImportError as error:
        sys.stdout.write(f"{error}\n")
        return
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        said, before = json.loads(line), time.process_time()
        data = press(said)
        used = time.process_time() - before
        (folder / f"{way}.pdf").write_bytes(data)
        sys.stdout.write(f"{used}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
