"""Ask for every running notice as a stranger would, and write down whether it could be read."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.ledger.seen import only_reads
from public_notice.services import watch_notices


class Command(BaseCommand):
    """One round; safe to run at any time, twice, or at once: a page is asked for no oftener than the rulebook says."""

    help = (
        "Ask for every running notice through the public address and judge the days that are over."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask once round and print the count."""
        if said := only_reads():
            raise CommandError(said)
        if not settings.NOTICE_WATCH:
            self.stdout.write(_("公示自检没有开启：请设置 CHENGNUO_SITE_URL，即公众访问的网址。"))
            return
        self.stdout.write(_("公示自检%(count)s页。") % {"count": watch_notices(clock.now())})
