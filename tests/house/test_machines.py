"""The state machines: who may take a step, what it is called, what stands against it, and where it leads."""

import ast

import pytest
from django.apps import apps

from approvals.models import Filing
from approvals.stages import ENDS
from core.steps.models import Stepped
from prereview.models import Session
from prereview.stages import SessionStage
from public_notice.models import BoxLetter, Disclosure, Notice
from public_notice.stages import DisclosureStage, LetterStage, NoticeStage
from tests.house.source import calls, imported, modules, name_of, nodes

MACHINES = [model for model in apps.get_models() if issubclass(model, Stepped)]

# Where a case rests for good; what is done and closed may still be revoked.
RESTS = {
    Filing: set(ENDS),
    Session: {SessionStage.CLOSED, SessionStage.CANCELLED},
    Notice: {NoticeStage.CLEAN, NoticeStage.UPHELD, NoticeStage.WITHDRAWN},
    BoxLetter: {LetterStage.CLOSED},
    Disclosure: {
        DisclosureStage.ANSWERED,
        DisclosureStage.ABANDONED,
        DisclosureStage.WITHDRAWN,
    },
}
# Things that are called like a step and are none: files, a view's answer, lists of addresses and of clean texts.
NO_CASE = {"CLEAN", "ahead", "archive", "file", "part", "self", "refused"}
WRITERS = {"update", "create", "get_or_create", "update_or_create", "setattr", "bulk_update"}


def steps(model):
    field = model._meta.get_field("stage")
    return list(field.get_all_transitions(model))


def known(model):
    return {value for value, _label in model._meta.get_field("stage").flatchoices}


STEPS = [
    pytest.param(model, step, id=f"{model.__name__}.{step.name}-{step.source}")
    for model in MACHINES
    for step in steps(model)
]


def test_the_machines_are_the_five_that_are_known():
    assert set(MACHINES) == set(RESTS)


@pytest.mark.parametrize(("model", "step"), STEPS)
def test_every_step_has_a_permission_a_label_and_a_sentence_for_each_condition(model, step):
    assert callable(step.permission), "a step without a permission is open to everyone"
    assert str(step.custom["label"])
    assert all(str(condition.reason) for condition in step.conditions)


@pytest.mark.parametrize(("model", "step"), STEPS)
def test_every_step_changes_the_stage(model, step):
    assert step.source != step.target
    assert {step.source, step.target} <= known(model)


@pytest.mark.parametrize("model", MACHINES)
def test_every_stage_can_be_reached(model):
    field = model._meta.get_field("stage")
    reached, fresh = set(), {field.default}
    while fresh:
        reached |= fresh
        fresh = {step.target for step in steps(model) if step.source in reached} - reached

    assert reached == known(model)


@pytest.mark.parametrize("model", MACHINES)
def test_only_an_end_has_no_way_out(model):
    sources = {step.source for step in steps(model)}

    assert known(model) - sources == RESTS[model]


@pytest.mark.parametrize("model", MACHINES)
def test_the_stage_is_protected_and_the_database_knows_its_values(model):
    checks = [c for c in model._meta.constraints if c.name.endswith("_stage_is_known")]

    assert model._meta.get_field("stage").protected
    assert len(checks) == 1


def _targets(node):
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in ast.walk(target)]
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return []


def _writes_stage(call):
    name = name_of(call)
    named = any(keyword.arg == "stage" for keyword in call.keywords)
    quoted = any(
        isinstance(part, ast.Constant) and part.value == "stage"
        for given in [*call.args, *[keyword.value for keyword in call.keywords]]
        for part in ast.walk(given)
    )
    builds = name in {model.__name__ for model in MACHINES}
    return (name in WRITERS and (named or quoted)) or (builds and named)


def written(tree):
    assigned = [
        node.lineno
        for node in nodes(tree)
        for target in _targets(node)
        if isinstance(target, ast.Attribute) and target.attr == "stage"
    ]
    return assigned + [call.lineno for call in calls(tree) if _writes_stage(call)]


def test_no_stage_is_written_outside_the_door():
    found = {place: lines for place, tree in modules().items() if (lines := written(tree))}

    assert found == {}


def _root(node):
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def taken(tree):
    names = {step.name for model in MACHINES for step in steps(model)}
    own = imported(tree)
    return [
        f"{call.lineno}: {ast.unparse(call.func)}"
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in names
        and _root(call.func.value) not in own
        and not NO_CASE & {getattr(call.func.value, "attr", ""), getattr(call.func.value, "id", "")}
    ]


def test_no_step_is_taken_outside_the_door():
    found = {place: steps for place, tree in modules().items() if (steps := taken(tree))}

    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "filing.stage = 'accepted'",
        "Filing.objects.filter(pk=1).update(stage='accepted')",
        "setattr(filing, 'stage', 'accepted')",
        "Filing.objects.bulk_update(rows, ['stage'])",
        "Filing(stage='accepted').save()",
    ],
)
def test_a_written_stage_is_found(line):
    assert written(ast.parse(line)) == [1]


def test_a_step_taken_by_itself_is_found():
    assert taken(ast.parse("limit.filing.accept()")) == ["1: limit.filing.accept"]
