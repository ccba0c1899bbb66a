"""Play a year of cases into an empty county."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.rules.pack import PackError
from desk.services.people import load_people
from desk.services.replay import play_year
from desk.services.replay.make import first_moment
from desk.services.replay.world import ReplayError


class Command(BaseCommand):
    """Everything goes through the services, on the calendar of the year; the same folder gives the same outcome."""

    help = (
        "Play a year of cases through the services: manage.py replay counties/zuoquan/replay-2018"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, and the word that it may be done where real people work."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--yes", action="store_true", help="play although this is no demonstration"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Play and report; refuse where there are filings, or where this is no demonstration."""
        folder: Path = options["folder"]
        if not (folder / "plan.yaml").is_file():
            raise CommandError(
                _("没有这个文件夹，或其中没有 plan.yaml：%(folder)s") % {"folder": folder}
            )
        if not settings.DEMO and not options["yes"]:
            raise CommandError(_("没有开启演示（CHENGNUO_DEMO）：确要写入虚构的案例，请加 --yes。"))
        try:
            if settings.DEMO:
                load_people(at=first_moment(folder))
            report = play_year(folder, tell=self.stdout.write)
        except PackError as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from None
        except ReplayError as error:
            raise CommandError(str(error)) from None
        for line in report.lines():
            self.stdout.write(line)
        if report.faults:
            raise CommandError(_("台账核验不通过。"))
