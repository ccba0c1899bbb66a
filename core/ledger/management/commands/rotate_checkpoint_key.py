"""Take a new key for checkpoints."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.ledger.checkpoints import Broken, rotate_key
from core.ledger.keys import NoKey, announced


class Command(BaseCommand):
    """A new key, announced by a checkpoint that both keys have signed."""

    help = "Make a new key and announce it by a checkpoint that the old and the new one sign."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the old one is gone, the new one signs alone."""
        parser.add_argument("--lost", action="store_true", help="the old key's file is gone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print the checkpoint and the new key."""
        try:
            made = rotate_key(clock.now(), lost=options["lost"])
        except (NoKey, Broken) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("第%(number)s号检查点") % {"number": made.number})
        self.stdout.write(made.text)
        self.stdout.write(announced()[-1].text)
