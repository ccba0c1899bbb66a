"""Have the files that wait looked through by the virus scanner."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.documents.scanning import scan_waiting


class Command(BaseCommand):
    """One pass over the files that wait."""

    help = "Have waiting files looked through by the scanner that CHENGNUO_CLAMD names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan once and print the count."""
        ledger: Any = apps.get_app_config("ledger")
        if said := ledger.only_reads():
            raise CommandError(said)
        self.stdout.write(_("查毒完成 %(count)s 个文件。") % {"count": scan_waiting(clock.now())})
