"""One calendar file more: it is taken whole, or every fault is named by line and field and nothing is."""

from datetime import date

import pytest

from core.deadlines.calendar import CalendarError, CalendarFile, editions_from, extended
from tests.calendars import made_up, shipped, table
from tests.conftest import SHIPPED

TODAY = date(2019, 11, 25)
PACK = [
    CalendarFile(f"calendar/{p.name}", p.read_text("utf-8"))
    for p in (SHIPPED / "calendar").glob("*.json")
]
KNOWN = [edition for edition in editions_from(PACK) if edition.known_from < date(2019, 11, 1)]
LAST = KNOWN[-1]  # as of 22 March 2019: it ends with 2019
NEXT = shipped(2020, "-original")


def add(content, name="2020.csv", last=LAST, today=TODAY):
    text = content if isinstance(content, str) else content.decode()
    return extended(last, CalendarFile(name, text), today=today, number=len(KNOWN) + 1)


@pytest.mark.parametrize("name", ["2020.csv", "2020.json"])
def test_table_and_file_of_the_pack_give_the_edition_that_the_pack_gives(name):
    wanted = next(e for e in editions_from(PACK) if e.known_from == date(2019, 11, 21))
    found = add(table(NEXT) if name.endswith("csv") else NEXT.replace("original", "current"), name)

    assert found == wanted


def test_a_new_notice_within_the_year_replaces_the_whole_year():
    before = next(e for e in editions_from(PACK) if e.known_from == date(2019, 11, 21))
    wanted = next(e for e in editions_from(PACK) if e.known_from == date(2020, 1, 26))
    found = extended(
        before, CalendarFile("a.csv", table(shipped(2020)).decode()), today=date(2020, 1, 26), number=wanted.number,
    )  # fmt: skip

    assert found == wanted


def test_a_clerk_may_write_chinese_and_what_a_spreadsheet_makes_of_a_date():
    plain = table(NEXT).decode()
    said = plain.replace("date,kind,name,notice,issued,url", "日期,类别,名称,通知,发布日,网址", 1)
    said = (
        said.replace(",off,", ",放假,")
        .replace(",work,", ",上班,")
        .replace("2020-01-01", "2020/1/1")
    )
    assert said != plain

    assert add("\ufeff" + said).marks == add(plain).marks


ROW = "2020-01-24,off,春节"
# What is wrong, and on which line and in which field that is said; the first day of the file stands on line 2.
FAULTS = {
    "a day twice": (ROW, f"2020-01-01,off,元旦,国办发明电〔2019〕16号,2019-11-21,\n{ROW}", 4, "date", "已见于第2行"),
    "no such date": (ROW, "2020-02-30,off,春节", 4, "date", "2020-02-30"),
    "no date at all": (ROW, "春节,off,春节", 4, "date", "春节"),
    "unknown kind": (ROW, "2020-01-24,half,春节", 4, "kind", "half"),
    "a make-up Wednesday": ("2020-01-01,off", "2020-01-01,work", 2, "kind", "星期六"),
    "no notice": ("元旦,国办发明电〔2019〕16号", "元旦,", 2, "notice", "通知"),
    "a notice of two days": ("2019-11-21", "2019-11-20", 3, "issued", "2019-11-20"),
    "a notice of no day": ("2019-11-21", "soon", 2, "issued", "soon"),
    "a column is missing": ("date,kind,", "date,sort,", 1, "kind", "类别"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "place", "word"), FAULTS.values(), ids=FAULTS)
def test_every_fault_is_named_by_line_and_field(old, new, line, place, word):
    with pytest.raises(CalendarError) as error:
        add(table(NEXT, swap=[(old, new)]))

    found = {(fault.line, fault.place): fault.message for fault in error.value.faults}
    assert word in found[(line, place)]


SHAPELESS = '{"year": 2020, "edition": "current", "status": "", "notices": 5, "days": [3]}'
STRAY = table(NEXT).decode() + "2021-01-01,off,元旦,国办发明电〔2019〕16号,2019-11-21,\n"
WHOLE = {
    "not a table": ('a\n"b', "2020.csv", ""),
    "empty": ("", "2020.csv", "date"),
    "only a heading": ("date,kind,name,notice,issued,url\n", "2020.csv", "没有任何日期"),
    "not JSON": ("{", "2020.json", "JSON"),
    "JSON of another kind": ("[1]", "2020.json", "不是日历文件"),
    "rows of another kind": (SHAPELESS, "2020.json", "应为列表"),
    "a year that was replaced": (NEXT, "2020.json", "已被取代"),
    "a year is skipped": (made_up(2021, "2019-11-22").decode(), "2021.csv", "缺少 2020 年"),
    "a stray day of another year": (STRAY, "2020.csv", "2021 年没有列出“春节”"),
    "half a year": ("\n".join(table(NEXT).decode().split("\n")[:12]), "2020.csv", "国庆"),
    "a year that has passed": (table(shipped(2018)).decode(), "2018.csv", "已经过去"),
    "nothing new": (table(shipped(2019)).decode(), "2019.csv", "没有新的通知"),
    "a notice of tomorrow": (made_up(2020, "2019-11-26").decode(), "2020.csv", "还没有到"),
    "a notice older than the last": (made_up(2020, "2019-03-22").decode(), "2020.csv", "不晚于现行版"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "word"), WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_wrong_as_a_whole_is_refused(text, name, word):
    with pytest.raises(CalendarError) as error:
        add(text, name)

    assert word in str(error.value)
    assert all(fault.file == name for fault in error.value.faults)
