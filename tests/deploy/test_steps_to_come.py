"""A database of the version before is brought up to date by the steps, however its tables were made then.

A migration that makes a desk's tables in one go, and stands in such a database as made, hangs on steps that are made
there, too: one that named a newer step of another desk would be refused as made before what it needs.
"""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


# What came since the version before; of each, and of what hangs on it, nothing is made yet.
STEPS = (
    ("accounts", "0002_led_from_above"),
    ("approvals", "0012_nodes"),
    ("inspection", "0008_nodes_and_pledges"),
    ("inspection", "0010_node_strikes"),
    ("public_notice", "0010_confidential"),
    ("public_notice", "0011_open_texts"),
    ("public_notice", "0013_heard_before_lifting"),
)


@pytest.mark.parametrize("step", STEPS, ids="-".join)
def test_what_was_made_before_a_step_goes_on_by_it(step):
    whole = MigrationLoader(None, replace_migrations=False)
    to_come = set(whole.graph.backwards_plan(step))
    done = {
        key
        for key, one in whole.disk_migrations.items()
        if key not in to_come and not to_come & set(one.replaces)
    }
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.all().delete()
    for key in done:
        recorder.record_applied(*key)

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())

    assert step in {(one.app_label, one.name) for one, _backwards in plan}
