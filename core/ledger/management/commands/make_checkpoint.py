"""Make a checkpoint of the ledger now."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.ledger.checkpoints import Broken, due_today, make_checkpoint
from core.ledger.keys import NoKey
from core.ledger.seen import only_reads


class Command(BaseCommand):
    """One checkpoint, and its text into a file that leaves the machine."""

    help = "Attest every entry written so far; --daily does nothing where today has its checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        """For a timer, and for a copy elsewhere."""
        parser.add_argument("--daily", action="store_true")
        parser.add_argument("--to", type=Path, help="write the text into this file, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print its text."""
        if said := only_reads():
            raise CommandError(said)
        now = clock.now()
        if options["daily"] and not due_today(now):
            return
        try:
            made = make_checkpoint(now)
        except (NoKey, Broken) as error:
            raise CommandError(str(error)) from error
        if options["to"] is not None:
            options["to"].write_text(made.text, "utf-8")
        self.stdout.write(_("第%(number)s号检查点") % {"number": made.number})
        self.stdout.write(made.text)
