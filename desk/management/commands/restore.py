"""Put a backup into an empty place, or try in one of its own whether it can be."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.utils.translation import gettext as _

from core import clock
from desk.services import dumps
from desk.services.backup import NotThere
from desk.services.restore import (
    age_of,
    faults_of_backup,
    faults_of_restored,
    read_manifest,
    restore,
)

FAULTS = 3


class Command(BaseCommand):
    """What is there is never written over; what was put there is looked at to the last digest."""

    help = "Restore a backup into the database and store of the settings, which must be empty, and verify it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """To try is what a timer does."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--check",
            action="store_true",
            help="into an empty place of its own, which is removed after",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and verify; ends with 3 and the list where something is not what was backed up."""
        folder = options["folder"].resolve()
        try:
            manifest = read_manifest(folder)
            self._stop(list(faults_of_backup(folder, manifest)))
            if options["check"]:
                self._apart(folder, manifest["database"]["name"])
                return
            restore(folder, manifest)
        except (NotThere, dumps.NoProgram) as error:
            raise CommandError(str(error)) from error
        self._stop(list(faults_of_restored(folder, manifest)))
        said = {"rows": sum(manifest["rows"].values()), "files": len(manifest["files"])}
        self.stdout.write(
            _("已恢复并核对：%(rows)s 行，%(files)s 个文件，台账和检查点成立。") % said
        )
        self.stdout.write(
            _("备份时间在%(hours)s小时以前。密钥不在备份里，请另行放回。")
            % {"hours": age_of(manifest, clock.now())}
        )

    def _stop(self, faults: list[str]) -> None:
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(
                _("备份不完整：%(count)s处。") % {"count": len(faults)}, returncode=FAULTS
            )

    def _apart(self, folder: Path, name: str) -> None:
        """Restore in a process of its own, with a database and a store of its own."""
        if (dumps.kind_of(name) == "sqlite") != dumps.is_sqlite():
            raise NotThere(_("这是另一种数据库的备份：%(kind)s。") % {"kind": dumps.kind_of(name)})
        with (
            tempfile.TemporaryDirectory(prefix="chengnuo-restore-") as place,
            _database(place) as url,
        ):
            env = {
                **os.environ, "DATABASE_URL": url, "CHENGNUO_VAR": place, "CHENGNUO_CHECKPOINT_SEEN": "none",
                "CHENGNUO_SECRET_KEY": settings.SECRET_KEY, "CHENGNUO_STORAGE": "", "CHENGNUO_STORAGE_OPTIONS": "{}",
            }  # fmt: skip
            env = {key: value for key, value in env.items() if value != ""}
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(folder)]
            ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
        self.stdout.write(ran.stdout.strip())
        if ran.returncode:
            self.stderr.write(ran.stderr.strip())
            raise CommandError(_("备份不能恢复。"), returncode=ran.returncode)


@contextmanager
def _database(place: str) -> Any:
    """Give a database that is empty and is gone afterwards."""
    if dumps.is_sqlite():
        yield f"sqlite:///{place}/restored.sqlite3"
        return
    named: Any = connection.settings_dict
    name = f"chengnuo_check_{os.getpid()}"
    connections.close_all()
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield _url(named, name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(named: Any, name: str) -> str:
    """Return the address of another database of the same server."""
    who = quote(named["USER"], safe="")
    if named["PASSWORD"]:
        who += ":" + quote(named["PASSWORD"], safe="")
    host = f"/{named['HOST']}" if named["HOST"].startswith("/") else named["HOST"]
    port = f":{named['PORT']}" if named["PORT"] else ""
    return f"postgres://{who}@{host}{port}/{name}"
