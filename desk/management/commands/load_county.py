"""Load a county pack."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core import clock
from desk.rules.pack import PackError, read_pack
from desk.services.county import Report, load_pack


class Command(BaseCommand):
    """The whole pack is checked first; with a single fault nothing is loaded. Safe to repeat."""

    help = "Check a county pack and load what is new in it: manage.py load_county counties/zuoquan"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, and the day from which new editions are in force."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--from",
            dest="from_day",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day from which new editions are in force (default: today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say kind by kind what was written; every fault goes to the error output."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("没有这个文件夹：%(folder)s") % {"folder": folder})
        call_command("createcachetable", verbosity=0)
        try:
            pack = read_pack(folder)
            self.stderr.write(_("县包已检查，没有错误：%(digest)s") % {"digest": pack.digest[:12]})
            report = load_pack(
                pack, by=system_actor(), at=clock.now(), from_day=options["from_day"],
                progress=self._progress,
            )  # fmt: skip
        except PackError as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(
                _("县包有%(count)d处错误，没有载入任何内容。") % {"count": len(error.faults)}
            ) from None
        self._say(report)
        for line in pack.lacking:
            self.stdout.write(f"  {line}")

    def _progress(self, done: int, total: int, what: str) -> None:
        said = {"done": done, "total": total, "what": what}
        self.stderr.write(_("正在载入（%(done)d/%(total)d）：%(what)s") % said)

    def _say(self, report: Report) -> None:
        for line in report.lines:
            said = (
                _("未变")
                if not line.written
                else _("新增或更新%(count)d") % {"count": line.written}
            )
            self.stdout.write(f"  {line.what}：{said}")
        done = (
            _("%(county)s：已载入。")
            if report.written
            else _("%(county)s：与已载入的相同，没有改动。")
        )
        self.stdout.write(done % {"county": report.county})
