"""Requests that the schema allows, by every role: no fault, and no answer that the schema does not name."""

import time
import uuid
from collections import Counter

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from core import clock
from tests.api.programs import Program
from tests.api.test_roles import STEPS, WHOSE, chosen, everybody
from tests.api.world import World
from tests.chance import drawn
from tests.share import mine, part, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_connection")]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ONCE_A_RUN = 1000  # cases at least, spread over the operations
HUNT = 20_000


def things_of(world):
    """An id that exists for each kind of address, by its first part."""
    found = {
        things.address: str(getattr(thing, things.key))
        for name, (things, step) in STEPS.items()
        if (thing := chosen(things, name, world)) is not None
    }
    filing = world.heard.filing
    return found | {
        "filings": filing.public_id,
        "notices": world.noticed.notice.public_id,
        "papers": filing.book.papers.first().code,
        "attachments": str(filing.book.attachments.first().pk),
        "limits": str(filing.limits.first().pk),
    }


class Fuzz:
    """Sends cases, each as somebody, each undone afterwards."""

    def __init__(self, client, people, at):
        self.world = World(people, at)
        self.ids, self.seen, self.count = things_of(self.world), Counter(), 0
        with clock.driven(self.world.now):
            self.secrets = {
                who: Program(client, by, days=300).secret for who, by in everybody(people).items()
            }

    def send(self, case, luck):
        """Send one case: mostly with a token, mostly about things that exist, mostly with a fresh key."""
        here = case.path.removeprefix("/api/v1/").partition("/")[0]
        if case.path_parameters and luck.random() < 0.8 and here in self.ids:
            name = next(iter(case.path_parameters))
            case.path_parameters = {**case.path_parameters, name: self.ids[here]}
        named = WHOSE.get(case.operation.definition.raw["operationId"])
        whose = sorted(named or self.secrets)  # of a meeting without a recorder nobody is it
        who = luck.choice(whose if luck.random() < 0.6 else sorted(self.secrets))
        token = {"Authorization": f"Bearer {self.secrets[who]}"}
        headers = token if luck.random() < 0.97 else {}
        if case.method == "POST" and luck.random() < 0.9:
            headers["Idempotency-Key"] = str(uuid.UUID(int=luck.getrandbits(128)))
        with clock.driven(self.world.now), transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)
        self.count += 1
        self.seen[response.status_code] += 1

    def run(self, chance, least):
        """Send so many cases, as many to each operation of the schema; two databases share the operations."""
        schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
        every = [found.ok() for found in schema.get_all_operations()]
        operations = [one for one in every if mine("fuzz", one.label)]
        each, over = divmod(least, len(operations))
        for number, operation in enumerate(operations):
            examples = each + (number < over)

            @seed(chance + number)
            @settings(
                max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(), luck=st.randoms(use_true_random=False))
            def cases(case, luck):
                self.send(case, luck)

            cases()


def _hunt(client, people, at, capsys, least):
    chance, began = drawn("fuzz") + place(), time.monotonic()
    with capsys.disabled():
        print(f"\nseed {chance}", end=" ")
    fuzz = Fuzz(client, people, at)
    fuzz.run(chance, least)
    with capsys.disabled():
        spent = time.monotonic() - began
        print(f"{fuzz.count} cases in {spent:.0f} s: {dict(sorted(fuzz.seen.items()))}", end=" ")
    return fuzz


@pytest.mark.slow
def test_a_thousand_requests_find_no_fault(client, people, at, capsys):
    fuzz = _hunt(client, people, at, capsys, part(ONCE_A_RUN))

    assert fuzz.count >= part(ONCE_A_RUN)
    assert {200, 403, 404, 422} <= set(fuzz.seen)


@pytest.mark.hunt
def test_many_thousand_requests_find_no_fault(client, people, at, capsys):
    assert _hunt(client, people, at, capsys, HUNT).count >= HUNT
