"""The database refuses a change of stage that no declared step makes, whoever writes it and past whichever code."""

import re
from itertools import zip_longest

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals.models import Filing
from approvals.services import open_draft
from approvals.stages import Stage
from core.steps import pairs
from tests.walk import asked_for_disclosure, walk, wrote_to_the_mailbox

pytestmark = pytest.mark.django_db
MACHINES = pairs.machines()


@pytest.fixture
def one_of_each(people, at):
    """A row of every machine: what a filing that goes the whole way leaves, a request for disclosure, a letter."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.CLEARED)
    asked_for_disclosure(people, way.do)
    wrote_to_the_mailbox(people, way.do)


def standing():
    """The names of the triggers that stand, by table."""
    return pairs._installed(connection)


def write(row, stage):
    """Write a stage as SQL would; return whether it went through, undone in any case."""
    with transaction.atomic():
        changed = type(row).objects.filter(pk=row.pk).update(stage=stage)
        transaction.set_rollback(True)
    return changed == 1


def refused(row, stage):
    """Write a stage and return what the database says to it; an empty text where it takes it, undone in any case.

    SQLite undoes a refused statement by itself; to go back to the savepoint as well would let it read the whole schema
    anew each time, where a trigger was taken off before.
    """
    point, said = transaction.savepoint(), ""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"UPDATE {row._meta.db_table} SET stage=%s WHERE id=%s", [stage, row.pk])
            assert cursor.rowcount == 1
        except IntegrityError as error:
            said = str(error)
    if said and connection.vendor == "sqlite":
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)
    return said


def copied(row, stage):
    """Insert a copy of a row in a stage; return what the database says to it."""
    columns = ", ".join(f'"{f.column}"' for f in row._meta.concrete_fields if f.column != "stage")
    table = row._meta.db_table
    copy = f"INSERT INTO {table} (stage, {columns}) SELECT %s, {columns} FROM {table} WHERE id = %s"
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy, [stage, row.pk])
    return str(error.value)


def stand(rows):
    """Put (row, stage) so without a step, as only the owner of the database can: the triggers are off meanwhile."""
    pairs.take_off(plan=["anything"])
    for row, stage in rows:
        type(row).objects.filter(pk=row.pk).update(stage=stage)
    pairs.put_on()


def each_in_turn(rows):
    """Let every row stand in each of its stages, all rows at once: what takes triggers off and on is slow."""
    for stages in zip_longest(*[pairs.stages(type(row)) for row in rows]):
        here = [(row, stage) for row, stage in zip(rows, stages, strict=True) if stage is not None]
        stand(here)
        yield from here


@pytest.fixture
def triggers_alone(one_of_each):
    """The rows without what a table demands of a stage besides (an ended request has a result): triggers are asked."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is to be asked any more
            cursor.execute(
                "ALTER TABLE public_notice_disclosure DROP CONSTRAINT ended_disclosure_has_result"
            )
            yield


@pytest.mark.slow
def test_every_pair_of_stages_is_tried_and_exactly_the_declared_pass(triggers_alone):
    rows = [model.objects.first() for model in MACHINES]
    assert all(rows), f"the walk leaves something not behind of {MACHINES}: let it"
    passed = {model: set() for model in MACHINES}
    for row, source in each_in_turn(rows):
        for goal in pairs.stages(type(row)):
            words = refused(row, goal)
            if words:
                assert pairs.sentence(type(row), source) in words
                assert connection.vendor != "postgresql" or f"{source}>{goal}" in words
            elif source != goal:
                passed[type(row)].add((source, goal))

    assert passed == {model: pairs.declared(model) for model in MACHINES}


@pytest.mark.slow
def test_a_case_begins_at_its_beginning(one_of_each):
    """A row is written anew, as it is, in every stage: only the first stage is taken."""
    for model in MACHINES:
        first = model._meta.get_field("stage").get_default()
        said = {stage: copied(model.objects.first(), stage) for stage in pairs.stages(model)}

        refusal = f"{model._meta.db_table}: a case begins as {first} and not otherwise"
        assert {stage for stage, words in said.items() if refusal not in words} == {first}
        # What passes the trigger meets the row it was copied from.
        assert re.search("unique", said[first], re.IGNORECASE)


def test_the_sentence_names_the_table_and_where_the_stage_leads():
    assert pairs.sentence(Filing, Stage.LISTED).startswith(
        "approvals_filing: from listed a step leads to "
    )
    assert pairs.sentence(Filing, Stage.NOT_PASSED) == (
        "approvals_filing: no step leads from not_passed"
    )


def test_what_changes_no_stage_is_none_of_its_business(people, at):
    draft = open_draft(by=people.enterprise, at=at("2018-03-05 09:00"))

    assert write(draft, Stage.DRAFT)
    assert Filing.objects.filter(pk=draft.pk).update(project_name="新名") == 1


def test_every_machine_has_its_triggers_and_a_second_time_writes_nothing():
    before = standing()
    with CaptureQueriesContext(connection) as queries:
        pairs.put_on()

    assert set(before) == {model._meta.db_table for model in MACHINES}
    assert all(len(names) == 2 for names in before.values())
    assert standing() == before
    assert not [q for q in queries if re.match("CREATE|DROP", q["sql"])]


def test_nothing_is_taken_off_where_no_migration_is_due():
    before = standing()

    pairs.take_off(plan=[])

    assert standing() == before


def test_a_step_declared_anew_needs_no_list(monkeypatch, people, at):
    """What was not allowed is, as soon as a step says so and `migrate` has run."""
    draft = open_draft(by=people.enterprise, at=at("2018-03-05 09:00"))
    old, steps = standing(), pairs.declared
    assert "a step leads to submitted and nowhere else" in refused(draft, Stage.LISTED)
    monkeypatch.setattr(pairs, "declared", lambda model: steps(model) | {("draft", "listed")})

    call_command("migrate", verbosity=0)

    assert write(draft, Stage.LISTED)
    assert "from draft a step leads to listed or submitted" in refused(draft, Stage.NOTICED)
    assert standing() != old
    monkeypatch.undo()
    call_command("migrate", verbosity=0)
    assert standing() == old
    assert refused(draft, Stage.LISTED)


def test_a_trigger_that_somebody_took_off_is_back_after_the_next_start():
    before = standing()
    pairs.take_off(plan=["a hand"])
    assert standing() == {}

    call_command("migrate", verbosity=0)

    assert standing() == before
