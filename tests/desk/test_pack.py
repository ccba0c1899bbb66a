"""The shipped pack is valid; a pack with a fault is refused whole, and the fault is named."""

import shutil
from pathlib import Path

import pytest

from desk.rules.pack import PackError, read_pack

SHIPPED = Path(__file__).parents[2] / "counties" / "zuoquan"


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "county"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("replay-*"))
    return copy


def test_shipped_pack_is_valid():
    pack = read_pack(SHIPPED)
    classes = [row["class"] for row in pack.catalogue]
    assert [classes.count(c) for c in ("service", "commitment", "retained")] == [10, 12, 6]
    assert len(pack.question_rows) == 28
    assert len(pack.item_rows) == 28
    assert len(pack.calendars) == 12
    assert pack.county["code"] == "140722"
    assert {c["item_code"] for c in pack.clauses} == {f"C{n:02}" for n in range(1, 13)}
    assert all(rule.basis and rule.certainty for rule in pack.rules.values())
    assert pack.rules["P5b"].number == 3
    assert pack.rules["8a"].counting_unit == "natural_day"
    assert "自然日" in pack.rules["8a"].note


def test_digest_follows_the_content(folder):
    before = read_pack(folder)
    assert before.digest == read_pack(SHIPPED).digest
    (folder / "README.md").write_text("changed", encoding="utf-8")
    assert read_pack(folder).digest == before.digest
    replace(
        folder,
        "rulebook.csv",
        "P5b,county_default,会后书面意见,Opinion after the meeting,3",
        "P5b,county_default,会后书面意见,Opinion after the meeting,5",
    )
    after = read_pack(folder)
    assert after.digest != before.digest
    assert after.digest_of("catalogue.csv") == before.digest_of("catalogue.csv")


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    at = text.index(old)
    path.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8", newline="")
    return text.count("\n", 0, at) + 1


def test_a_red_line_is_never_passed_by_silence(folder):
    line = replace(folder, "catalogue.csv", "near_river,escalate", "near_river,yes")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    (fault,) = error.value.faults
    assert (fault.file, fault.line, fault.column) == ("catalogue.csv", line, "opinion_default")
    assert "防洪法第27条、第33条" in fault.message


def test_a_day_twice_in_the_calendar_is_named(folder):
    day = '    {"date": "2018-01-01", "name_zh": "元旦", "kind": "off", "notice": "国办发明电〔2017〕12号"},\n'
    line = replace(folder, "calendar/2018.json", day, day + day)
    with pytest.raises(PackError) as error:
        read_pack(folder)
    (fault,) = error.value.faults
    assert (fault.line, fault.column) == (line + 1, "days[1].date")


def test_a_missing_year_is_named(folder):
    (folder / "calendar" / "2021.json").unlink()
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert [(f.file, f.line) for f in error.value.faults] == [("calendar/2021.json", 1)]


def test_a_commitment_item_without_clauses_is_named(folder):
    path = folder / "clauses.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("C10,")), encoding="utf-8")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert [(f.file, f.column) for f in error.value.faults] == [("catalogue.csv", "code")]


def test_a_missing_rule_is_named(folder):
    path = folder / "rulebook.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("P15,")), encoding="utf-8")
    with pytest.raises(PackError, match="P15"):
        read_pack(folder)


@pytest.mark.parametrize("name", ["clauses.csv", "county.yaml", "rulebook.csv", "questions.csv"])
def test_a_missing_file_is_named_and_nothing_else_is_blamed(folder, name):
    (folder / name).unlink()
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert {f.file for f in error.value.faults} == {name}


def test_a_missing_column_is_named(folder):
    replace(folder, "catalogue.csv", "opinion_default", "silence")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert [str(f) for f in error.value.faults] == ["catalogue.csv:1:opinion_default 缺少此列"]


def test_a_row_of_wrong_width_is_named(folder):
    line = replace(folder, "regions.csv", "14,山西省", "14,山西省,多")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert ("regions.csv", line, "-") in [(f.file, f.line, f.column) for f in error.value.faults]


@pytest.mark.parametrize("name", ["materials.csv", "calendar/2019.json", "county.yaml"])
def test_a_file_that_is_not_utf8_is_named(folder, name):
    (folder / name).write_bytes("编码".encode("gb18030") + (folder / name).read_bytes())
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert name in {f.file for f in error.value.faults}


def test_broken_yaml_is_named(folder):
    line = replace(folder, "county.yaml", "name_zh: 左权县", "name_zh: [左权县")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    (fault,) = error.value.faults
    assert fault.file == "county.yaml"
    assert fault.line >= line


def test_a_spreadsheets_byte_order_mark_does_no_harm(folder):
    path = folder / "departments.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_pack(folder).departments == read_pack(SHIPPED).departments


def test_every_fault_is_told_at_once(folder):
    replace(folder, "catalogue.csv", "service,ZJJ", "service,XXX")
    replace(folder, "rulebook.csv", ",行政许可法 44,", ",,")
    replace(folder, "calendar/2018.json", '"kind": "off"', '"kind": "half"')
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert [f.file for f in error.value.faults] == [
        "calendar/2018.json",
        "catalogue.csv",
        "rulebook.csv",
    ]
