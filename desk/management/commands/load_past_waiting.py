"""Load the files of past filings that wait for the background worker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core import clock
from desk.services.past_queue import load_waiting


class Command(BaseCommand):
    """For a county without the embedded worker: a timer calls this as it calls `sweep`."""

    help = "Load the files of past filings that were confirmed on the page and wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deal with each once, and print the count."""
        total = 0
        while done := load_waiting(clock.now()):
            total += done
        self.stdout.write(_("处理了%(count)d个等待载入的文件。") % {"count": total})
