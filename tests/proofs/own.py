"""A database of its own for programs that really commit and really die, and the programs run on it.

On PostgreSQL it is made from the test database as a template, on SQLite it is a copy in a file, as installed. The
programs (`python -m tests.proofs.race …`) are processes with the settings of an installation and no pytest in them.
"""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]


@contextmanager
def own_database(folder):
    """Make a copy of the county's test database; return the environment in which a program finds it."""
    place = {"CHENGNUO_VAR": str(folder), "CHENGNUO_SECRET_KEY": "proof", "CHENGNUO_DB_POOL": "1"}
    if connection.vendor == "sqlite":
        yield {**place, "DATABASE_URL": f"sqlite:///{_copied(folder / 'county.sqlite3')}"}
        return
    name = f"{connection.settings_dict['NAME']}_proof"
    _ask(f'DROP DATABASE IF EXISTS "{name}"')
    _ask(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
    try:
        yield {**place, "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"}
    finally:
        _ask(f'DROP DATABASE "{name}" WITH (FORCE)')


def _copied(path):
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()
    return path


def _ask(statement):
    """Ask the server while nobody, not even this process, is in the test database."""
    connection.close()
    connection.close_pool()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def program(name, place, *arguments, wait=900, **environment):
    """Run one of the programs to its end; return what it found."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "DJANGO_ALLOW"))}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.proofs.{name}", *map(str, arguments)],
        cwd=ROOT, env={**kept, **place, **environment}, capture_output=True, text=True, timeout=wait, check=False,
    )  # fmt: skip
    sys.stdout.write(done.stderr)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
