"""Fill a demonstration: people, a played year, and cases that are open today."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.rules.pack import PackError
from desk.services.replay import Report, make_demonstration
from desk.services.replay.world import ReplayError


class Command(BaseCommand):
    """Done once; said again it finds everything there. Only where there is a demonstration."""

    help = "Fill the demonstration: people, the year 2018, and the cases that are open today."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is not there yet, with progress, and report."""
        if not settings.DEMO:
            raise CommandError(_("没有开启演示（CHENGNUO_DEMO）。"))
        try:
            year, still_open = make_demonstration(tell=self._say)
        except PackError as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from None
        except ReplayError as error:
            raise CommandError(str(error)) from None
        if year is None or still_open is None:
            self.stdout.write(_("示例数据已在。"))
            return
        self._report(year)
        self.stdout.write(_("办理中的示例案例：%(what)s") % {"what": still_open.standing()})

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _report(self, report: Report) -> None:
        for line in report.lines():
            self.stdout.write(line)
        if report.faults:
            raise CommandError(_("台账核验不通过。"))
