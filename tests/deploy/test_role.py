"""The role under which the site serves on PostgreSQL may add to the ledger, and not change, empty or unlock it.

SQLite knows no roles: there the same attacks meet the triggers, or a database that does not understand them. What goes
through is said, for against whoever has the file only a checkpoint helps.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from core.ledger.queries import verify_all
from core.ledger.services import open_book, record
from tests.conftest import APPEND_ONLY
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db
ROLE = "chengnuo_app_of_a_test"
TABLES = ["ledger_entry", *APPEND_ONLY]
ATTACKS = (
    "UPDATE {0} SET id = id",
    "DELETE FROM {0}",
    "TRUNCATE {0} CASCADE",
    "ALTER TABLE {0} DISABLE TRIGGER ALL",
    "ALTER TABLE {0} DISABLE TRIGGER {0}_no_change",
    "DROP TRIGGER {0}_no_change ON {0}",
    "ALTER TABLE {0} ADD COLUMN x int",
    "DROP TABLE {0} CASCADE",
    "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (id) DO UPDATE SET id = 0",
    "SET session_replication_role = replica",
    "SET ROLE {1}",
)

REFUSED = {
    "postgresql": r"permission denied|must be owner",
    "sqlite": r"append-only|invalid foreign key|syntax error",
}
GOES_THROUGH = {"sqlite": {"ALTER TABLE {0} ADD COLUMN x int"}, "postgresql": set()}


def psql(*arguments):
    program = shutil.which("psql") or str(max(Path("/usr/lib/postgresql").glob("*/bin/psql")))
    named = connection.settings_dict
    where = ["-h", named["HOST"] or "/tmp", "-U", named["USER"], "-d", named["NAME"]]
    if named["PORT"]:
        where += ["-p", str(named["PORT"])]
    subprocess.run([program, "-qXw", "-v", "ON_ERROR_STOP=1", *where, *arguments], check=True)


@pytest.fixture(scope="module")
def role(django_db_setup, django_db_blocker):
    """The role as deploy/role.sql makes it."""
    if connection.vendor == "sqlite":
        yield None
        return
    with django_db_blocker.unblock():
        name = f"{ROLE}_{connection.settings_dict['NAME']}"[:60]
        psql("-c", f'CREATE ROLE "{name}"')
        try:
            psql("-v", f"role={name}", "-f", str(ROOT / "deploy" / "role.sql"))
            yield name
        finally:
            psql("-c", f'DROP OWNED BY "{name}"', "-c", f'DROP ROLE "{name}"')


@pytest.fixture
def acting(role):
    """Whoever has the site's password: the rest of the test runs as the role."""
    if role is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL SESSION AUTHORIZATION "{role}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        if connection.vendor == "sqlite":
            connection.check_constraints()  # as at the commit


def refused(statement):
    with pytest.raises(DatabaseError, match=REFUSED[connection.vendor]):
        run(statement)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_role_is_refused(acting, attack):
    """On PostgreSQL for every append-only table; on SQLite for the ledger, which has rows for a trigger to guard."""
    whole = connection.vendor == "postgresql"
    for table in (TABLES if whole else TABLES[:1]) if "{0}" in attack else [""]:
        statement = attack.format(table, f'"{connection.settings_dict["USER"]}"')
        if attack in GOES_THROUGH[connection.vendor]:
            run(statement)
        else:
            refused(statement)


def test_the_role_cannot_take_a_book_away(acting):
    for statement in ("DELETE FROM ledger_book", "TRUNCATE ledger_book CASCADE"):
        refused(statement)


def test_the_role_can_do_what_the_site_does(acting, people, at):
    book = open_book("test:role")
    for number in range(3):
        record(book, "act", by=people.window, at=at("2018-06-15 09:30"), number=number)

    assert verify_all()[2] == []
