"""Reading a county pack from its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from approvals.rules.questionnaire import ItemRow, MaterialRow, QuestionRow
from core.deadlines.calendar import CalendarEditionData
from desk.rules.pack import county as county_file
from desk.rules.pack import outline as outline_file
from desk.rules.pack.calendars import calendar_files, calendars_from
from desk.rules.pack.checks import Checker
from desk.rules.pack.columns import TABLES
from desk.rules.pack.faults import Fault, PackError
from desk.rules.pack.rulebook import Rule, rules_from
from desk.rules.pack.tables import Row, read_table
from desk.rules.pack.tolerance import grounds_of, never_tolerated

LACKING = "lacking"  # in the profile of the county: the files that its pack has not


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that passed every check. Rows are as in the files; the typed forms are beside them."""

    county: Mapping[str, Any]
    regions: tuple[Row, ...]
    departments: tuple[Row, ...]
    industries: tuple[Row, ...]
    questions: tuple[Row, ...]
    catalogue: tuple[Row, ...]
    materials: tuple[Row, ...]
    documents: tuple[Row, ...]
    rulebook: tuple[Row, ...]
    excuses: tuple[Row, ...]
    survey: tuple[Row, ...]
    clauses: tuple[Row, ...]
    nodes: tuple[Row, ...]
    openness: tuple[Row, ...]
    mailbox: tuple[Row, ...]
    satisfaction: tuple[Row, ...]
    calendars: tuple[CalendarEditionData, ...]
    digests: Mapping[str, str]
    outline: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Which files that came later the pack has not, each with what that means, in the language of the page."""
        return lacking_in_words(self.lacking_files)

    @property
    def lacking_files(self) -> tuple[str, ...]:
        """Which files that came later the pack has not, by name."""
        return tuple(
            table.file for table in TABLES if table.lacking and table.file not in self.digests
        )

    @property
    def question_rows(self) -> tuple[QuestionRow, ...]:
        return tuple(QuestionRow.from_row(row) for row in self.questions)

    @property
    def item_rows(self) -> tuple[ItemRow, ...]:
        return tuple(ItemRow.from_row(row) for row in self.catalogue)

    @property
    def material_rows(self) -> tuple[MaterialRow, ...]:
        return tuple(MaterialRow.from_row(row, i) for i, row in enumerate(self.materials, 1))

    @property
    def rules(self) -> Mapping[str, Rule]:
        return rules_from(self.rulebook)

    @property
    def digest(self) -> str:
        return self.digest_of(*self.digests)

    def digest_of(self, *names: str) -> str:
        """SHA-256 over these files of the pack, by name, so that an edition knows its own sources."""
        there = sorted(name for name in names if name in self.digests)
        lines = "".join(f"{name}\0{self.digests[name]}\n" for name in there)
        return hashlib.sha256(lines.encode()).hexdigest()


def lacking_in_words(files: Collection[str]) -> tuple[str, ...]:
    """Return what it means that a pack has none of these files, in the language of the page."""
    return tuple(
        _("县包没有%(file)s：%(then)s。") % {"file": table.file, "then": table.lacking}
        for table in TABLES
        if table.file in files
    )


def read_pack(folder: Path) -> Pack:
    """Raises PackError with every fault found; a pack with one fault is refused whole."""
    faults: list[Fault] = []
    contents = _contents(folder, faults)
    tables: dict[str, list[Row]] = {
        table.file: [] for table in TABLES if table.lacking and table.file not in contents
    }
    for table in TABLES:
        if table.file in contents:
            rows = read_table(table, contents[table.file], faults)
            if rows is not None:
                tables[table.file] = rows
    Checker(tables, faults).run()
    county: Mapping[str, Any] = {}
    if county_file.FILE in contents:
        county = county_file.read_county(contents[county_file.FILE], tables, faults)
        never_tolerated(tables.get("materials.csv", ()), grounds_of(county), faults)
    calendars = calendars_from(contents, faults)
    outline: Mapping[str, Any] = {}
    if outline_file.FILE in contents:
        outline = outline_file.read_outline(contents[outline_file.FILE], faults)
    if faults:
        raise PackError(faults)
    return Pack(
        county=county,
        **{table.file.removesuffix(".csv"): tuple(tables[table.file]) for table in TABLES},
        calendars=calendars,
        digests={name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
        outline=outline,
    )


def _contents(folder: Path, faults: list[Fault]) -> dict[str, bytes]:
    """The bytes of every file of the pack by its name inside the folder."""
    names = [table.file for table in TABLES] + [county_file.FILE]
    later = {table.file for table in TABLES if table.lacking}
    contents: dict[str, bytes] = {}
    for name in names:
        try:
            contents[name] = (folder / name).read_bytes()
        except OSError:
            if name in later and not (folder / name).exists():
                continue
            faults.append(Fault(name, 1, "-", _("缺少此文件或无法读取")))
    if (folder / outline_file.FILE).exists():
        contents[outline_file.FILE] = (folder / outline_file.FILE).read_bytes()
    for path in calendar_files(folder):
        contents[f"calendar/{path.name}"] = path.read_bytes()
    return contents
