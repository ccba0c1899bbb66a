"""What no catalogue may say: each row of the table is a change and the sentence that refuses it, with its article."""

import shutil
from datetime import date

import pytest

from approvals.models import CatalogueItem, CatalogueMaterial, Question
from desk.queries.catalogue_tables import against
from desk.rules.pack import PackError, read_pack
from desk.rules.pack.catalogue import (
    FILES,
    TABLE_OF,
    content_of,
    faults_in,
    key_of,
    read_file,
    restored,
    stored,
    written,
)
from tests.conftest import SHIPPED

pytestmark = pytest.mark.django_db
DAY = date(2018, 7, 1)


def shipped():
    return {file: read_file(file, (SHIPPED / file).read_bytes()) for file in FILES}


def row_of(tables, file, *key):
    return next(row for row in tables[file] if key_of(file, row) == key)


TRANSLATED = (
    "建筑法第7条、第64条（未取得施工许可证擅自施工的，责令改正、停止施工） | Construction Law"
)
CAT, MAT, QUE = "catalogue.csv", "materials.csv", "questions.csv"
# table, key, cells, column, what the sentence names
REFUSED = {
    "silence on a red line": (CAT, ("C07",), {"opinion_default": "yes"}, "opinion_default", "防洪法第27条、第33条"),
    "a conditional default on a red line": (
        CAT, ("C04",), {"opinion_default": "if_condition_absent", "condition_fact": "near_river"}, "opinion_default",
        "环境影响评价法第25条",
    ),
    "a red line removed without a basis": (
        CAT, ("R06",), {"red_line": "no"}, "red_line", "建筑法第7条、第64条",
    ),
    "a red line removed with another translation of its basis": (
        CAT, ("R06",), {"red_line": "no", "red_line_basis": TRANSLATED}, "red_line", "建筑法第7条、第64条",
    ),
    "a red line made conditional without a basis": (
        CAT, ("C02",), {"red_line": "conditional"}, "red_line", "水土保持法第26条",
    ),
    "started on words alone": (CAT, ("C02",), {"start_gate": "commitment"}, "start_gate", "水土保持法第26条"),
    "started where a condition fails": (
        CAT, ("C11",), {"start_gate": "prior_approval_if_condition", "condition_fact": "near_river"}, "start_gate",
        "森林法第37条",
    ),
    "a retained item without approval": (CAT, ("R04",), {"start_gate": "commitment"}, "start_gate", "城乡规划法第40条"),
    "a conditional red line deemed outright": (
        CAT, ("C09",), {"opinion_default": "yes"}, "opinion_default", "消防法第12条",
    ),
    "a conditional red line started on words": (
        CAT, ("C09",), {"start_gate": "commitment"}, "start_gate", "消防法第12条",
    ),
    "a red line without its article": (CAT, ("C07",), {"red_line_basis": ""}, "red_line_basis", "条文"),
    "a default without basis and approver": (
        CAT, ("C08",), {"default_basis": "", "default_approver": ""}, "default_basis", "批准单位",
    ),
    "a default without approver": (CAT, ("C08",), {"default_approver": ""}, "default_approver", "批准单位"),
    "promised beyond the statute": (CAT, ("R01",), {"promised_days": "21"}, "promised_days", "土地管理法 52"),
    "promised in working days beyond natural days": (
        CAT, ("R06",), {"promised_days": "6"}, "promised_days", "至少是8天",
    ),
    "a limit without its unit": (CAT, ("R01",), {"statutory_unit": ""}, "statutory_unit", "单位"),
    "a limit without a law": (CAT, ("R01",), {"legal_basis_zh": ""}, "legal_basis_zh", "不能为空"),
    "an unknown department": (CAT, ("R01",), {"department_code": "XXX"}, "department_code", "XXX"),
    "an unknown fact": (CAT, ("C07",), {"applies_if": "near_sea"}, "applies_if", "near_sea"),
    "an application form to come later": (
        MAT, ("C01", "项目节能审查申请书"), {"tolerable": "yes"}, "tolerable", "申请文件",
    ),
    "an identity paper to come later": (
        MAT, ("R04", "申请人身份证明"), {"tolerable": "yes"}, "tolerable", "身份和授权文件",
    ),
    "the land basis to come later": (
        MAT, ("R01", "用地边界拐点坐标表"), {"tolerable": "yes"}, "tolerable", "用地依据",
    ),
    "the object of review to come later": (
        MAT, ("C02", "生产建设项目水土保持方案"), {"tolerable": "yes", "needed_by": "intake"}, "tolerable", "技术文件",
    ),
    "a safety conclusion to come later": (
        MAT, ("G03", "设施保护方案"), {"tolerable": "yes", "needed_by": "intake"}, "tolerable", "安全结论",
    ),
    "a statutory condition to come later": (
        MAT, ("R03", "项目批准或者核准、备案文件"), {"tolerable": "yes"}, "tolerable", "法定条件",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "key", "cells", "column", "named"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_red_line_is_refused_with_the_article(
    county, file, key, cells, column, named
):
    tables = shipped()
    row = row_of(tables, file, *key)
    row.update(cells)

    faults = faults_in(tables, against(shipped()), DAY)

    said = [f.message for f in faults if (f.file, f.line, f.column) == (file, row.line, column)]
    assert said, faults
    assert any(named in text for text in said), said


def test_the_shipped_catalogue_breaks_nothing(county):
    assert faults_in(shipped(), against(shipped()), DAY) == []


def test_a_catalogue_from_before_nodes_is_changed_adopted_and_read_back_as_it_is(county):
    kept = stored(shipped())
    del kept["nodes.csv"]

    before = restored(kept)

    assert faults_in(before, against(before), DAY) == []
    assert read_file("nodes.csv", written("nodes.csv", before["nodes.csv"])) == []


def test_a_red_line_goes_with_a_basis_and_only_then_its_item(county):
    tables = shipped()
    row = row_of(tables, CAT, "R03")
    row.update(red_line="no", red_line_basis="示例：某法某条已经取消这项许可")
    assert faults_in(tables, against(shipped()), DAY) == []

    gone = shipped()
    gone[CAT].remove(row_of(gone, CAT, "C07"))
    said = [f.message for f in faults_in(gone, against(shipped())) if f.column == "code"]
    assert any("C07" in text and "防洪法第27条、第33条" in text for text in said)


def test_a_question_that_an_item_needs_cannot_go(county):
    tables = shipped()
    tables[QUE].remove(row_of(tables, QUE, "near_river"))

    faults = faults_in(tables, against(shipped()), DAY)

    assert {(f.file, f.column) for f in faults} >= {(CAT, "applies_if")}
    assert any("near_river" in f.message for f in faults)


def test_a_department_must_be_there_on_the_day(county):
    known = against(shipped())
    spans = {**known.departments, "FGJ": [(date(2017, 1, 1), date(2018, 6, 30))]}
    tables = shipped()
    held = type(known)(known.base, spans, known.grounds)

    assert faults_in(tables, held, date(2018, 6, 30)) == []
    faults = faults_in(tables, held, DAY)
    assert {f.column for f in faults} <= {"department_code", "co_departments", "checked_by"}
    assert all("FGJ" in f.message and "2018-07-01" in f.message for f in faults)


def test_a_pack_is_held_to_the_same(tmp_path):
    """The folder is checked by the same rules."""
    folder = shutil.copytree(SHIPPED, tmp_path / "county", ignore=shutil.ignore_patterns("replay-*"))  # fmt: skip
    tables = shipped()
    row_of(tables, CAT, "C02")["start_gate"] = "commitment"
    row_of(tables, CAT, "C08").update(default_basis="", default_approver="")
    row_of(tables, MAT, "C01", "项目节能审查申请书")["tolerable"] = "yes"
    for file in (CAT, MAT):
        (folder / file).write_bytes(written(file, tables[file]))

    with pytest.raises(PackError) as refused:
        read_pack(folder)

    assert {f.column for f in refused.value.faults} == {"start_gate", "default_basis", "tolerable"}


@pytest.mark.parametrize("file", FILES)
def test_a_table_kept_and_written_again_is_the_file_to_the_byte(file):
    tables = shipped()

    assert written(file, restored(stored(tables))[file]) == (SHIPPED / file).read_bytes()


def test_the_digest_of_the_tables_is_that_of_the_pack():
    assert content_of(shipped()) == read_pack(SHIPPED).digest_of(*FILES)


def test_the_grounds_are_the_countys_and_must_be_whole(tmp_path):
    folder = shutil.copytree(SHIPPED, tmp_path / "county", ignore=shutil.ignore_patterns("replay-*"))  # fmt: skip
    path = folder / "county.yaml"
    path.write_text(path.read_text("utf-8").replace("    name_en: land basis\n", ""), "utf-8")

    with pytest.raises(PackError, match="never_tolerable 第3项"):
        read_pack(folder)


ODD = {
    "a number that is none": (QUE, ("procedure_type",), "order", "²"),
    "a number of a thousand digits": (CAT, ("R04",), "promised_days", "9" * 1000),
    "a number that the database does not hold": (CAT, ("R02",), "promised_days", "40000"),
    "a basis that is too long": (CAT, ("G01",), "default_basis", "长" * 201),
    "a name that is too long": (MAT, ("C01", "项目节能审查申请书"), "name_en", "x" * 301),
}


@pytest.mark.parametrize(("file", "key", "column", "text"), ODD.values(), ids=ODD)
def test_what_cannot_be_kept_gets_a_sentence(county, file, key, column, text):
    tables = shipped()
    row = row_of(tables, file, *key)
    row[column] = text

    found = {(f.file, f.line, f.column) for f in faults_in(tables, against(shipped()), DAY)}

    assert (file, row.line, column) in found


@pytest.mark.parametrize("code", ["新1", "A/1", "A;1", "A B"])
def test_a_code_is_a_word(county, code):
    tables = shipped()
    tables[CAT].append(type(tables[CAT][0])(tables[CAT][0], code=code))
    tables[CAT][-1].line = 99

    assert any((f.line, f.column) == (99, "code") for f in faults_in(tables, against(None)))


WIDTHS = {
    CAT: (CatalogueItem, {"name_zh": "name", "source": "source", "code": "code"}),
    MAT: (CatalogueMaterial, {"name_zh": "name", "name_en": "name_en", "only_if": "only_if"}),
    QUE: (Question, {"fact": "fact"}),
}


@pytest.mark.parametrize("file", WIDTHS)
def test_a_column_is_as_wide_as_the_field_that_keeps_it(file):
    model, named = WIDTHS[file]
    widths = {f.name: f.max_length for f in model._meta.fields if getattr(f, "max_length", None)}
    cells = TABLE_OF[file].cells
    pairs = {**{c: c for c in cells if c in widths}, **named}

    for column, field in pairs.items():
        if not cells[column].allowed:
            assert cells[column].longest == widths[field], column
