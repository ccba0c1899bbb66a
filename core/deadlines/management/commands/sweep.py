"""Act on limits that have passed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.deadlines.services import sweep
from core.ledger.seen import only_reads


class Command(BaseCommand):
    """One pass over everything due; safe to run at any time, twice, or at once."""

    help = "Act, once each, on every limit that has passed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and print the count."""
        if said := only_reads():
            raise CommandError(said)
        self.stdout.write(_("处理到期时限 %(count)s 条。") % {"count": sweep(clock.now())})
