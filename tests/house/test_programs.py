"""What a person can do in the browser a program can do by the API: by the same service."""

import json
from importlib.resources import files
from inspect import isfunction, signature
from io import StringIO

import jsonschema_rs
import yaml
from django.core.management import call_command
from drf_spectacular import validation
from rest_framework import serializers

import approvals.services
import inspection.services
import prereview.services
import public_notice.services
from config.api import VERSION_1
from core.steps.api.named import MOST
from tests.house.source import ROOT

DESKS = (approvals.services, prereview.services, inspection.services, public_notice.services)
# Services that are no act of their own.
PARTS = {
    "offer_letter": "made with the conclusion, and with what is declined",
    "acknowledge_dispatches": "a page's way to sign for several files at once; a program signs for each",
    "upload_materials": "a page's way to hand in several papers at once; a program hands in each",
    "bar_tolerance": "done with the decision that registers a credit mark",
    "make_plan": "made with the clean end of the notice, and with the start report of an older case",
    "ask_subscription": "a program follows by the feed or the open data; a mailbox is asked by whoever reads it",
    "confirm_subscription": "yes is said from the mailbox, by the link of its mail: docs/decisions/0055",
    "end_subscription": "left by the link of each mail, or by the button of the mail program (RFC 8058)",
    "lift_bar": "done with the decision that grants its repair",
    "check_all_fine": "a page's way to find all papers fine at once; a program checks each",
}
# Acts of anybody, in nobody's name.
OF_ANYBODY = (
    "answer_survey",
    "ask_subscription",
    "confirm_subscription",
    "end_subscription",
    "judge_letter",
    "lodge_objection",
    "request_disclosure",
    "supplement_disclosure",
    "withdraw_disclosure",
    "write_letter",
)


def in_the_api():
    """Every service that some step of the API calls."""
    steps = [pattern.callback.initkwargs.get("step") for pattern in VERSION_1]
    steps += [getattr(pattern.callback.cls, "step", None) for pattern in VERSION_1]
    return {step.service for step in steps if step is not None}


def bodies():
    """Every body that some address takes, by its name."""
    for pattern in VERSION_1:
        steps = (
            pattern.callback.initkwargs.get("step"),
            getattr(pattern.callback.cls, "step", None),
        )
        for body in {step.body for step in steps if step is not None}:
            yield pattern.name, body()


def numbers(field, path):
    """Every whole number of a body, however deep, by its path."""
    if isinstance(
        field, serializers.BaseSerializer | serializers.ListField | serializers.DictField
    ):
        if (child := getattr(field, "child", None)) is not None:
            yield from numbers(child, f"{path}[]")
        for name, part in getattr(field, "fields", {}).items():
            if not part.read_only:
                yield from numbers(part, f"{path}.{name}")
    elif isinstance(field, serializers.IntegerField):
        yield path, field


def acts():
    """Every service of a desk that somebody does, by its name."""
    return {
        name: getattr(desk, name)
        for desk in DESKS
        for name in desk.__all__
        if isfunction(getattr(desk, name)) and "by" in signature(getattr(desk, name)).parameters
    } | {name: getattr(public_notice.services, name) for name in OF_ANYBODY}


def test_every_act_has_its_step():
    """A new one is a line in the desk's api: docs/decisions/0009-programs.md."""
    offered = in_the_api()

    assert {name for name, act in acts().items() if act not in offered} == set(PARTS)


def test_no_two_steps_share_a_name_or_an_address():
    names = [pattern.name for pattern in VERSION_1]
    addresses = [str(pattern.pattern) for pattern in VERSION_1]

    assert len(names) == len(set(names))
    assert len(addresses) == len(set(addresses))


def test_no_body_takes_a_number_that_no_database_can_hold():
    """SQLite breaks off over a key of more than 64 bits: such a field is a `Key`, or has a bound of its own."""
    found = [one for name, body in bodies() for one in numbers(body, name)]
    bounds = ((path, field.min_value, field.max_value) for path, field in found)

    assert len(found) > 20
    assert [p for p, least, most in bounds if None in (least, most) or most > MOST] == []


def test_the_committed_schema_is_the_codes():
    """Written by `make openapi`, which asks whether it is valid in a slower way than here."""
    made = StringIO()
    call_command("spectacular", fail_on_warn=True, stdout=made, stderr=StringIO())
    kept = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")

    assert kept == made.getvalue()
    assert faults_of(yaml.load(kept, yaml.CSafeLoader)) == []


def faults_of(schema):
    """What is wrong with a schema of the API by the description of OpenAPI 3.1 that comes with the generator."""
    told = json.loads(files(validation).joinpath("openapi_3_1_schema.json").read_text("utf-8"))
    valid = jsonschema_rs.validator_for(told, validate_formats=False)
    return [f"{fault.instance_path}: {fault.message}" for fault in valid.iter_errors(schema)]


def test_a_schema_that_is_none_is_found():
    schema = {"openapi": "3.1.0", "info": {"title": "示例", "version": "1"}, "paths": {}}

    assert faults_of(schema) == []
    assert faults_of({**schema, "paths": {"/filings/": {"get": {"responses": 5}}}})
