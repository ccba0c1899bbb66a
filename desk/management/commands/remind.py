"""Make the round of the day: reminders, and the ladder."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from desk.services.reminders import remind


class Command(BaseCommand):
    """One round; nothing where today's was made or the day has not begun."""

    help = "Remind of limits before they end and raise delays up the ladder, once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the round and print the count."""
        if said := only_reads():
            raise CommandError(said)
        self.stdout.write(_("提醒和升级 %(count)s 人次。") % {"count": remind(clock.now())})
