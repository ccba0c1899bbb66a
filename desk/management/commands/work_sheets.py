"""Check and write the spreadsheets that wait for the background worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from desk.services.sheet_tasks import work_waiting


class Command(BaseCommand):
    """For a county without the embedded worker: a timer calls this as it calls `sweep`."""

    help = "Check and write the spreadsheets that were handed in on a page and wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deal with each once, and print the count."""
        if said := only_reads():
            raise CommandError(said)
        total = 0
        while done := work_waiting(clock.now()):
            total += done
        self.stdout.write(_("处理了%(count)d个等待的表格文件。") % {"count": total})
