"""The database as one file: SQLite by its online copy, PostgreSQL by pg_dump, with the row counts of that moment."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, connections, models, transaction
from django.utils.translation import gettext as _

SQLITE, POSTGRES = "database.sqlite3", "database.dump"
PAGES = 1_000  # copied at a time; who writes meanwhile is not kept waiting
# What no restore has to bring back: who is logged in, and what is kept at hand.
PASSING = ("django_session", "cache")


class NoProgram(RuntimeError):
    """pg_dump or pg_restore is not there, or too old, in a sentence for the administrator."""


def is_sqlite() -> bool:
    """Whether the county's database is a file."""
    return connection.vendor == "sqlite"


@dataclass(frozen=True)
class Dumped:
    """What stands in a dump: the file's name, how many rows each table has, and which stored files its rows name."""

    name: str
    rows: dict[str, int]
    files: frozenset[str]


def dump(folder: Path) -> Dumped:
    """Write the database into a folder; what is told of it is of the dump's own moment, whatever is written since."""
    return _dump_sqlite(folder / SQLITE) if is_sqlite() else _dump_postgres(folder / POSTGRES)


def names_of_files() -> frozenset[str]:
    """Return the name of every stored file that a row of any table names now."""
    with connection.cursor() as cursor:
        return _named(cursor)


def _named(cursor: Any) -> frozenset[str]:
    """Return it as a cursor sees the database, ours or a copy's."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                column, table = f'"{field.column}"', f'"{model._meta.db_table}"'
                cursor.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''")  # noqa: S608 - ours
                found.update(name for (name,) in cursor.fetchall())
    return frozenset(found)


def _dump_sqlite(path: Path) -> Dumped:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.commit()
        rows = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        tables = sorted(name for (name,) in rows)
        counted = ((t, f'SELECT count(*) FROM "{t}"') for t in tables if t not in PASSING)  # noqa: S608 - ours
        found = {table: copy.execute(sql).fetchone()[0] for table, sql in counted}
        return Dumped(path.name, found, _named(copy.cursor()))


def _dump_postgres(path: Path) -> Dumped:
    """Dump, count and read the names in one and the same snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-acl",
            f"--snapshot={snapshot}",
            f"--file={path}",
        )
        return Dumped(path.name, counts(), _named(cursor))


def counts() -> dict[str, int]:
    """Return how many rows each table has now."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        found = {}
        for table in tables:
            if table not in PASSING:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - ours
                found[table] = cursor.fetchone()[0]
        return found


def is_empty() -> bool:
    """Whether the database holds nothing: not even tables."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def load(path: Path) -> None:
    """Put a dump into the database, which is empty."""
    if not is_sqlite():
        _run(
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-acl",
            f"--dbname={_name()}",
            str(path),
        )
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)
    connections.close_all()


def kind_of(name: str) -> str:
    """Return for which kind of database a file is."""
    return "sqlite" if name == SQLITE else "postgresql"


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def program(name: str) -> str:
    """Return a program of PostgreSQL: the newest that is installed, which reads what older servers hold."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise NoProgram(_("没有 %(name)s：请安装 postgresql-client。") % {"name": name})
    return found


def _version(path: Path) -> int:
    said = path.parts[-3]
    return int(said) if said.isdecimal() else 0


def _run(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL against the county's database; the password goes by the environment."""
    named: Any = connection.settings_dict
    said = {
        "PGHOST": named["HOST"], "PGPORT": str(named["PORT"] or ""), "PGUSER": named["USER"],
        "PGPASSWORD": named["PASSWORD"], "PGDATABASE": _name(),
    }  # fmt: skip
    env = {**os.environ, **{key: value for key, value in said.items() if value}}
    command = [program(name), *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise NoProgram(f"{name}: {done.stderr.strip()[-500:]}")
