"""Check every chain of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.ledger.queries import verify_all


class Command(BaseCommand):
    """Recompute all books; exit 1 and name the first bad entry of each book that does not hold."""

    help = "Recompute every chain of the ledger and name the first bad entry."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the count, or the faults."""
        books, entries, faults = verify_all()
        for fault in faults:
            self.stderr.write(f"{fault.book} #{fault.sequence}: {fault.reason}")
        if faults:
            raise CommandError(_("台账校验未通过。"))
        self.stdout.write(
            _("台账校验通过：%(books)s 本，%(entries)s 条。") % {"books": books, "entries": entries}
        )
