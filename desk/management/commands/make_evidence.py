"""Make the packs of evidence that are asked for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from desk.services.evidence import make_next


class Command(BaseCommand):
    """Make every pack that waits and whose papers are all there."""

    help = "Make the packs of evidence that wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them one by one, and print the count; a CommandError says how many times that failed."""
        if said := only_reads():
            raise CommandError(said)
        made = failed = 0
        while (done := make_next(clock.now())) is not None:
            made, failed = made + done, failed + (not done)
        self.stdout.write(_("制成证据包 %(count)s 个。") % {"count": made})
        if failed:
            raise CommandError(
                _("有%(count)s次制作没有完成，原因见日志和证据包页面。") % {"count": failed}
            )
