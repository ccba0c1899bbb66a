"""The past cases under other rules: manage.py what_if --set P5b=5."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.deadlines.queries import NoEdition
from desk.queries.what_if import Report, asked_by, county_files, files_in, what_if
from desk.queries.what_if.words import ASSUMPTIONS, FIGURES, WHAT, Line, Words, csv_of
from desk.rules.pack import PackError
from desk.rules.what_if import Asked, catalogue_from, rulebook_from

MOVED = gettext_lazy(
    "  %(what)s：提前%(earlier)s件，推后%(later)s件，中位数%(median)s个工作日，最多%(most)s个"
)
LOAD = gettext_lazy(
    "  %(who)s：应表态 %(asked_before)s → %(asked)s，默认 %(defaults_before)s → %(defaults)s，"
    "占用工作日 %(days_before)s → %(days)s"
)


class Command(BaseCommand):
    """Reads and reckons; the database refuses every change meanwhile."""

    help = (
        "Replay the past cases under other rules and show what would have been different: "
        "manage.py what_if --set P5b=5 --set C05.opinion_default=escalate | --rulebook FILE | --catalogue DIR"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a whole rulebook or single numbers, a whole catalogue or single cells."""
        parser.add_argument("--rulebook", type=Path, help="a rulebook.csv")
        parser.add_argument(
            "--catalogue", type=Path, help="a folder with catalogue.csv, and questions.csv where they are others"
        )  # fmt: skip
        parser.add_argument(
            "--set", action="append", default=[], metavar="P5b=5",
            help="one number, one cell of the catalogue (C05.opinion_default=escalate), or an item out (C05=-)",
        )  # fmt: skip
        parser.add_argument("--csv", type=Path, help="write every difference into this file")
        parser.add_argument("--most", type=int, default=20, help="how many differences to print")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the summary and the first differences; refuse what is not a rulebook or a catalogue."""
        try:
            asked = self._asked(options)
            report = what_if(asked, clock.now())
        except PackError as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from None
        except NoEdition:
            raise CommandError(_("还没有载入县规则。")) from None
        self._print(report, options["most"])
        if options["csv"]:
            options["csv"].write_text(csv_of(Words(report).lines()), encoding="utf-8", newline="")

    def _asked(self, options: dict[str, Any]) -> Asked:
        asked = asked_by(options["set"], clock.now())
        numbers, catalogue = dict(asked.numbers), asked.catalogue
        if options["rulebook"]:
            numbers = {**rulebook_from(_read(options["rulebook"])), **numbers}
        if options["catalogue"]:
            if catalogue is not None:
                raise CommandError(_("目录要么整份给，要么逐格改，不能同时。"))
            catalogue = catalogue_from(files_in(options["catalogue"]), county_files())
        if not numbers and catalogue is None and not asked.service:
            raise CommandError(_("请写明要改什么：--set、--rulebook 或者 --catalogue。"))
        return Asked(numbers, catalogue, asked.service)

    def _print(self, report: Report, most: int) -> None:
        words = Words(report)
        for row in words.changed():
            self.stdout.write("{code} {name}：{before} → {after}".format(**row))
        for said in (*words.cells(), "", *(f"- {one}" for one in ASSUMPTIONS), ""):
            self.stdout.write(str(said))
        counts = {"cases": report.cases, "slots": report.slots, "touched": report.touched}
        self.stdout.write(
            _("申报件%(cases)s件，意见%(slots)s项；%(touched)s件有变化。") % counts
            + _("按原规则复算与记录不符：%(wrong)s处。") % {"wrong": len(report.mismatches)}
        )
        for figure in report.figures:
            self.stdout.write(f"  {FIGURES[figure.name]}\t{figure.before} → {figure.after}")
        self._dates(report)
        self._lines(words.lines(), most)

    def _dates(self, report: Report) -> None:
        for moved in report.moves:
            self.stdout.write(MOVED % {**asdict(moved), "what": WHAT[moved.what]})
        for load in report.loads:
            if load.differs:
                before = {f"{name}_before": n for name, n in asdict(load.before).items()}
                who = report.names.get(load.department, load.department)
                self.stdout.write(LOAD % {**before, **asdict(load.after), "who": who})

    def _lines(self, lines: list[Line], most: int) -> None:
        for line in lines[:most]:
            where = " ".join(filter(None, (line.project, line.department, line.what)))
            because = "；".join(line.rules)
            self.stdout.write(f"{where}：{line.before} → {line.after}（{because}）")
        if len(lines) > most:
            self.stdout.write(_("……共%(n)s处变化") % {"n": len(lines)})


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise CommandError(_("读不了%(file)s") % {"file": path}) from None
