"""Send what waits in the outbox."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.notify.services import deliver


class Command(BaseCommand):
    """One pass over the outbox."""

    help = "Send the messages that wait in the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver once and print the count."""
        ledger: Any = apps.get_app_config("ledger")
        if said := ledger.only_reads():
            raise CommandError(said)
        self.stdout.write(_("发出消息 %(count)s 条。") % {"count": deliver(clock.now())})
