"""Make the packs of evidence that are asked for."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core import clock
from desk.services.evidence import make_packs


class Command(BaseCommand):
    """Make every pack that waits and whose papers are all there."""

    help = "Make the packs of evidence that wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them one by one, and print the count."""
        total = 0
        while done := make_packs(clock.now()):
            total += done
        self.stdout.write(_("制成证据包 %(count)s 个。") % {"count": total})
