"""Nobody changes what a form does not ask: a body that names every field of every model changes nothing more."""

import json
import re
from functools import partial

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test.client import MULTIPART_CONTENT

from accounts.services import public_actor
from approvals.stages import Stage
from core import clock
from desk.forms.register import RegisterForm
from public_notice.forms import ObjectionForm
from tests.doors.visit import Visit
from tests.house import table
from tests.house.bodies import body, message
from tests.house.doors import ASKED, DOORS, address
from tests.house.owners import OWNERS
from tests.house.table import ROLES
from tests.share import SHARED, dealt, mine, turns
from tests.walk import Walk, walk

pytestmark = pytest.mark.django_db
WATCHED = ("accounts", "approvals", "prereview", "inspection", "public_notice", "documents")
# Drawn by chance at every act: two runs of the same act differ in them, whatever was sent.
CHANCE = (
    "public_id", "query_code", "code", "file", "salt", "head", "password", "last_login", "content_sha256", "content",
    "file_sha256", "seed",
)  # fmt: skip
SECRETS = {
    "prereview.CalendarFeed": ("digest",),
    "public_notice.SurveyCode": ("digest",),
    # who is drawn hangs on chance that nobody had before: the same request draws another office
    "inspection.Draw": ("opening", "groups", "pairs"),
    "inspection.Check": ("department", "officers"),
}
# A value for every kind of field, such as somebody would send who wants more than the form gives.
WANTED = (
    (models.BooleanField, "true"),
    (models.DateTimeField, "2030-01-01T00:00:00+08:00"),
    (models.DateField, "2030-01-01"),
    (models.JSONField, '{"x": 1}'),
    (models.ForeignKey, "1"),
    (models.IntegerField, "7"),
    (models.DecimalField, "7"),
    (models.Field, "completed"),
)


def watched():
    """The models whose rows are compared."""
    return [model for name in WATCHED for model in apps.get_app_config(name).get_models()]


def every_field():
    """A body with every field of every watched model, by both of its names."""
    found = {}
    for model in watched():
        for field in model._meta.concrete_fields:
            value = next(value for kind, value in WANTED if isinstance(field, kind))
            found |= {field.name: value, field.attname: value}
    return {
        **found,
        "pk": "1",
        "is_superuser": "true",
        "by": "1",
        "at": "2030-01-01",
        "stage": "completed",
    }


# The forms of views that are functions.
FUNCTIONS = {"public_notice:object": ObjectionForm, "desk:register": RegisterForm}
EVERYTHING = every_field()
POSTS = {}
for (route, method, state), said in table.read().items():
    if method == "POST":
        POSTS.setdefault(route, {})[state] = said


def rows(tables=None):
    """Every watched row as it is (of these tables only), without what is drawn by chance."""
    return {
        model._meta.label: list(
            model._default_manager.order_by("pk").values_list(
                *[
                    f.attname
                    for f in model._meta.concrete_fields
                    if f.name not in (*CHANCE, *SECRETS.get(model._meta.label, ()))
                ]
            )
        )
        for model in watched()
        if tables is None or model._meta.db_table in tables
    }


WRITES = re.compile(
    r"\s*(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM|REPLACE INTO) \"?(\w+)\"?"
)


TURNED = re.compile(r"(?:INSERT INTO|UPDATE) \"?(\w+)")


class Written:
    """The tables that are written to, by the statements that go to the database."""

    def __init__(self):
        self.tables = set()

    def __call__(self, execute, sql, params, many, context):
        if found := WRITES.match(sql):
            self.tables.add(found[1])
        elif sql.startswith(
            "WITH"
        ):  # on PostgreSQL: a page of the ledger, its entry and what goes with it
            self.tables.update(TURNED.findall(sql))
        else:
            assert sql.lstrip().split(" ")[0] in READS, sql
        return execute(sql, params, many, context)


READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET")


def after(send):
    """The answer to what was sent, and what the rows of each written table are then; then it is taken back."""
    written = Written()
    with transaction.atomic():
        with connection.execute_wrapper(written):
            status = send().status_code
        found = rows(written.tables)
        transaction.set_rollback(True)
    _count_from_here(written.tables)
    return status, found


def _count_from_here(tables=None):
    """Let new rows have the same numbers next time: what is taken back does not turn a sequence back."""
    models_of = [m for m in apps.get_models() if tables is None or m._meta.db_table in tables]
    if resets := connection.ops.sequence_reset_sql(no_style(), models_of):
        with connection.cursor() as cursor:
            cursor.execute("".join(resets))


def at_draft(people, at):
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    return way


def at_intake(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)


def in_meeting(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    way.acknowledge(way.meeting, skip=[ASKED])
    way.until(way.meeting.opens_at)
    return way


def at_signing(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)


def in_notice(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED)


def building(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)


def person(people, door):
    """Whoever takes the step, by the column of the table; None: the public."""
    role = next(iter(OWNERS.get(door.name) or ("public",)))
    found = {
        "public": lambda: None,
        "clerk": lambda: people.department(ASKED),
        "head": lambda: people.head(ASKED),
    }
    return role, found[role]() if role in found else getattr(people, role.replace(" ", "_"))


def send(visit, door, path, way, role, extra):
    """Send the right body to a door, with something more in it."""
    if not door.interface:
        return visit.post(path, {**extra, **body(door, way, role)})
    said, with_file = message(door, way)
    head = {"Idempotency-Key": "every-field-0001"}
    if with_file:
        return visit.post(path, {**extra, **said}, content_type=MULTIPART_CONTENT, headers=head)
    return visit.post(
        path, json.dumps({**extra, **said}), content_type="application/json", headers=head
    )


# The situations, and at which states of the table of doors a case stands there.
SITUATIONS = {
    at_draft: ("draft",),
    at_intake: ("received",),
    in_meeting: ("prereviewing",),
    at_signing: ("prereviewing", "noticed"),  # between the two
    in_notice: ("noticed",),
    building: ("building",),
}
TURNS = 3  # of what is refused here one in so many is sent


def worth(door, role, situation):
    """Whether something is sent to a door in this situation: by whoever starts the test alone, to every door in each.

    `make test` sends to every step that is open here by the table of doors (or of which the table does not know where
    it is open), to one in three of those that are shut, another third in each situation, and to an address that names
    no thing in one of the situations.
    """
    turn = list(SITUATIONS).index(situation)
    if door.plain:
        return dealt(turn, door.name, of=len(SITUATIONS))
    place = ROLES.index(role)
    opens = [
        state
        for state, said in POSTS.get(door.route, {}).items()
        if said[place].isdecimal() and int(said[place]) < 400
    ]
    here = not opens or not set(SITUATIONS[situation]).isdisjoint(opens)
    return here or dealt(turn % TURNS, door.name, of=TURNS)


def doors_of(people, way, situation):
    """Every door of a step that is there now: the door, its address, and whoever takes the step."""
    for door in DOORS:
        if not door.ours or (door.name not in OWNERS and not door.open):
            continue
        path = f"/{door.route}" if door.plain else address(door, way.filing)
        role, member = person(people, door)
        if (
            path is not None
            and mine(door.name)
            and turns(door.name, of=2)
            and worth(door, role, situation)
        ):
            yield door, path, role, member


@pytest.mark.slow
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_body_with_every_field_changes_nothing_more(people, at, situation):
    way = situation(people, at)
    public_actor()  # is made when it is first needed
    untouched, taken, visits = rows(), 0, {}
    _count_from_here()
    with clock.driven(way.now):
        for door, path, role, member in doors_of(people, way, situation):
            visit = visits.setdefault(role, Visit(member, way))
            to = (visit, door, path, way, role)
            status, found = after(partial(send, *to, _more(door)))
            assert status < 500, door.route
            if status >= 400:
                assert found == {label: untouched[label] for label in found}, door.route
                continue
            taken += 1
            asked, meant = after(partial(send, *to, {}))
            if asked < 400:
                assert found == meant, (door.route, _difference(meant, found))

    assert taken or SHARED  # some door was open; of a share all may be shut


def _more(door):
    """Every field but those that the form itself asks for: those are the person's own word."""
    form = getattr(getattr(door.callback, "view_class", None), "form_class", None)
    form = form or FUNCTIONS.get(door.name)
    asked = set(form.base_fields) if form else set()
    step = getattr(door.callback, "initkwargs", {}).get("step")
    asked |= set(step.body().fields) if step else set()
    return {name: value for name, value in EVERYTHING.items() if name not in asked}


def _difference(meant, found):
    return {
        label: [
            pair for pair in zip(meant[label], found[label], strict=False) if pair[0] != pair[1]
        ]
        for label in meant
        if meant[label] != found[label]
    }
