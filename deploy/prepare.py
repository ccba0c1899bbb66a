"""Bring database, static files and county up to date, in one process: starting Django is slow.

Every step may be repeated. The demonstration is loaded when CHENGNUO_DEMO is true.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def step(name: str, command: str, *arguments: str, **options: object) -> None:
    """Say what begins, then run one management command."""
    from django.core.management import call_command

    print(f"==> {name}", flush=True)
    call_command(command, *arguments, **options)


def main(*, static: bool) -> None:
    """Run the steps in order; the first that fails ends the start with one line."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import DatabaseError

    try:
        django.setup()
        step("database", "migrate", interactive=False, verbosity=0)
        step("cache", "createcachetable", verbosity=0)
        if static:
            step("static files", "collectstatic", interactive=False, verbosity=0)
        step("county", "load_county", str(settings.COUNTY_PACK))
        if settings.DEMO:
            step("demonstration", "make_demo")
    except (CommandError, ImproperlyConfigured) as error:
        sys.exit(f"error: {error}")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"error: the database refused: {reason} (DATABASE_URL names it)")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(static="--static" in sys.argv[1:])
