"""Make the bundles of closed cases whose papers are all there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from inspection.services.archive import make_archives


class Command(BaseCommand):
    """Make every bundle that is wanted and can be made."""

    help = "Make the archive bundles of closed cases."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them in portions, and print the count."""
        if said := only_reads():
            raise CommandError(said)
        total = 0
        while done := make_archives(clock.now()):
            total += done
        self.stdout.write(_("生成归档包 %(count)s 个。") % {"count": total})
