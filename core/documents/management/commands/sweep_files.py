"""Remove files of the store that no row names, a day after they were stored."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core import clock
from core.documents.sweeping import sweep_files


class Command(BaseCommand):
    """One look through the store."""

    help = "Remove files that a crash left in the store without a row; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and print the count."""
        self.stdout.write(_("清除无主文件 %(count)s 个。") % {"count": sweep_files(clock.now())})
