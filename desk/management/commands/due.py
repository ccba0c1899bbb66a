"""When a period ends: one, or each row of a file."""

import csv
import io
import re
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.deadlines.calendar import Calendar, Reckoning, reckon
from desk.rules.pack import PackError, edition_named, read_calendars

GAP = "gap"
CURRENT = "current"
# Names of a column, the first that a file has.
STARTS, EDITIONS = ("start_date", "start", "起算日"), ("calendar_edition", "edition", "日历版次")
LENGTHS, UNITS = ("length", "长度"), ("unit", "单位")
PLACE = re.compile(r"[A-Za-z0-9_-]+")


class Command(BaseCommand):
    """Counts by the calendar of a county pack; no database is needed."""

    help = (
        "When a period ends: manage.py due 2018-06-15 5 working_day --explain, or each row of a file: "
        "manage.py due --csv FILE (columns start_date, length, unit; calendar_edition where there is one)"
    )
    requires_system_checks: Any = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a period or a file, the county, and the calendar as it was known."""
        parser.add_argument(
            "start", nargs="?", help="the day of the event, 2018-06-15; not counted"
        )
        parser.add_argument("length", nargs="?", type=int, help="how many units")
        parser.add_argument("unit", nargs="?", help="working_day, natural_day, month or year")
        parser.add_argument("--county", help="a folder of counties/; the served county without it")
        parser.add_argument(
            "--edition", default=CURRENT,
            help="current, a number, the day on which it was known, or 2019-original: as first published",
        )  # fmt: skip
        parser.add_argument(
            "--received", action="store_true",
            help="a receipt: on a day off it counts as received on the next working day",
        )  # fmt: skip
        parser.add_argument(
            "--explain", action="store_true", help="show each day and why it counts"
        )
        parser.add_argument("--csv", type=Path, help="add a column `due` to this file's rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the day (or `gap`), the table of days where it is asked for, or the whole file with its days."""
        try:
            self.editions = read_calendars(_folder(options["county"]))
        except PackError as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from None
        asked = [options[name] for name in ("start", "length", "unit")]
        if options["csv"]:
            if asked != [None, None, None]:
                raise CommandError(_("起算日、长度和单位在文件里，不要再写。"))
            self._file(options["csv"], options)
        elif None in asked:
            raise CommandError(_("请写起算日、长度和单位，如：due 2018-06-15 5 working_day"))
        else:
            self._one(options)

    def _one(self, options: dict[str, Any]) -> None:
        try:
            calendar = self._calendar(options["edition"])
            asked = options["start"], str(options["length"]), options["unit"]
            found = _reckon(calendar, *asked, received=options["received"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_said(found))
        if found.missing:
            self.stderr.write(
                _("%(day)s 所在年度的放假安排没有公布，期限待定。")
                % {"day": found.missing.isoformat()}
            )
        if options["explain"]:
            for row in found.rows:
                number = str(row.number or "")
                self.stdout.write(f"{row.date}  {row.mark:9} {number:>4}  {row.name}".rstrip())

    def _calendar(self, name: str) -> Calendar:
        return edition_named(self.editions, name).calendar()

    def _file(self, path: Path, options: dict[str, Any]) -> None:
        try:
            lines = path.read_text("utf-8-sig").splitlines(keepends=True)
            reader = csv.DictReader(lines, strict=True)
            head, rows = list(reader.fieldnames or ()), list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(
                _("读不了%(file)s：%(why)s") % {"file": path, "why": error}
            ) from None
        columns = [_column(head, names, path) for names in (STARTS, LENGTHS, UNITS)]
        edition = next((name for name in EDITIONS if name in head), None)
        calendars: dict[str, Calendar] = {}
        for number, row in enumerate(rows, 2):
            name = (row.get(edition) or options["edition"]) if edition else options["edition"]
            try:
                if name not in calendars:
                    calendars[name] = self._calendar(name)
                said = [row[column] or "" for column in columns]
                found = _reckon(
                    calendars[name], said[0], said[1], said[2], received=options["received"]
                )
                row["due"] = _said(found)
            except ValueError as error:
                raise CommandError(f"{path}:{number}: {error}") from None
        self._write([*head, *(["due"] if "due" not in head else [])], rows)

    def _write(self, head: Sequence[str], rows: list[dict[str, Any]]) -> None:
        made = io.StringIO()
        writer = csv.DictWriter(made, head, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.stdout.write(made.getvalue(), ending="")


def _folder(county: str | None) -> Path:
    if county is None:
        return Path(settings.COUNTY_PACK)
    folder = settings.BASE_DIR / "counties" / county
    if not PLACE.fullmatch(county) or not (folder / "calendar").is_dir():
        raise CommandError(_("没有这个县的资料：%(county)s") % {"county": county})
    return folder


def _column(head: Sequence[str], names: Sequence[str], path: Path) -> str:
    for name in names:
        if name in head:
            return name
    raise CommandError(_("%(file)s 缺少列 %(column)s") % {"file": path, "column": names[0]})


def _reckon(calendar: Calendar, start: str, length: str, unit: str, *, received: bool) -> Reckoning:
    try:
        day = date.fromisoformat(start.strip())
    except ValueError:
        raise ValueError(_("“%(day)s”不是日期，应写作 2018-06-15") % {"day": start}) from None
    if not length.strip().lstrip("-").isdecimal():
        raise ValueError(_("“%(length)s”不是整数") % {"length": length})
    return reckon(calendar, day, int(length), unit, received=received)


def _said(found: Reckoning) -> str:
    return found.due.isoformat() if found.due else GAP
