"""Bring database, static files and county up to date, in one process: starting Django is slow.

Every step may be repeated. The demonstration is loaded when CHENGNUO_DEMO is true.
"""

import os
import sys
from pathlib import Path

OLDEST = 140000  # the first PostgreSQL that Django 5.2 speaks with, in its own notation
ROOT = Path(__file__).resolve().parent.parent


def step(name: str, command: str, *arguments: str, **options: object) -> None:
    """Say what begins, then run one management command."""
    from django.core.management import call_command

    print(f"==> {name}", flush=True)
    call_command(command, *arguments, **options)


def reach(connection) -> None:  # noqa: ANN001  # a type of Django's, which is not there yet
    """Knock once at a PostgreSQL server, past the pool; end with one line where it cannot serve us."""
    import psycopg

    if connection.vendor != "postgresql":
        return
    named = connection.settings_dict
    where = f"{named['HOST'] or 'the local socket'}:{named['PORT'] or 5432}"
    try:
        with psycopg.connect(**connection.get_connection_params()) as tried:
            version = tried.info.server_version
            encoding = tried.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        sys.exit(f"error: {_why(str(error), named, where)} (DATABASE_URL)")
    if version < OLDEST:
        sys.exit(
            f"error: PostgreSQL at {where} is of version {version // 10000};"
            f" {OLDEST // 10000} or newer is needed"
        )
    if encoding != "UTF8":
        sys.exit(
            f"error: the database {named['NAME']} at {where} is encoded in {encoding}; UTF8 is needed"
        )


def _why(said: str, named: dict[str, object], where: str) -> str:
    """Return in one sentence why a server does not let us in; it never names the password."""
    user, name = named["USER"], named["NAME"]
    for sign, sentence in (
        ("password", f"PostgreSQL at {where} refuses the password of the user {user}"),
        (
            f'"{name}" does not exist',
            f"PostgreSQL at {where} has no database {name}: createdb -O {user} {name}",
        ),
        (
            f'"{user}" does not exist',
            f"PostgreSQL at {where} has no user {user}: createuser --pwprompt {user}",
        ),
    ):
        if sign in said:
            return sentence
    reason = said.strip().splitlines()[0].rpartition(": ")[2].strip()
    return f"PostgreSQL at {where} cannot be reached: {reason}"


def _fill(settings) -> None:  # noqa: ANN001  # a type of Django's, which is not there yet
    """Load the county; one line where the database may only be read, such as a new one beside older checkpoints."""
    from django.core.management import CommandError

    from core.ledger.seen import OnlyRead

    try:
        step("county", "load_county", str(settings.COUNTY_PACK))
        if settings.DEMO:
            step("demonstration", "make_demo")
    except OnlyRead as error:
        raise CommandError(str(error)) from None


def main(*, static: bool) -> None:
    """Run the steps in order; the first that fails ends the start with one line."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import DatabaseError, connection

    try:
        django.setup()
        reach(connection)
        step("printer of papers", "check", tags=["papers"], fail_level="ERROR")
        step("database", "migrate", interactive=False, verbosity=0)
        step("cache", "createcachetable", verbosity=0)
        if static:
            step("static files", "collectstatic", interactive=False, verbosity=0)
        _fill(settings)
    except (CommandError, ImproperlyConfigured) as error:  # also what the printer lacks
        sys.exit(f"error: {error}")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"error: the database refused: {reason} (DATABASE_URL names it)")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(static="--static" in sys.argv[1:])
