"""Take files away that no row names, a day after they were stored."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.documents.belonging import NotSwept
from core.documents.sweeping import sweep_files


class Command(BaseCommand):
    """One look through the store."""

    help = "Remove files that a crash left in the store without a row; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether a sweep of many files is meant."""
        parser.add_argument("--yes", action="store_true", help="Sweep even more than a tenth.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and print the count; a CommandError says why nothing was swept."""
        ledger: Any = apps.get_app_config("ledger")
        if said := ledger.only_reads():
            raise CommandError(said)
        try:
            count = sweep_files(clock.now(), yes=options["yes"])
        except NotSwept as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_("清除无主文件 %(count)s 个。") % {"count": count})
