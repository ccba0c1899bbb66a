"""What a person can do in the browser a program can do by the API: by the same service."""

from inspect import isfunction, signature
from io import StringIO

from django.core.management import call_command

import approvals.services
import inspection.services
import prereview.services
import public_notice.services
from config.api import VERSION_1
from tests.house.source import ROOT

DESKS = (approvals.services, prereview.services, inspection.services, public_notice.services)
# Services that are no act of their own.
PARTS = {
    "offer_letter": "made with the conclusion, and with what is declined",
    "acknowledge_dispatches": "a page's way to sign for several files at once; a program signs for each",
    "upload_materials": "a page's way to hand in several papers at once; a program hands in each",
    "bar_tolerance": "done with the decision that registers a credit mark",
    "lift_bar": "done with the decision that grants its repair",
    "check_all_fine": "a page's way to find all papers fine at once; a program checks each",
}


def in_the_api():
    """Every service that some step of the API calls."""
    steps = [pattern.callback.initkwargs.get("step") for pattern in VERSION_1]
    steps += [getattr(pattern.callback.cls, "step", None) for pattern in VERSION_1]
    return {step.service for step in steps if step is not None}


def acts():
    """Every service of a desk that somebody does, by its name."""
    return {
        name: getattr(desk, name)
        for desk in DESKS
        for name in desk.__all__
        if isfunction(getattr(desk, name)) and "by" in signature(getattr(desk, name)).parameters
    }


def test_every_act_has_its_step():
    """A new one is a line in the desk's api: docs/decisions/0009-programs.md."""
    offered = in_the_api()

    assert {name for name, act in acts().items() if act not in offered} == set(PARTS)


def test_no_two_steps_share_a_name_or_an_address():
    names = [pattern.name for pattern in VERSION_1]
    addresses = [str(pattern.pattern) for pattern in VERSION_1]

    assert len(names) == len(set(names))
    assert len(addresses) == len(set(addresses))


def test_the_committed_schema_is_the_codes():
    """Written by `make openapi`."""
    made = StringIO()
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=made, stderr=StringIO())

    assert (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8") == made.getvalue()
