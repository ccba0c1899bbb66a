"""The layout of GB/T 9704-2012, measured on the printed sheet: margins, grid, head, rules, page numbers, seal."""

import io
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from django.conf import settings

from core.documents import fonts, pdf
from tests.papers.making import AT, NAMES, example, made, template_of

MM = 72 / 25.4
TOP, RIGHT, BOTTOM, LEFT = 37 * MM, 26 * MM, 35 * MM, 28 * MM
WIDTH, HEIGHT = 210 * MM, 297 * MM
BODY = 16  # points, 3号
LONG = "为检验版面而写的文字没有别的意思只求每行满二十八个字每面满二十二行" * 40
FOLDER = Path(settings.BASE_DIR) / "templates" / "papers"


def runs(page: pypdf.PageObject) -> list[tuple[str, str, float, float, float]]:
    """Each piece of text on a page: text, font, size, and where it begins, in points from the left and the top."""
    found: list[tuple[str, str, float, float, float]] = []

    def look(text, cm, tm, font, size) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            name = str(font.get("/BaseFont", "")).rpartition("+")[2] if font else ""
            found.append((text.strip(), name, size * abs(cm[0]) * abs(tm[0]), x, HEIGHT - y))

    page.extract_text(visitor_text=look)
    return found


@cache
def long_one(template: str) -> list[list[tuple[str, str, float, float, float]]]:
    """A paper whose reason fills several pages."""
    content = {**example(template), "reason": LONG}
    data = pdf.render(template, content, identifier="layout", created_at=AT)
    return [runs(page) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def body(page: list[tuple[str, str, float, float, float]]) -> list[tuple[str, float, float]]:
    fang = [one for one in page if one[1] == "Paper-Fang" and abs(one[2] - BODY) < 0.2]
    return [(text, x, y) for text, _font, _size, x, y in fang]


def test_a_full_page_has_twenty_two_lines_of_twenty_eight_characters() -> None:
    lines = body(long_one("refusal_decision")[2])
    full = [text for text, _x, _y in lines if LONG.find(text) >= 0]
    assert len(lines) == 22
    assert {len(text) for text in full} == {28}
    assert len(full) >= 20
    steps = [after[2] - before[2] for before, after in pairwise(lines)]
    assert all(abs(step - 28.9) < 0.2 for step in steps)


def test_the_text_block_is_156_by_225_millimetres_at_the_prescribed_margins() -> None:
    page = body(long_one("refusal_decision")[2])
    assert {round((x - LEFT) * 10) / 10 for _text, x, _y in page} == {0.0}
    assert all(
        x + len(text) * (BODY - 0.22) <= WIDTH - RIGHT + 0.5
        for text, x, _y in page
        if len(text) == 28
    )
    first, last = page[0][2], page[-1][2]
    assert 0 < first - TOP < 28.9
    assert 0 < (HEIGHT - BOTTOM) - last < 28.9
    reader = made("refusal_decision")
    assert all(
        (round(float(p.mediabox.width) / MM), round(float(p.mediabox.height) / MM)) == (210, 297)
        for p in reader.pages
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_each_form_stands_where_the_standard_wants_it(name: str) -> None:
    form = pdf.form_of(template_of(name))
    first = runs(made(name).pages[0])
    heads = [(size, y) for _text, font, size, _x, y in first if font == "Paper-Title"]
    size, baseline = heads[0]
    top = (baseline - 0.86 * size) / MM  # the upper edge of the characters
    if form == "own":
        assert top < 37 + 30
        return
    assert abs(top - (30 if form == "letter" else 37 + 35)) < 1.5
    assert 14 <= size <= 43
    number = next((x, y) for text, _f, _s, x, y in first if text == example(name)["number"])
    if form == "letter":
        assert number[0] > WIDTH / 2
    else:
        assert abs(number[1] - baseline - 57.8 - 0.76 * BODY - 0.14 * size) < 6  # two lines between


@pytest.mark.parametrize("name", NAMES)
def test_page_numbers_are_outside_seven_millimetres_below_the_text(name: str) -> None:
    form = pdf.form_of(template_of(name))
    for number, page in enumerate(made(name).pages, start=1):
        at = [(s, x, y) for text, _f, s, x, y in runs(page) if text == f"— {number} —"]
        if form == "letter" and number == 1:
            assert at == []
            continue
        ((size, x, y),) = at
        assert abs(size - 14) < 0.2
        assert 6 * MM < y - (HEIGHT - BOTTOM) < 13 * MM
        assert (x > WIDTH / 2) is (number % 2 == 1)


def test_the_seal_lies_over_organ_and_day_within_one_line_of_the_text() -> None:
    page = runs(made("withdrawal").pages[-1])
    by_text = {text: (x, y) for text, _font, _size, x, y in page}
    content = example("withdrawal")
    organ, day = by_text[content["issuer"]["name"]], by_text[content["date_text"]]
    seal = by_text["示例印章"]
    text = max(y for _t, x, y in body(runs(made("withdrawal").pages[-1])) if y < seal[1])
    assert organ[1] < day[1]
    assert 0 < seal[1] - text < 2.2 * 28.9  # its rim is 25 points above these words
    assert seal[1] < organ[1] < day[1] < seal[1] + 100
    assert abs(seal[0] + 31 - (day[0] + 8 * len("2018年3月5日") * 0.75)) < 30


def test_every_paper_has_a_form_and_every_form_is_used() -> None:
    named = {template: pdf.form_of(template) for template in map(template_of, NAMES)}
    assert set(named.values()) == {"official", "letter", "minutes", "own"}
    lines = (FOLDER / "forms.txt").read_text(encoding="utf-8").splitlines()
    declared = {line.split()[0] for line in lines if line and line[0] != "#"}
    assert declared <= {file.stem for file in FOLDER.glob("*.html")}


def test_a_county_puts_its_licensed_faces_before_the_substitutes(tmp_path, settings) -> None:
    settings.CHENGNUO_FONTS_DIR = tmp_path
    (tmp_path / "own").mkdir()
    for name in ("FandolFang-Regular.otf", "FandolSong-Bold.otf"):
        (tmp_path / name).write_bytes(b"substitute")
    (tmp_path / "own" / "fang.ttf").write_bytes(b"licensed")
    present = fonts.installed()
    assert present["FandolFang-Regular.otf"] == tmp_path / "own" / "fang.ttf"
    note = fonts.substitution_note(present)
    assert "方正小标宋" in note
    assert "仿宋_GB2312" not in note
    (tmp_path / "own" / "title.otf").write_bytes(b"licensed")
    assert "Fandol" not in fonts.substitution_note(fonts.installed())
