"""A database of its own with the shipped county in it, which a benchmark fills and may put back as it was."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "counties" / "zuoquan"


def ready() -> None:
    """Set Django up for the database that DATABASE_URL names; without one, for SQLite."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


@contextmanager
def own_database() -> Iterator[None]:
    """Make a database with all tables and the county, a file on SQLite; it is gone afterwards."""
    from django.conf import settings
    from django.db import connection

    from tests.conftest import load_county
    from tests.loaded import LOADED

    folder = tempfile.mkdtemp(prefix="chengnuo-bench-")
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
    settings.DEMO, settings.VAR_DIR, settings.MEDIA_ROOT = (
        False,
        Path(folder),
        Path(folder) / "files",
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    LOADED.forget()
    try:
        load_county()
        yield
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)
        shutil.rmtree(folder)
