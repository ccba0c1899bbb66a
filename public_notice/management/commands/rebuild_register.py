"""Write anew by which words the notices of the register are found, after a version that finds them by more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.ledger.seen import only_reads
from public_notice.services.finding import find_anew


class Command(BaseCommand):
    """One pass over the register; safe to run at any time, twice, or beside the site."""

    help = "Write anew by which words published notices are found; what is right already is left."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the register once and print the count."""
        if said := only_reads():
            raise CommandError(said)
        self.stdout.write(_("检索文本已重建%(count)s件。") % {"count": find_anew()})
