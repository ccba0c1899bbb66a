"""`manage.py due`: one period or each row of a file; no database; every fault names its place."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from tests.core.test_calendar import ROOT

VECTORS = ROOT / "tests" / "vectors" / "date_vectors.csv"


def said(*args, **options):
    out = io.StringIO()
    call_command("due", *args, stdout=out, **options)
    return out.getvalue()


def test_one_period():
    assert said("2018-06-15", "5", "working_day") == "2018-06-25\n"


def test_each_day_and_why():
    lines = said("2018-06-15", "5", "working_day", explain=True).splitlines()

    assert lines[0] == "2018-06-25"
    assert lines[1].split() == ["2018-06-15", "start"]
    assert lines[4].split() == ["2018-06-18", "holiday", "端午节"]
    assert lines[-1].split() == ["2018-06-25", "counted", "5"]


def test_where_the_calendar_ends_there_is_no_day(capsys):
    err = io.StringIO()
    assert said("2026-12-30", "5", "working_day", stderr=err) == "gap\n"
    assert "2027-01-01" in err.getvalue()


@pytest.mark.parametrize(
    ("edition", "due"),
    [
        ("current", "2019-05-05"),
        ("2019-original", "2019-05-02"),
        ("2019-03-21", "2019-05-02"),
        ("2019-03-22", "2019-05-05"),
    ],
)
def test_the_calendar_as_it_was_known(edition, due):
    """The notice of 22 March 2019 made 2 and 3 May days off and 28 April and 5 May days of work."""
    assert said("2019-04-29", "2", "working_day", edition=edition) == f"{due}\n"


def test_a_receipt_on_a_day_off():
    assert said("2018-06-16", "5", "working_day", received=True) == "2018-06-26\n"


def test_every_row_of_a_file_gets_its_day():
    rows = list(csv.DictReader(io.StringIO(said(csv=VECTORS))))

    assert len(rows) > 100
    assert {row["due"] for row in rows} >= {"gap", "2018-06-25"}
    assert [row["due"] for row in rows] == [row["due_date"] for row in rows]


def test_a_file_in_chinese_words(tmp_path):
    file = tmp_path / "期限.csv"
    file.write_text("﻿事项,起算日,长度,单位\n受理,2018-06-15,5,工作日\n", "utf-8")

    assert said(csv=file) == "事项,起算日,长度,单位,due\n受理,2018-06-15,5,工作日,2018-06-25\n"


WRONG = {
    "no day": (("x", "5", "working_day"), "不是日期"),
    "no unit": (("2018-06-15", "5", "weeks"), "weeks"),
    "too long": (("2018-06-15", "4000", "working_day"), "3650"),
    "half": (("2018-06-15",), "请写起算日"),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_what_is_no_period_is_refused(args, says):
    with pytest.raises(CommandError, match=says):
        said(*args)


@pytest.mark.parametrize("edition", ["99", "2010-01-01", "1999-original", "neu", ""])
def test_an_edition_that_is_none_is_refused(edition):
    with pytest.raises(CommandError, match="没有这一版日历"):
        said("2018-06-15", "5", "working_day", edition=edition)


@pytest.mark.parametrize("county", ["nowhere", "../zuoquan", "/etc", ""])
def test_a_county_that_is_none_is_refused(county):
    with pytest.raises(CommandError, match="没有这个县"):
        said("2018-06-15", "5", "working_day", county=county)


FILES = {
    "a row": (
        "start_date,length,unit\n2018-06-15,5,working_day\n2018-06-15,five,working_day\n",
        ":3: .*five",
    ),
    "a short row": ("start_date,length,unit\n2018-06-15\n", ":2: "),
    "a column": ("start_date,length\n2018-06-15,5\n", "缺少列 unit"),
    "an edition": (
        "start_date,length,unit,edition\n2018-06-15,5,working_day,x\n",
        ":2: 没有这一版",
    ),
    "nothing": ("", "缺少列 start_date"),
}


@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES)
def test_a_fault_in_a_file_names_its_line(tmp_path, text, says):
    file = tmp_path / "rows.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(CommandError, match=says):
        said(csv=file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv"):
        said(csv=tmp_path / "none.csv")
