"""Real kinds of projects against the shipped catalogue: items, gates, silence and papers."""

import csv
import json
import re
from pathlib import Path

import pytest

from approvals.rules.questionnaire import (
    ItemRow,
    MaterialRow,
    QuestionRow,
    applicable,
    derive,
    eligibility,
    materials_for,
    unanswered,
)

PACK = Path(__file__).parents[2] / "counties" / "zuoquan"


def rows(name):
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


QUESTIONS = [QuestionRow.from_row(row) for row in rows("questions.csv")]
ITEMS = [ItemRow.from_row(row) for row in rows("catalogue.csv")]
MATERIALS = [MaterialRow.from_row(row, i) for i, row in enumerate(rows("materials.csv"), 1)]

WORKSHOP = {
    "procedure_type": "filing",
    "in_development_zone": True,
    "project_limits": "none",
    "open_dishonesty_record": False,
    "land_route": "own",
    "site_features": ["none"],
    "eia_class": "registration",
    "energy_above_threshold": False,
    "soil_plan_needed": False,
    "takes_water": False,
    "has_civil_building": False,
    "special_places": ["none"],
}
PROJECTS = json.loads((Path(__file__).parents[1] / "vectors" / "projects.json").read_text("utf-8"))
OPEN = [one for one in PROJECTS if one["closed_by"] is None]
CLOSED = [one for one in PROJECTS if one["closed_by"]]


def name_of(project):
    return project["name"]


def listed(changes, declined=()):
    facts = derive(WORKSHOP | changes, QUESTIONS)
    return {a.code: a for a in applicable(ITEMS, facts, declined)}, facts


@pytest.mark.parametrize("project", OPEN, ids=name_of)
def test_items_of_a_project(project):
    items, facts = listed(project["answers"])
    assert set(items) == set(project["items"].split())
    assert all(item.applies is True for item in items.values())
    assert {i.code for i in items.values() if i.opinion_default == "escalate"} == set(
        project["escalates"].split()
    )
    assert eligibility(QUESTIONS, facts) == []
    assert unanswered(QUESTIONS, WORKSHOP | project["answers"]) == []


@pytest.mark.parametrize("project", CLOSED, ids=name_of)
def test_a_project_that_the_mechanism_is_closed_to_is_told_by_which_answer(project):
    facts = derive(WORKSHOP | project["answers"], QUESTIONS)
    (reason,) = eligibility(QUESTIONS, facts)
    assert reason.fact == project["closed_by"]
    assert dict(reason.because).items() <= project["answers"].items()


def test_every_item_of_the_catalogue_is_reached():
    reached = {code for project in OPEN for code in project["items"].split()}
    assert reached == {item.code for item in ITEMS}


def test_because_names_the_question_and_the_answer():
    items, _facts = listed({"site_features": ["river"], "eia_class": "form"})
    assert items["C04"].because == (("eia_class", "form"),)
    assert items["C07"].because == (("site_features", ["river"]),)
    assert items["R06"].because == ()


@pytest.mark.parametrize(
    ("changes", "code", "silence", "gate"),
    [
        ({}, "C03", "deemed", "commitment"),
        ({}, "C09", "deemed", "commitment"),
        ({"special_places": ["lightning"]}, "C03", "escalate", "paper_on_commitment"),
        ({"special_places": ["fire"]}, "C09", "escalate", "prior_approval"),
        ({"special_places": ["unsure"]}, "C09", "escalate", "prior_approval"),
        ({"special_places": None}, "C03", "escalate", "paper_on_commitment"),
        ({"special_places": ["fire", "unsure"]}, "C03", "escalate", "paper_on_commitment"),
        ({"land_route": "reserved", "in_assessed_area": True}, "G06", "deemed", "service_done"),
        ({"site_features": ["heritage"]}, "G06", "escalate", "service_done"),
        ({"land_route": "reserved", "in_assessed_area": False}, "G09", "none", "service_done"),
        ({"eia_class": "form"}, "C04", "escalate", "paper_on_commitment"),
        ({"eia_class": "report"}, "R05", "escalate", "prior_approval"),
        ({}, "C12", "deemed", "paper_on_commitment"),
        ({"takes_water": True, "builds_water_intake_works": False}, "C06", "deemed", "commitment"),
    ],
)
def test_silence_and_gate(changes, code, silence, gate):
    items, _facts = listed(changes)
    assert (items[code].opinion_default, items[code].start_gate) == (silence, gate)


def test_declined_commitment_needs_its_prior_approval():
    items, _facts = listed({"eia_class": "form"}, declined=["C04"])
    assert items["C04"].start_gate == "prior_approval"
    assert items["C05"].start_gate == "commitment"
    with pytest.raises(ValueError, match="R06"):
        listed({}, declined=["R06"])


def test_unsure_lists_items_to_be_checked():
    items, _facts = listed({"eia_class": "unsure", "site_features": ["trees", "unsure"]})
    assert items["G01"].applies is True
    assert {c for c, a in items.items() if a.applies is None} == {
        *("G02", "G03", "G04", "G05", "G06", "G07", "C04", "C07", "C11", "R05")
    }
    assert items["C04"].because == (("eia_class", "unsure"),)


def papers(changes):
    items, facts = listed(changes)
    return items, materials_for(list(items.values()), MATERIALS, facts)


def test_a_paper_of_several_items_is_handed_in_once():
    _items, needs = papers({"land_route": "reserved", "in_assessed_area": True})
    identity = [n for n in needs if n.name_zh == "委托人及委托代理人身份证（复印件）"]
    assert [n.item_codes for n in identity] == [("R02", "R03", "R04")]
    filing = [n for n in needs if n.name_zh == "项目批准或者核准、备案文件"]
    assert [(n.item_codes, n.tolerable) for n in filing] == [(("R03", "R04"), False)]
    asked_for = [(n.name_zh, n.produced_by) for n in needs]
    assert len(asked_for) == len(set(asked_for))


def test_land_papers_do_not_wait_for_each_other():
    for route, waits, free in (("allocated", "R02", "R03"), ("reserved", "R03", "R02")):
        _items, needs = papers({"land_route": route, "in_assessed_area": True})
        on = {(use.item_code, p) for n in needs for use in n.uses for p in n.produced_by}
        assert (waits, free) in on
        assert (free, waits) not in on


def test_dependencies_follow_the_items_that_apply():
    _items, own = papers({})
    assert not [n for n in own if "R02" in n.produced_by]
    _items, needs = papers(
        {"land_route": "reserved", "in_assessed_area": True, "eia_class": "form"}
    )
    eia = [n for n in needs if n.name_zh == "环评报告及审查意见"]
    assert [(n.produced_by, n.dependency) for n in eia] == [(("C04",), True)]


def test_papers_come_in_the_order_they_are_needed():
    _items, needs = papers({"eia_class": "form", "site_features": ["road"]})
    order = ["intake", "prereview", "paper", "acceptance"]
    stages = [order.index(n.needed_by) for n in needs]
    assert stages == sorted(stages)
    assert all(n.needed_by == "intake" for n in needs if n.tolerable)
    assert all(n.certain for n in needs)


def test_papers_of_an_item_to_be_checked_are_uncertain():
    _items, needs = papers({"eia_class": "unsure"})
    report = [n for n in needs if n.name_zh == "建设项目环境影响报告表"]
    assert [n.certain for n in report] == [False]


def test_questions_speak_to_an_enterprise_and_not_of_how_certain_a_fact_is():
    asked = [row for row in rows("questions.csv") if row["order"]]
    for row in asked:
        said = [row[f"{name}_{tongue}"] for name in ("question", "why") for tongue in ("zh", "en")]
        assert all(said), f"{row['fact']} is asked in two languages, each with why"
        assert not any(re.search(r"[（(，, ][A-DI][)）]", words) for words in said), row["fact"]
    assert len(asked) <= 15
