"""Tables that somebody hands in: each fault with sheet, row and column, and no file that breaks the reader."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from xlsxwriter import Workbook

from core.documents.sheets import (
    Bounds,
    Column,
    Sheet,
    csv_pieces,
    day,
    number,
    read_table,
    whole,
    write_xlsx,
)

COLUMNS = (
    Column("name", "名称", required=True, most=10, also=("项目名称",)),
    Column("count", "数量", whole),
    Column("amount", "金额（万元）", number),
    Column("day", "日期", day),
    Column("state", "结果", choices={"办结": "done", "撤回": "withdrawn"}),
)
HEADS = [column.head for column in COLUMNS]
SMALL = Bounds(rows=20, columns=10, sheets=2, unpacked=200_000, ratio=1000)


def book(*sheets, merge=()):
    """A workbook of sheets, each a name with its lines."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as written:
        for name, lines in sheets:
            page = written.add_worksheet(name)
            for row, line in enumerate(lines):
                page.write_row(row, 0, line)
            for place in merge:
                page.merge_range(*place)
    return made.getvalue()


def text(lines, code="utf-8-sig"):
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode(code)


def read(content, name="表.csv", bounds=None):
    return read_table(content, name=name, columns=COLUMNS, bounds=bounds)


def faults(content, **more):
    return [str(fault) for fault in sorted(read(content, **more).faults)]


def refused(content, **more):
    with pytest.raises(ValidationError) as error:
        read(content, **more)
    return "".join(error.value.messages)


# — what is no table at all ————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "没有内容"), (b"\r\n\r\n", "没有内容"), (b"\xef\xbb\xbf", "没有内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Excel"),
        (b"PK\x03\x04 nonsense", "文件损坏"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "读不出文字"),
        ("名称".encode("utf-16"), "读不出文字"), (b"\xff\xff\xff", "读不出文字"),
        (text([HEADS, ['"甲', 1]]), "引号不成对"), (text([HEADS, ['"甲"x', 1]]), "引号不成对"),
        (text([HEADS, ["长" * 200_001, 1]]), "一格太长"),
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(content, why):
    assert why in refused(content)


def packed(parts, **more):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return made.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def with_page(data):
    """A workbook in which the page is this."""
    found = parts_of(book(("表", [HEADS, ["甲"]])))
    return packed([(n, data if n == "xl/worksheets/sheet1.xml" else d) for n, d in found])


def page(cells):
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
BOMBS = {
    "a cell in the last corner": page(
        f'{ONE}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a row far below": page(f"{ONE}<row r='900000'><c r='A900000'><v>1</v></c></row>"),
    "a column far to the right": page('<row r="1"><c r = "XFD1"><v>1</v></c></row>'),
    "a place with a prefix": page(
        '<row r="1"/><x:row xmlns:x="y" r="900000"><x:c r="A900000"/></x:row>'
    ),
    "a number without end": page(f'{ONE}<row r="99999999999999"><c r="A99999999999999"/></row>'),
    "rows without a number": page("<row><c/></row>" * 30),
    "cells without a place": page("<row>" + "<c/>" * 300 + "</row>"),
    "an entity": f'<!DOCTYPE x [<!ENTITY a "b">]>{page(ONE)}',
    "another code": page(ONE).encode("utf-16"),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_sheet_that_asks_for_too_much_room_is_not_opened(what):
    said = refused(with_page(BOMBS[what]), bounds=SMALL)

    assert "最多20行、10列" in said or "不是 Excel 的" in said


def test_an_archive_that_unpacks_to_too_much_is_not_opened():
    found = parts_of(book(("表", [HEADS])))

    assert "展开后太大" in refused(packed([*found, ("xl/media/a.bin", b"0" * 300_000)]), bounds=SMALL)  # fmt: skip
    few = Bounds(ratio=5)
    assert "展开后太大" in refused(packed([*found, ("xl/media/a.bin", b"0" * 900_000)]), bounds=few)
    assert "展开后太大" in refused(packed([*found, *((f"x/{n}", b"") for n in range(501))]))
    assert "超过2张" in refused(book(*((f"表{n}", [HEADS]) for n in range(3))), bounds=SMALL)


def test_an_archive_that_says_less_than_it_holds_is_not_opened():
    """A part says of itself that it has a thousand bytes, and goes on: what follows is never unpacked."""
    content = bytearray(with_page(page(ONE * 2_000)))
    info = zipfile.ZipFile(io.BytesIO(bytes(content))).getinfo("xl/worksheets/sheet1.xml")
    true, lie = info.file_size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")

    assert content.count(true) >= 1
    assert "文件损坏" in refused(bytes(content.replace(true, lie)), bounds=SMALL)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_there_twice_or_is_no_workbook_is_not_opened():
    found = parts_of(book(("表", [HEADS])))

    assert "重名" in refused(packed([*found, found[0]]))
    assert "不是 Excel 工作簿" in refused(packed([("word/document.xml", "<x/>")]))
    assert "文件损坏" in refused(book(("表", [HEADS]))[:400])


# — headings ———————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        (["数量", "日期"], ["“表”第1行：缺少列“名称”"]),
        (["名称", "数量", "数 量 *"], ["“表”第1行C列：列名“数量”重复，前面B列已经有了"]),
        (["项目名称", "数量", "名称"], ["“表”第1行C列：列名“名称”重复，前面A列已经有了"]),
        (["名称", "数目", "数量"], [f"“表”第1行B列：不认识的列名“数目”；可用的列名：{'、'.join(HEADS)}"]),
    ],
)  # fmt: skip
def test_a_heading_that_is_wrong_is_named(heads, said):
    assert faults(book(("表", [heads, ["甲"]]))) == said


def test_a_title_may_stand_above_the_headings_and_their_order_is_free():
    lines = [["往年台账"], [], ["日期", "金额(万元)", " 名称* "], [date(2018, 6, 15), 3, "甲"]]
    table = read(book(("表", lines)))

    assert [(row.line, row["name"], row["amount"], row["day"]) for row in table.rows] == [
        (4, "甲", Decimal(3), date(2018, 6, 15))
    ]
    assert table.rows[0]["state"] is None
    assert table.rows[0]["count"] is None


# — cells ——————————————————————————————————————————————————————————————————————————————————


CELLS = [
    ("名称", "", "不能为空"), ("名称", "长" * 11, "最多10字，现有11字"), ("名称", "#REF!", "错误值 #REF!"),
    ("数量", "三", "不是数字"), ("数量", "1.5", "不是整数"), ("金额（万元）", "12万元", "不要写单位"),
    ("金额（万元）", "NaN", "不是数字"), ("金额（万元）", "Infinity", "不是数字"),
    ("日期", "2018-02-30", "不是日期"), ("日期", "去年", "不是日期"), ("日期", "2018年6月", "不是日期"),
    ("日期", "7", "不是日期"),
    ("日期", "12018-06-15", "不是日期"), ("结果", "完成", "不在可填的之内：办结、撤回"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "cell", "why"), CELLS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_cell_that_is_wrong_is_named_by_sheet_row_and_column(head, cell, why, form):
    line = ["甲", "1", "2.5", "2018-06-15", "办结"]
    line[HEADS.index(head)] = cell
    lines = [HEADS, ["乙", "1", "2", "2018-06-15", "办结"], [], line]
    content = text(lines) if form == "csv" else book(("往年", lines))
    sheet, column = "表.csv" if form == "csv" else "往年", "ABCDE"[HEADS.index(head)]
    table = read(content)

    assert len(table.faults) == 1
    assert str(table.faults[0]).startswith(f"“{sheet}”第4行{column}列（{head}）：")
    assert why in str(table.faults[0])
    assert [row["name"] for row in table.rows] == ["乙"]


@pytest.mark.parametrize(
    "written",
    [
        "2018-06-15", "2018/6/15", "2018.6.15", "2018年6月15日", "20180615", "２０１８-０６-１５",
        "2018-06-15 00:00:00", 43266, 43266.0, "43266", date(2018, 6, 15), datetime(2018, 6, 15, 9, 30),
    ],
    ids=str,
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written):
    assert day(written) == date(2018, 6, 15)


@pytest.mark.parametrize(
    ("written", "amount"), [("1,200.50", "1200.50"), ("１２００", "1200"), (1200, "1200"), (0.1, "0.1"), (" -3 ", "-3")]
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(written, amount):
    assert number(written) == Decimal(amount)


def test_a_code_that_the_spreadsheet_took_for_a_number_is_told():
    said = faults(book(("表", [HEADS, [911407220000000000]])))

    assert "末几位已经丢失" in said[0]
    assert read(book(("表", [HEADS, [20180615]]))).rows[0]["name"] == "20180615"


def test_the_code_of_older_systems_is_read_strictly():
    lines = [HEADS, ["示例公司", 1, 2, "2018-06-15", "办结"]]

    assert read(text(lines, "gb18030")).rows[0].values == read(text(lines)).rows[0].values


def test_merged_cells_and_cells_without_a_heading_are_told():
    lines = [HEADS, ["甲"], ["乙", "", "", "", "", "", "多"]]

    assert faults(book(("表", lines), merge=[(3, 0, 5, 1, "丙")])) == [
        "“表”第3行G列：这一格不在任何一列之下",
        "“表”第4行A列：有合并的单元格，请取消合并，逐行填写",
    ]


def test_each_sheet_is_read_and_each_fault_says_its_sheet():
    first, second = [HEADS, ["甲"], [""], ["", 1]], [HEADS, ["乙"], ["丙", "x"]]
    content = book(("2017", first), ("空", []), ("2018", second))
    table = read(content)

    assert [(row.sheet, row.line, row["name"]) for row in table.rows] == [
        ("2017", 2, "甲"), ("2018", 2, "乙"),
    ]  # fmt: skip
    assert [str(f)[:9] for f in sorted(table.faults)] == ["“2017”第4行", "“2018”第3行"]


def test_all_faults_are_told_and_of_many_the_first_two_hundred():
    table = read(text([HEADS, *([["", "x"]] * 300)]))
    with pytest.raises(ValidationError) as error:
        table.settle()

    assert len(table.faults) == 600
    assert len(error.value.messages) == 201
    assert error.value.messages[0] == "“表.csv”第2行A列（名称）：不能为空"
    assert error.value.messages[-1] == "另有400处。"


def test_too_many_rows_are_told():
    assert faults(text([HEADS, *([["甲"]] * 25)]), bounds=SMALL) == [
        "“表.csv”第21行：最多20行，请分成几个文件"
    ]


def test_further_checks_add_their_faults_and_doubts():
    table = read(text([HEADS, ["甲", 1, 2, "2018-06-15", "办结"]]))
    table.doubt(table.rows[0], "amount", "金额很小")
    table.settle()
    table.fault(table.rows[0], "name", "重名")

    assert [str(x) for x in table.doubts] == ["“表.csv”第2行C列（金额（万元））：金额很小"]
    with pytest.raises(ValidationError, match="重名"):
        table.settle()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_is_read_the_same(form):
    lines = [
        ("=1+1", 1, Decimal("2.5"), date(2018, 6, 15), "办结"),
        ("'引", -2, None, None, "撤回"),
    ]
    sheet, made = Sheet("表", HEADS, lines), io.BytesIO()
    write_xlsx(sheet, made)
    content = made.getvalue() if form == "xlsx" else b"".join(csv_pieces(sheet))
    first, second = read(content).rows

    assert list(first.values.values()) == ["=1+1", 1, Decimal("2.5"), date(2018, 6, 15), "done"]
    assert list(second.values.values()) == ["'引", -2, None, None, "withdrawn"]
