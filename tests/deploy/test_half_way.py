"""A database that stopped half-way through steps that are gone is refused before anything is migrated."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.half_way import GONE

pytestmark = pytest.mark.django_db


def record(*steps):
    recorder = MigrationRecorder(connection)
    for app, name in steps:
        recorder.record_applied(app, name)


def steps(leave_out=()):
    return [
        (app, name) for app, names in GONE.items() for name in names if (app, name) not in leave_out
    ]


def test_one_made_in_one_go_has_nothing_against_it():
    call_command("migrate", verbosity=0)


def test_one_that_had_every_step_has_nothing_against_it():
    record(*steps())
    call_command("migrate", verbosity=0)


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        (steps([("prereview", "0008_dispatch")]), "prereview"),
        (steps([("ledger", "0004_counted_by")]), "ledger"),
        ([("accounts", "0002_access_token")], "approvals、deadlines"),
    ],
    ids=["the last step of one", "the ledger's", "only the first"],
)
def test_one_that_stopped_half_way_is_refused_with_a_sentence(kept, named):
    record(*kept)
    with pytest.raises(CommandError, match="停在较早版本的中途") as refused:
        call_command("migrate", verbosity=0)

    assert named in str(refused.value)
    assert "0019" in str(refused.value)
