"""One planted fault of each kind in a county pack is named by file, line and column."""

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


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    at = text.index(old)
    path.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8", newline="")
    return text.count("\n", 0, at) + 1


FAULTS = {
    "unknown department": ("catalogue.csv", "service,ZJJ", "service,XXX", "department_code"),
    "unknown second department": (
        "catalogue.csv",
        "S42; S29,C,CGJ,",
        "S42; S29,C,QQQ,",
        "co_departments",
    ),
    "unknown fact": ("catalogue.csv", ",near_river,", ",near_sea,", "applies_if"),
    "unknown choice": ("catalogue.csv", "eia_class=form", "eia_class=essay", "applies_if"),
    "choice used as yes or no": ("catalogue.csv", "eia_class=form", "eia_class", "applies_if"),
    "condition syntax": (
        "catalogue.csv",
        "in_heritage_zone or new",
        "in_heritage_zone or or new",
        "applies_if",
    ),
    "brackets": ("materials.csv", ",land_route=own\n", ",(land_route=own)\n", "only_if"),
    "not a number": ("catalogue.csv", "20,working_day,3", "twenty,working_day,3", "statutory_days"),
    "zero days": ("catalogue.csv", "20,working_day,3", "0,working_day,3", "statutory_days"),
    "promise beyond the law": (
        "catalogue.csv",
        "20,working_day,10",
        "20,working_day,21",
        "promised_days",
    ),
    "a limit in years": ("rulebook.csv", "Start report,3,month", "Start report,3,year", "unit"),
    "a node's grace in working days": (
        "rulebook.csv",
        "Report of a node,5,natural_day",
        "Report of a node,5,working_day",
        "unit",
    ),
    "self-confirmation in months": (
        "rulebook.csv",
        "confirms itself,2,working_day",
        "confirms itself,2,month",
        "unit",
    ),
    "a contest in counts": (
        "rulebook.csv",
        "contests the roll or a default,3,working_day",
        "contests the roll or a default,3,count",
        "unit",
    ),
    "days without a unit": ("catalogue.csv", "45,working_day", "45,", "statutory_unit"),
    "no class": ("catalogue.csv", ",commitment,FGJ", ",promise,FGJ", "class"),
    "no condition fact": (
        "catalogue.csv",
        "if_condition_absent,special_fire_works",
        "if_condition_absent,",
        "condition_fact",
    ),
    "retained without approval": (
        "catalogue.csv",
        "yes,,prior_approval,S29",
        "yes,,commitment,S29",
        "start_gate",
    ),
    "duplicate item": ("catalogue.csv", "\nC02,", "\nC01,", "code"),
    "material of no item": ("materials.csv", "\nG04,", "\nG99,", "item_code"),
    "producer unknown": ("materials.csv", "paper,C04;R05,", "paper,C04;R99,", "produced_by"),
    "duplicate material": (
        "materials.csv",
        "C01,固定资产投资项目节能报告",
        "C01,项目节能审查申请书",
        "name_zh",
    ),
    "no copies": ("materials.csv", "original,1,", "original,0,", "copies"),
    "tolerable later": (
        "materials.csv",
        "copy,1,yes,concluded with an intermediary; shows the report form is under way,I,I,intake",
        "copy,1,yes,x,I,I,paper",
        "tolerable",
    ),
    "clause of no item": ("clauses.csv", "\nC10,1,", "\nC99,1,", "item_code"),
    "clause of a retained item": ("clauses.csv", "\nC10,1,", "\nR04,1,", "item_code"),
    "clause checked by nobody": (
        "clauses.csv",
        "construction,FGJ",
        "construction,FGX",
        "checked_by",
    ),
    "clause without a standard": ("clauses.csv", ",森林法 37,", ",,", "standard_zh"),
    "duplicate clause": ("clauses.csv", "\nC01,2,", "\nC01,1,", "number"),
    "two nodes at one place": ("nodes.csv", "N3,3,", "N3,2,", "order"),
    "two starts": ("nodes.csv", "installed,progress", "installed,start", "reported_by"),
    "node reported by nothing": (
        "nodes.csv",
        "installed,progress",
        "installed,visit",
        "reported_by",
    ),
    "rule without basis": ("rulebook.csv", ",行政许可法 44,", ",,", "basis"),
    "rule without certainty": ("rulebook.csv", "行政许可法 44,A", "行政许可法 44,", "certainty"),
    "negative days": (
        "rulebook.csv",
        "Opinion after the meeting,3",
        "Opinion after the meeting,-3",
        "value",
    ),
    "no time to answer": (
        "rulebook.csv",
        "Correction period for the enterprise,10",
        "Correction period for the enterprise,0",
        "value",
    ),
    "rule not a number": (
        "rulebook.csv",
        "Opinion after the meeting,3",
        "Opinion after the meeting,three",
        "value",
    ),
    "county passes the law": (
        "rulebook.csv",
        "Acceptance decision,1",
        "Acceptance decision,6",
        "value",
    ),
    "law unknown": (
        "rulebook.csv",
        "materials_received,max,1,",
        "materials_received,max,999,",
        "within",
    ),
    "unknown unit": (
        "rulebook.csv",
        "3,working_day,agenda_item_closed",
        "3,moon,agenda_item_closed",
        "value",
    ),
    "opening hours": ("rulebook.csv", "14:30-18:00", "18:00-14:30", "value"),
    "season": ("rulebook.csv", ",05-01,date", ",05-32,date", "value"),
    "flag": ("rulebook.csv", ",no,flag", ",never,flag", "value"),
    "fixed yet adjustable": (
        "rulebook.csv",
        "fixed,,建设工程质量管理条例 49,A,no",
        "fixed,,建设工程质量管理条例 49,A,yes",
        "configurable",
    ),
    "reference row": ("rulebook.csv", "P12,county_default", "P12,reference", "group"),
    "duplicate rule": ("rulebook.csv", "\nP13,", "\nP12,", "id"),
    "duplicate department": ("departments.csv", "\nGXJ,", "\nFGJ,", "code"),
    "role unknown": ("departments.csv", "window;lead;reviewer", "window;king", "roles"),
    "year": ("departments.csv", "2017,2018,2019", "2017,20x8,2019", "name_2018_valid_to"),
    "region of nowhere": ("regions.csv", "prefecture,14,", "prefecture,15,", "parent_code"),
    "date": ("regions.csv", "2020-06-30", "2020-06-31", "last_edition_seen"),
    "paper of nobody": (
        "documents.csv",
        "List notification (one-time notification),SPJ",
        "List notification (one-time notification),SPX",
        "issuer",
    ),
    "question before its fact": ("questions.csv", "takes_water,12", "takes_water,1", "order"),
    "question rests on a later one": (
        "questions.csv",
        "new_land_supply,6,",
        "takes_water,6,",
        "asked_if",
    ),
    "effect": (
        "questions.csv",
        "not_eligible if project_limits",
        "refused if project_limits",
        "eligibility_effect",
    ),
    "effect on an unknown choice": (
        "questions.csv",
        "procedure_type=government;",
        "procedure_type=kingdom;",
        "eligibility_effect",
    ),
    "choice words": (
        "questions.csv",
        "own=自有土地（已有不动产权证书）|own land with certificate",
        "own=自有土地",
        "choices",
    ),
    "derived in a circle": ("questions.csv", "site_features=river", "near_river", "derived_from"),
    "derived from nothing": ("questions.csv", ",site_features=forest,", ",,", "derived_from"),
    "window": (
        "county.yaml",
        "window_department: SPJ",
        "window_department: SPX",
        "window_department",
    ),
    "setting type": (
        "county.yaml",
        "  anonymous_objections: false",
        "  anonymous_objections: perhaps",
        "publication.anonymous_objections",
    ),
    "time zone": ("county.yaml", "Asia/Shanghai", "Asia/Zuoquan", "timezone"),
    "channel": (
        "county.yaml",
        "  second_channel: signed_receipt",
        "  second_channel: pigeon",
        "service.second_channel",
    ),
    "calendar kind": ("calendar/2018.json", '"kind": "off"', '"kind": "half"', "days[0].kind"),
    "calendar notice": (
        "calendar/2018.json",
        '"notice": "国办发明电〔2017〕12号"',
        '"notice": "无"',
        "days[0].notice",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "column"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_named(folder, file, old, new, column):
    line = replace(folder, file, old, new) + old.startswith("\n")
    with pytest.raises(PackError) as error:
        read_pack(folder)
    assert (file, line, column) in [(f.file, f.line, f.column) for f in error.value.faults], str(
        error.value
    )
    assert f"{file}:{line}:{column} " in str(error.value)
