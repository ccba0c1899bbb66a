"""The limits: each declared rule has its number, its basis and someone who acts; each timed row is swept."""

import csv

import pytest
from django.apps import apps

from approvals.rules.limits import BY_STAGE, GOES_ON
from approvals.stages import Stage
from core.deadlines.models import Timed, timed_models
from core.deadlines.rules import HANDLERS, RULES, Rule, Silence, declare, on_silence
from prereview import rules as prereview_rules
from tests.house.source import ROOT

UNITS = {"working_day", "natural_day", "day", "month"}


def shipped():
    with (ROOT / "counties/zuoquan/rulebook.csv").open(encoding="utf-8-sig") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_handler(code):
    assert code in HANDLERS


def test_every_handler_has_a_rule():
    assert set(HANDLERS) <= set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_its_number_and_basis_in_the_shipped_rulebook(code):
    row = shipped()[code]

    assert int(row["value"]) > 0
    assert row["unit"] in UNITS
    assert row["basis"]
    assert row["certainty"]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_says_what_silence_does_and_who_must_act(rule):
    assert rule.silence in Silence
    assert str(rule.name)
    assert str(rule.actor)


def test_numbers_that_are_no_limits_are_in_the_rulebook_too():
    numbers = (
        prereview_rules.SURVEY_NOTICE,
        prereview_rules.MEETING_NOTICE,
        prereview_rules.CONFIRMS_ITSELF,
        prereview_rules.ESCALATION,
        "P24",
    )

    assert set(numbers) <= set(shipped())


def test_the_limits_of_a_stage_are_declared():
    begun = [rule for rules in BY_STAGE.values() for rule in rules]

    assert all(RULES[rule.code] is rule for rule in begun)
    assert all(isinstance(stage, Stage) for stage in BY_STAGE)
    assert set(GOES_ON) <= set(RULES)


def test_the_sweep_finds_every_timed_model():
    concrete = {model for model in apps.get_models() if issubclass(model, Timed)}

    assert set(timed_models()) == concrete
    assert concrete


@pytest.mark.parametrize("model", timed_models())
def test_the_sweep_has_an_index_on_every_timed_model(model):
    assert any(index.fields == ["book", "act_at"] for index in model._meta.indexes)


def test_a_code_is_declared_once_and_handled_once():
    taken = next(iter(RULES.values()))

    with pytest.raises(ValueError, match=taken.code):
        declare(Rule(taken.code, "x", Silence.CLOSES, "x"))
    with pytest.raises(ValueError, match=taken.code):
        on_silence(taken)(print)
