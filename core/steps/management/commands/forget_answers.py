"""Remove the answers kept under idempotency keys once their thirty days are over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from core.steps.idempotency import forget_answers


class Command(BaseCommand):
    """One pass."""

    help = "Remove the answers of idempotency keys that are older than thirty days."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and print the count."""
        if said := only_reads():
            raise CommandError(said)
        self.stdout.write(_("清除答复 %(count)s 条。") % {"count": forget_answers(clock.now())})
