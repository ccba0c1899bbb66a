"""A notice of the State Council as a file: checked, looked at, and with --load loaded."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core import clock
from core.steps.reasons import NotNow
from core.steps.templatetags.look import deadline_long
from desk.queries.calendars import Shift, preview
from desk.services.calendars import load_notice, propose_notice


class Command(BaseCommand):
    """The same check, preview and service as the administrator's page; the sweep counts the limits anew."""

    help = "What a calendar file would do to open limits: manage.py calendar 2027.csv, and with --load: load it"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and whether it is to be loaded."""
        parser.add_argument("file", type=Path, help="a table (CSV) or a year's file of a pack (JSON)")  # fmt: skip
        parser.add_argument("--load", action="store_true", help="load it when it has no fault")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what would change, and load where that is asked for; every fault goes to the error output."""
        path, at = options["file"], clock.now()
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(_("读不了%(file)s：%(why)s") % {"file": path, "why": error}) from None  # fmt: skip
        try:
            made = propose_notice(name=path.name, content=content, at=at)
        except (ValidationError, NotNow) as error:
            said = error.messages if isinstance(error, ValidationError) else error.reasons
            for fault in said:
                self.stderr.write(f"{path}: {fault}")
            raise CommandError(_("没有载入任何内容。")) from None
        found = preview(made.edition, made.calendar, at)
        for row in found.rows:
            self.stdout.write(_line(row))
        counts = {"dated": found.dated, "moved": found.moved, "kept": found.kept}
        self.stdout.write(_("确定到期日%(dated)d个，顺延%(moved)d个，保留%(kept)d个。") % counts)
        if options["load"]:
            edition = load_notice(name=path.name, content=content, by=system_actor(), at=at)
            self.stdout.write(_("已载入第%(number)d版日历。") % {"number": edition.number})


def _line(row: Shift) -> str:
    before = deadline_long(row.before) or _("待定")
    return f"{row.what:6} {row.case} · {row.limit}  {before} → {deadline_long(row.due)}"
