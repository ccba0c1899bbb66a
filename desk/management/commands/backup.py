"""Back the county up into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock
from desk.services.backup import NotThere, back_up
from desk.services.dumps import NoProgram


class Command(BaseCommand):
    """Database, files and checkpoint, with digests; no keys."""

    help = "Write a backup into a folder that is not there yet (docs/operations/backup.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """A timer names the folder of all backups and has each named by its time."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--dated", action="store_true", help="a new folder in it, named by the time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say what is in it."""
        now, folder = clock.now(), options["folder"]
        if options["dated"]:
            folder /= timezone.localtime(now).strftime("%Y%m%d-%H%M%S")
        try:
            made = back_up(folder, now)
        except (NotThere, NoProgram, OSError) as error:
            raise CommandError(str(error)) from error
        said = {"path": folder, "rows": sum(made["rows"].values()), "files": len(made["files"])}
        self.stdout.write(_("已备份到 %(path)s：%(rows)s 行，%(files)s 个文件，不含密钥。") % said)
        if made["lost"]:
            raise CommandError(
                _("缺少%(count)s个文件：见清单。") % {"count": len(made["lost"])}, returncode=1
            )
