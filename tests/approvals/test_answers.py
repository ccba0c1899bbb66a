"""Which questions stand, and which answers close the scheme, under the shipped questionnaire."""

import csv
from pathlib import Path

import pytest

from approvals.rules.conditions import UNKNOWN
from approvals.rules.questionnaire import (
    ItemRow,
    MaterialRow,
    QuestionRow,
    applicable,
    asked,
    derive,
    eligibility,
    faults_in,
    undecided,
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


def test_an_empty_questionnaire_leaves_everything_to_be_checked():
    facts = derive({}, QUESTIONS)
    assert facts["new_land_supply"] is UNKNOWN
    assert {a.code for a in applicable(ITEMS, facts)} == {item.code for item in ITEMS}
    assert eligibility(QUESTIONS, facts) == []
    assert undecided(QUESTIONS, facts)


def test_a_question_not_asked_is_answered_no():
    left_over = {
        "builds_water_intake_works": True,
        "in_assessed_area": True,
        "beyond_code_tall": True,
    }
    facts = derive(WORKSHOP | left_over, QUESTIONS)
    assert [facts[fact] for fact in left_over] == [False, False, False]


def test_questions_come_one_after_the_other():
    first = asked(QUESTIONS, {})
    facts = [q.fact for q in first]
    assert facts[:5] == [
        *("procedure_type", "in_development_zone", "project_limits"),
        *("open_dishonesty_record", "land_route"),
    ]
    assert "in_assessed_area" not in facts
    assert "builds_water_intake_works" not in facts
    more = [
        q.fact for q in asked(QUESTIONS, WORKSHOP | {"takes_water": True, "land_route": "reserved"})
    ]
    assert more.index("in_assessed_area") == more.index("land_route") + 1
    assert more.index("builds_water_intake_works") == more.index("takes_water") + 1


@pytest.mark.parametrize(
    ("changes", "fact", "last"),
    [
        ({"procedure_type": "government"}, "procedure_type", "procedure_type"),
        (
            {"procedure_type": "approval", "in_development_zone": False},
            "procedure_type",
            "in_development_zone",
        ),
        ({"project_limits": "linear"}, "project_limits", "project_limits"),
        ({"open_dishonesty_record": True}, "open_dishonesty_record", "open_dishonesty_record"),
        ({"land_route": "unknown"}, "land_route", "land_route"),
    ],
)
def test_not_eligible_says_why_and_stops(changes, fact, last):
    answers = WORKSHOP | changes
    (reason,) = eligibility(QUESTIONS, derive(answers, QUESTIONS))
    assert reason.fact == fact
    assert dict(reason.because) == changes
    assert reason.why_zh
    assert asked(QUESTIONS, answers)[-1].fact == last


def test_approval_project_inside_the_zone_is_eligible():
    facts = derive(WORKSHOP | {"procedure_type": "approval"}, QUESTIONS)
    assert eligibility(QUESTIONS, facts) == []


def test_answers_that_cannot_be_are_named():
    faults = faults_in(
        {
            "eia_class": "novel",
            "site_features": ["none", "trees"],
            "land_route": ["own", "reserved"],
            "procedure_type": "filing",
        },
        QUESTIONS,
    )
    assert set(faults) == {"eia_class", "site_features", "land_route"}
