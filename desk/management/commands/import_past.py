"""Filings from before the system as a file: checked, and without --dry-run loaded."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core import clock
from core.steps.reasons import NotNow
from desk.services.past import Proposal, load_past, propose_past


class Command(BaseCommand):
    """The same check and service as the administrator's page."""

    help = "Load filings of the years before the system: manage.py import_past FILE [--dry-run]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and whether it is only to be looked at."""
        parser.add_argument("file", type=Path, help="an Excel workbook (.xlsx) or CSV")
        parser.add_argument("--dry-run", action="store_true", help="check the file, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what the file holds and load it; every fault goes to the error output, and so does the progress."""
        path, at = options["file"], clock.now()
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(_("读不了%(file)s：%(why)s") % {"file": path, "why": error}) from None  # fmt: skip
        try:
            made = propose_past(name=path.name, content=content, at=at, progress=self._checking)
            self._say(made)
            made.settle()
            if options["dry_run"]:
                self.stdout.write(_("检查通过，没有载入。"))
                return
            batch = load_past(
                name=path.name, content=content, by=system_actor(), at=at, progress=self._progress
            )
        except (ValidationError, NotNow) as error:
            said = error.messages if isinstance(error, ValidationError) else error.reasons
            for fault in said:
                self.stderr.write(fault)
            raise CommandError(_("没有载入任何内容。")) from None
        self.stdout.write(_("已载入%(count)d件往年申报件。") % {"count": batch.rows})

    def _say(self, made: Proposal) -> None:
        for sheet, count in made.table.read.items():
            said = {"sheet": sheet, "count": count}
            self.stderr.write(_("已读取“%(sheet)s”%(count)d行") % said)
        self._checking(made.read, made.read)
        for year, count in made.years.items():
            self.stdout.write(_("%(year)d年：%(count)d件") % {"year": year, "count": count})
        for doubt in made.doubts:
            self.stderr.write(_("存疑：%(what)s") % {"what": doubt})

    def _checking(self, done: int, total: int) -> None:
        self.stderr.write(_("已检查%(done)d/%(total)d行") % {"done": done, "total": total})

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(_("已写入%(done)d/%(total)d行") % {"done": done, "total": total})
