"""Render the papers that have been issued and not yet rendered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from core.steps.papers import render_waiting


class Command(BaseCommand):
    """Render everything that waits."""

    help = "Render the papers that wait for their PDF."

    def handle(self, *args: Any, **options: Any) -> None:
        """Render in portions until nothing waits, and print the count."""
        if said := only_reads():
            raise CommandError(said)
        total = 0
        while done := render_waiting(clock.now()):
            total += done
        self.stdout.write(_("成文 %(count)s 份。") % {"count": total})
