"""Every way off the road stands in one table: with its stages, its grounds, its actor, its paper and its clock."""

import csv

import pytest

from approvals.models import Filing
from approvals.rules.exits import EXITS, OVERLAYS, Exit
from approvals.rules.limits import BY_STAGE
from approvals.stages import ENDS, Stage
from core.deadlines.rules import RULES
from core.steps.offers import OFFERS
from tests.house.source import ROOT

ALL = [
    pytest.param(row, id=f"{row.step}-{row.paper}-{'-'.join(row.clock)}")
    for row in (*EXITS, *OVERLAYS)
]


def pairs(rows):
    return {(row.step, str(source), str(row.to)) for row in rows for source in row.sources}


def test_the_table_is_the_machine():
    """Every step to an end, from every stage, has its row; and no row says what the machine does not do."""
    field = Filing._meta.get_field("stage")
    leaving = {
        (step.name, str(step.source), str(step.target))
        for step in field.get_all_transitions(Filing)
        if step.target in ENDS
    }

    assert pairs(EXITS) == leaving


def test_every_end_is_reached_by_some_row():
    assert {row.to for row in EXITS} == set(ENDS)


@pytest.mark.parametrize("row", ALL)
def test_a_row_says_why_by_whom_with_which_paper_and_by_which_clock(row: Exit):
    with (ROOT / "counties/zuoquan/documents.csv").open(encoding="utf-8-sig") as file:
        listed = {line["code"]: line for line in csv.DictReader(file)}

    assert str(row.ground)
    assert str(row.actor)
    assert listed[row.paper]["number_series"], "a paper without a series has no number of its own"
    assert "enterprise" in listed[row.paper]["recipient"]
    assert set(row.clock) <= set(RULES)


def test_only_the_enterprises_own_will_has_no_clock():
    assert [row.step for row in EXITS if not row.clock] == ["withdraw"]


@pytest.mark.parametrize("stage", [s for s in Stage if s not in ENDS and s != Stage.COMPLETED])
def test_no_stage_is_a_dead_end(stage):
    """From each stage that is no end somebody is offered a step, or a limit runs that acts in silence."""
    offered = {o.name for o in OFFERS["approvals.filing"] if stage in o.stages}
    left = {
        step.name
        for step in Filing._meta.get_field("stage").get_all_transitions(Filing)
        if step.source == stage
    }

    assert left
    assert offered or BY_STAGE.get(stage)
    assert stage == Stage.DRAFT or {row.step for row in EXITS if stage in row.sources}, "no way off"
