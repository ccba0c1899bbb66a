"""Lists as files for a spreadsheet: no cell is a formula, numbers stay numbers, memory stays flat."""

import csv
import io
import re
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from core.documents.sheets import Sheet, csv_pieces, write_csv, write_xlsx
from core.documents.sheets.handing import file_name
from core.documents.sheets.rules import LONGEST, letters, plain, risky, unshielded
from tests.house.source import ROOT

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")
BEFORE = ("", " ", "  ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\x00", "\x0b", " \u200e ")
PAYLOADS = [
    *(f"{before}{sign}1+1" for before in BEFORE for sign in SIGNS),
    "\t=1", "\t项目", "\r=1", "\r项目", "\n=1", '=HYPERLINK("https://example.test";"x")', "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "+1(555)0100", "-", "=", "@",
]  # fmt: skip
HARMLESS = (
    "项目",
    "a=b",
    "1-2",
    "（=）",
    "'=1",
    "",
    " 项目",
    "2018-06-15",
    "“=1”",
    "0=1",
    "甲、-乙",
)


@pytest.mark.parametrize("text", PAYLOADS, ids=ascii)
def test_what_a_spreadsheet_could_evaluate_is_written_behind_an_apostrophe(text):
    written = plain(text)

    assert written.startswith("'")
    assert not risky(written)
    assert unshielded(written) == written[1:]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(text):
    assert plain(text) == text
    assert unshielded(text) in (text, text[1:])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""), (0, "0"), (-3, "-3"), (Decimal("-1200.50"), "-1200.50"), (Decimal("1E+3"), "1000"), (1.5, "1.5"),
        (date(2018, 6, 15), "2018-06-15"), (datetime(2018, 6, 15, 16, 0, tzinfo=UTC), "2018-06-16 00:00:00"),
        (True, "是"), (False, "否"), ("甲\x00乙\x1b丙\ud800", "甲乙丙"), ("甲\r\n乙\r丙", "甲\n乙\n丙"),
    ],
    ids=ascii,
)  # fmt: skip
def test_numbers_and_dates_stay_what_they_are(value, written):
    assert plain(value) == written


def test_a_long_text_ends_where_a_cell_ends():
    assert len(plain("长" * 40_000)) == len(plain("=" * 40_000)) == LONGEST
    assert plain("长" * 40_000).endswith("…")


@pytest.mark.parametrize(
    ("place", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
)
def test_a_column_has_its_letters(place, name):
    assert letters(place) == name


def payload_sheet():
    return Sheet("清单", ["=甲", "数", "日"], [(text, -1, date(2018, 6, 15)) for text in PAYLOADS])


def test_a_file_of_plain_text_opens_with_its_chinese_and_without_a_formula():
    made = b"".join(csv_pieces(payload_sheet()))

    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\r\n") == len(PAYLOADS) + 1
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=甲", "数", "日"]
    assert all(not risky(row[0]) for row in rows)
    assert {(row[1], row[2]) for row in rows[1:]} == {("-1", "2018-06-15")}


def test_a_workbook_holds_texts_and_no_formula():
    made = io.BytesIO()
    write_xlsx(payload_sheet(), made)
    page = zipfile.ZipFile(made).read("xl/worksheets/sheet1.xml").decode()
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(made.getvalue()))
        .get_sheet_by_index(0)
        .to_python()
    )

    assert "<f>" not in page
    assert "<f " not in page
    assert "hyperlink" not in page
    # What a spreadsheet would take for a formula when somebody edits the cell bears its mark, too.
    marked = re.search(r'r="A2" s="(\d+)"', page)[1]
    assert len(re.findall(rf'r="A\d+" s="{marked}"', page)) == len(PAYLOADS)
    assert 'quotePrefix="1"' in zipfile.ZipFile(made).read("xl/styles.xml").decode()
    assert {(row[1], row[2]) for row in rows[1:]} == {(-1, date(2018, 6, 15))}
    assert [row[0].strip() for row in rows[-3:]] == ["-", "=", "@"]


def test_a_sheet_is_written_in_the_language_of_whoever_asked():
    def rows():
        for _n in range(3_000):
            yield (translation.gettext("企业"),)

    with translation.override("en"):
        pieces = csv_pieces(Sheet("x", ["x"], rows()))
        first = next(pieces)
    with translation.override("zh-hans"):
        rest = b"".join(pieces)

    assert "企业" not in (first + rest).decode()
    assert translation.get_language() == "zh-hans"


def test_rows_are_taken_only_as_they_are_written():
    taken = []

    def rows():
        for n in range(10_000):
            taken.append(n)
            yield (n,)

    pieces = csv_pieces(Sheet("x", ["x"], rows()))
    next(pieces), next(pieces)

    assert len(taken) <= 2_000


@pytest.mark.django_db
def test_a_file_is_called_by_list_county_and_day(county, at):
    sheet = Sheet("申报件", [], [])

    assert file_name(sheet, "csv", at("2018-06-15 23:30")) == f"申报件-{county}-2018-06-15.csv"


PROGRAM = """
    import datetime, os, re, sys
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django; django.setup()
    from core.documents.sheets import Sheet, write_csv, write_xlsx
    def rows(count):
        for n in range(count):
            yield (n, f"=项目{n}", n / 7, datetime.date(2018, 6, 15), *(f"文字{n}列{c}" for c in range(11)))
    write = {"csv": write_csv, "xlsx": write_xlsx}[sys.argv[1]]
    def peak(count):
        with open(os.devnull, "wb") if sys.argv[1] == "csv" else open(sys.argv[3], "w+b") as into:
            write(Sheet("清单", [f"列{c}" for c in range(15)], rows(count)), into)
        return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
    print(peak(500), peak(int(sys.argv[2])))
"""


def grown(form, count, folder):
    """By how many kB the most memory of a process grows from 500 rows to so many.

    Asked of /proc: what the kernel says by getrusage begins with the memory of whoever started the process.
    """
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), form, str(count), f"{folder}/x.xlsx"]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    few, many = map(int, said.split())
    return many - few


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_twenty_thousand_rows_take_the_memory_of_few(form, tmp_path):
    assert grown(form, 20_000, tmp_path) < 8_000


@pytest.mark.hunt
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_take_the_memory_of_few(form, tmp_path, capsys):
    more = grown(form, 100_000, tmp_path)
    with capsys.disabled():
        print(f"\n{form}: {more} kB more", end=" ")

    assert more < 8_000


def test_both_forms_hold_the_same_rows(tmp_path):
    sheet = Sheet("清单", ["甲", "乙"], [("项目", 3), ("另一个", 4)])
    text, book = io.BytesIO(), io.BytesIO()
    write_csv(sheet, text)
    write_xlsx(sheet, book)
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(book.getvalue()))
        .get_sheet_by_index(0)
        .to_python()
    )

    assert [[str(c) for c in row] for row in rows[1:]] == [["项目", "3.0"], ["另一个", "4.0"]]
    assert text.getvalue().decode("utf-8-sig").split("\r\n")[1] == "项目,3"
